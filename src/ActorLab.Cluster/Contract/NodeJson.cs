using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorLab.Cluster;

/// <summary>How control ports write JSON: camel case, enums by name.</summary>
public static class NodeJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>For requests, whose size the control port bounds: only what JSON itself demands is escaped.</summary>
    public static readonly JsonSerializerOptions RequestOptions = new(Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>A fault plan as JSON: <c>{"version": 3, "cuts": ["n1>n2"]}</c>.</summary>
public sealed record FaultPlanJson(long Version, IReadOnlyList<string> Cuts)
{
    public static FaultPlanJson Of(FaultPlan plan) => new(plan.Version, [.. plan.Cuts.Select(cut => cut.ToString())]);

    /// <exception cref="FormatException">A cut is not written as <c>n1>n2</c>.</exception>
    public FaultPlan ToPlan() => new(Version, (Cuts ?? []).Select(Link.Parse).ToSet());
}

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

/// <summary>What of a fault plan nodes obey, as JSON: <c>{"version": 3, "cuts": ["n1>n2"]}</c>.</summary>
public sealed record FaultPlanJson(long Version, IReadOnlyList<string> Cuts)
{
    /// <summary>More than a list of people may have: a plan that is played has some beside them.</summary>
    public const int MostRules = 4 * LinkRule.MostRules;

    /// <summary>As in the file of a plan; null for none.</summary>
    public JsonElement? Messages { get; init; }

    /// <inheritdoc cref="Messages" />
    public JsonElement? Links { get; init; }

    public static FaultPlanJson Of(FaultPlan plan) => new(plan.Version, [.. plan.Cuts.Select(cut => cut.ToString())])
    {
        Messages = plan.Messages.IsEmpty ? null : JsonSerializer.SerializeToElement(plan.Messages, FaultJson.Options),
        Links = plan.Links.IsEmpty ? null : JsonSerializer.SerializeToElement(plan.Links, FaultJson.Options),
    };

    /// <exception cref="FormatException">A cut is not written as <c>n1>n2</c>, or rules make no sense.</exception>
    public FaultPlan ToPlan()
    {
        var plan = new FaultPlan(Version, (Cuts ?? []).Select(Link.Parse).ToSet())
        {
            Messages = Read<LinkFaults>(Messages, "messages"),
            Links = Read<LinkRule>(Links, "links"),
        };
        return plan.Links.Count > MostRules
                ? throw new FormatException($"The plan has {plan.Links.Count} rules for links; at most {MostRules} are allowed.")
            : MistakeOf(plan) is { } mistake ? throw new FormatException($"The fault plan makes no sense: {mistake}")
            : plan;
    }

    private static string? MistakeOf(FaultPlan plan) => FaultJson.Mistake(plan with { Links = [] })
        ?? plan.Links.Select(rule => rule.Mistake() is { } mistake ? $"{rule.Id}: {mistake}" : null).FirstOrDefault(mistake => mistake is not null);

    private static Seq<T> Read<T>(JsonElement? list, string name)
    {
        try
        {
            return list is { ValueKind: not JsonValueKind.Null } given ? given.Deserialize<Seq<T>>(FaultJson.Options) : [];
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new FormatException($"{name} of the fault plan cannot be read: {JsonShape.Sentence(error)}");
        }
    }
}

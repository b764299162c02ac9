using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace ActorLab.Cluster;

/// <summary>
/// The node in numbers, as instruments of OpenTelemetry; <c>GET /metrics</c> has them in the form of Prometheus. All but the
/// durations are read when somebody asks.
/// </summary>
internal sealed class NodeMetrics
{
    public const string MeterName = "ActorLab";

    private readonly LabNode _node;
    private readonly ScenarioCatalogue _catalogue;

    public NodeMetrics(LabNode node, ScenarioCatalogue catalogue, IMeterFactory meters)
    {
        (_node, _catalogue) = (node, catalogue);
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter("actorlab.turns", () => ByRole(role => role.Counts.Turns, "input"), "{turn}", "Turns, by what started them.");
        meter.CreateObservableCounter("actorlab.messages.sent", () => ByRole(role => role.Counts.Sent, "type"), "{message}", "Messages that left a role.");
        meter.CreateObservableCounter("actorlab.messages.received", () => ByRole(role => role.Counts.Received, "type"), "{message}", "Messages and operations that came to a role.");
        meter.CreateObservableCounter("actorlab.role.changes", () => ByRole(role => role.Counts.Changes, "to"), "{change}", "How often a role became what, such as a leader.");
        meter.CreateObservableCounter("actorlab.disk.syncs", () => ByRole(role => role.Commits), "{sync}", "Journal events that were made durable.");
        meter.CreateObservableCounter("actorlab.disk.turns", () => ByRole(role => role.DurableTurns), "{turn}", "Turns with a changed disk in those events.");
        meter.CreateObservableCounter("actorlab.links.redials", () => _node.Started ? _node.Links.Redials : 0, "{redial}", "How often connections with a peer were given up because the link carried nothing though not cut.");
        meter.CreateObservableGauge("actorlab.role.running", () => ByRole(role => role.Running ? 1 : 0), description: "1 while the role runs, 0 while it is down or halted.");
        meter.CreateObservableGauge("actorlab.role.fact", Facts, description: "Numbers of a role's state, such as its term and its commit index.");
        meter.CreateObservableGauge("actorlab.role.word", Words, description: "1 for the words of a role's state, such as leader.");
    }

    public static void AddTo(IServiceCollection services) => services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddMeter(MeterName, "System.Runtime").AddPrometheusExporter());

    private IEnumerable<Measurement<long>> ByRole(Func<HostedRole, long> value) =>
        Roles().Select(of => new Measurement<long>(value(of.Role), Tags(of)));

    private IEnumerable<Measurement<long>> ByRole(Func<HostedRole, IEnumerable<(string, long)>> values, string tag) =>
        Roles().SelectMany(of => values(of.Role).Select(value => new Measurement<long>(value.Item2, [.. Tags(of), new(tag, value.Item1)])));

    private IEnumerable<Measurement<double>> Facts() => Inspected().SelectMany(of => of.Facts
        .Select(fact => (fact.Key, Number: AsNumber(fact.Value)))
        .Where(fact => fact.Number is not null)
        .Select(fact => new Measurement<double>(fact.Number!.Value, [.. of.Tags, new("fact", fact.Key)])));

    private IEnumerable<Measurement<long>> Words() => Inspected().SelectMany(of => of.Facts
        .Where(fact => fact.Value is string)
        .Select(fact => new Measurement<long>(1, [.. of.Tags, new("fact", fact.Key), new("is", fact.Value)])));

    private static double? AsNumber(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        int number => number,
        long number => number,
        double number => number,
        _ => null,
    };

    private IEnumerable<(KeyValuePair<string, object?>[] Tags, IReadOnlyDictionary<string, object?> Facts)> Inspected()
    {
        foreach (var of in Roles())
        {
            if (of.Role.DurableState is { } state
                && _catalogue.Find(of.Scenario.Name).Inspectors.TryGetValue(of.Role.Address.Role, out var inspect))
            {
                yield return (Tags(of), inspect(state));
            }
        }
    }

    private IEnumerable<(HostedScenario Scenario, HostedRole Role)> Roles() =>
        _node.Scenarios.SelectMany(scenario => scenario.Roles.Select(role => (scenario, role)));

    private static KeyValuePair<string, object?>[] Tags((HostedScenario Scenario, HostedRole Role) of) =>
        [new("scenario", of.Scenario.Name), new("role", of.Role.Address.Role)];
}

/// <summary>What takes how long, as it happens.</summary>
internal static class Timings
{
    private static readonly Meter Meter = new(NodeMetrics.MeterName);

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    /// <summary>By scenario and role.</summary>
    public static Histogram<double> Sync { get; } = Meter.CreateHistogram<double>(
        "actorlab.disk.sync.duration", "s", "From the hand-over of a journal event until it is durable.", advice: Seconds);

    /// <summary>By role and outcome.</summary>
    public static Histogram<double> Operation { get; } = Meter.CreateHistogram<double>(
        "actorlab.operation.duration", "s", "From a user's operation at this node to its answer.", advice: Seconds);
}

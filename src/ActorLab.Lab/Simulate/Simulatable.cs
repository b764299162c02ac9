using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A kind of scenarios that the simulator runs.</summary>
/// <param name="Family">The scenarios: those of <c>lab check</c>, and mutants.</param>
/// <param name="Load">What users ask for as long as a run lasts; null where the scenario's own workload is all.</param>
/// <param name="Liveness">What must come true in the quiet part, beside the scenario's own properties.</param>
public sealed record Simulatable(ScenarioFamily Family, Func<Scenario, ClientLoad?> Load, Seq<Property> Liveness)
{
    /// <summary>What judges the history of its clients.</summary>
    public Seq<HistoryJudge> Judges { get; init; }

    /// <summary>All there are, by name.</summary>
    public static IReadOnlyList<Simulatable> All { get; } =
    [
        .. Checkable.All.Select(checkable => checkable.Family).OfType<ScenarioFamily>()
            .Concat([RaftMutants.CountsOldTermsFamily, RaftMutants.ForgetsItsVoteFamily])
            .DistinctBy(family => family.Name)
            .OrderBy(family => family.Name, StringComparer.Ordinal)
            .Select(Of),
    ];

    /// <exception cref="BadInput">There is none of this name; the sentence lists the known ones.</exception>
    public static Simulatable Find(string name) =>
        All.FirstOrDefault(known => known.Family.Name == name)
        ?? throw new BadInput(Checkable.All.Any(known => known.Name == name)
            ? $"{name} is a model over shared variables: it has no nodes and no messages to simulate. lab check {name} explores it."
            : Suggest.Unknown("scenario", name, All.Select(known => known.Family.Name)));

    private static Simulatable Of(ScenarioFamily family)
    {
        var isRaft = family.Name == RaftScenario.Name || family.Name.StartsWith($"{RaftScenario.Name}-", StringComparison.Ordinal);
        return new Simulatable(family, scenario => isRaft ? KeyValueLoad(scenario) : null, isRaft ? RaftLiveness.All : []);
    }

    /// <summary>Every kind of command on a few keys; each write has a value of its own, so that a judge can tell them apart.</summary>
    private static ClientLoad KeyValueLoad(Scenario scenario) => new(
        [.. scenario.Nodes.Select(node => new Address(node, RaftServer.ClientRoleName))],
        (random, client, number) =>
        {
            var (key, value) = ($"k{random.Next(3)}", $"{client.Node}-{number}");
            KvCommand command = random.Next(10) switch
            {
                < 3 => new KvCommand.Put(key, value),
                < 5 => new KvCommand.Append(key, value),
                5 => new KvCommand.CompareAndSet(key, random.Next(2) == 0 ? null : $"{client.Node}-{number - 1}", value),
                6 => new KvCommand.Delete(key),
                _ => new KvCommand.Get(key),
            };
            return new RaftMessage.Invoke(number, command, TimeSpan.FromSeconds(5));
        })
    {
        FirstNumber = scenario.Workload.Count + 1,
        Think = Wait.Millis(1, 60),
    };
}

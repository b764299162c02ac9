using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Algorithms.Raft;
using ActorLab.Algorithms.Termination;
using ActorLab.Checking;
using ActorLab.Cluster.Crdt;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A kind of scenarios that the simulator runs.</summary>
/// <param name="Family">The scenarios: those of <c>lab check</c>, and mutants.</param>
/// <param name="Load">What users ask for as long as a run lasts; null where the scenario's own workload is all.</param>
/// <param name="Promises">What must be true of histories and come true in the quiet part, beside the scenario's own properties.</param>
public sealed record Simulatable(ScenarioFamily Family, Func<Scenario, ClientLoad?> Load, Func<ScenarioArguments, Seq<Property>> Promises)
{
    // First, for what follows reads them.
    /// <summary>A history that takes longer is not judged: a few hundred operations take milliseconds.</summary>
    private static readonly LinearizabilityOptions PerRun = new() { TimeLimit = TimeSpan.FromSeconds(20), MemoryBytes = 256 << 20 };

    private static readonly Store[] Stores =
    [
        new(
            RaftScenario.Name, RaftServer.ClientRoleName,
            (number, command, limit) => new RaftMessage.Invoke(number, command, limit), RaftLiveness.All),
        new(
            MultiPaxosScenario.Name, MultiPaxosPlaces.ClientRole,
            (number, command, limit) => new MultiPaxosMessage.Invoke(number, command, limit), MultiPaxosLiveness.All),
    ];

    /// <summary>The histories of the key-value store are judged in every run.</summary>
    public static Property.OfHistory Linearizability { get; } = new(
        Mutant.Linearizability,
        "Every operation of a client takes effect at one moment between its invocation and its completion.",
        history => JudgementOf(history, PerRun));

    /// <summary>What the judge makes of a history of the key-value store.</summary>
    public static HistoryJudgement JudgementOf(History history, LinearizabilityOptions limits)
    {
        // What whoever runs the servers asks for is no part of it.
        history = new History(Core.Seq.ToSeq(history.Operations.Where(one => one.Command is KvCommand)));
        var result = LinearizabilityChecker.Check(history, KvStoreModel.Instance, limits);
        if (result.Culprit is not { Broken: { } broken } culprit)
        {
            return new HistoryJudgement(null, result.Verdict == LinearizabilityVerdict.Linearizable ? null : result.Reason ?? "The judge came to no end.");
        }

        // What was open when the stray answer came counts with the answer that it got later.
        var stray = history.Operations[broken.Operation];
        var at = history.Operations.Where(one => one.InvokedAt <= stray.CompletedAt).Max(one => one.CompletedAt) ?? stray.InvokedAt;
        return new HistoryJudgement(new HistoryFault(
            $"{KvStoreModel.Instance.Describe(stray)} of {stray.Client} finds no place behind {Counted.Of(culprit.Order.Count, "operation")} on "
            + $"{culprit.Object ?? "all keys"}: no order explains all answers.",
            at));
    }

    /// <summary>How a scenario of this kind is run: with its own properties and its users', who ask until most of the quiet part is over.</summary>
    public SimulationOptions OptionsFor(
        Scenario scenario, ScenarioArguments arguments, FaultOptions faults, TimeSpan time, TimeSpan quiet, int users = 1) =>
        new()
        {
            VirtualTime = time,
            Quiet = quiet,
            MaxTurns = long.MaxValue,
            Faults = faults,
            ClockError = FaultList.ClockErrorOf(faults),
            Properties = scenario.Properties.AddRange(Promises(arguments)),
            Clients = Load(scenario) is { } load ? load with { Users = users, Until = time - (quiet / 4) } : null,
        };

    /// <summary>All there are, by name.</summary>
    public static IReadOnlyList<Simulatable> All { get; } =
    [
        .. Checkable.All.Select(checkable => checkable.Family).OfType<ScenarioFamily>()
            .OrderBy(family => family.Name, StringComparer.Ordinal)
            .Select(Of),
    ];

    /// <summary>The wrong variants, such as <c>raft:forgets-its-vote</c>.</summary>
    public static IReadOnlyList<Simulatable> Mutants { get; } = [.. MutantList.All.Select(mutant => Of(mutant.Family))];

    /// <exception cref="BadInput">There is none of this name; the sentence lists the known ones.</exception>
    public static Simulatable Find(string name) =>
        All.Concat(Mutants).FirstOrDefault(known => known.Family.Name == name)
        ?? throw new BadInput(Checkable.All.Any(known => known.Name == name)
            ? $"{name} is a model over shared variables: it has no nodes and no messages to simulate. lab check {name} explores it."
            : Suggest.Unknown("scenario", name, MutantList.NamesLike(name, All.Select(known => known.Family.Name))));

    private static Simulatable Of(ScenarioFamily family)
    {
        var algorithm = family.Name.Split(':')[0];
        var store = Stores.FirstOrDefault(known => known.Name == algorithm);
        return store is null
            ? new Simulatable(
                family,
                scenario => algorithm == CommitScenario.Name ? CommitLoad.Of(scenario)
                    : algorithm == CrdtScenario.Name ? CrdtLoad.Of(scenario)
                    : algorithm == TerminationScenario.Name ? BankLoad.OfWork(scenario)
                    : BankLoad.Of(family, scenario),
                _ => [])
            : new Simulatable(
                family,
                scenario => scenario.Placements.Any(placement => placement.Address.Role == store.ClientRole)
                    ? KeyValueLoad(scenario, store)
                    : null,
                given => given["hurry"] == 1 ? [Linearizability] // with timeouts that delays exceed no leader stays
                    : [.. store.Liveness, Linearizability]);
    }

    /// <summary>An algorithm that replicates the key-value store.</summary>
    /// <param name="Name">Of its scenarios.</param>
    /// <param name="ClientRole">The role that users ask.</param>
    /// <param name="Invoke">Words an operation for it: its number, the command, and how long the user waits.</param>
    /// <param name="Liveness">What it promises once all is quiet.</param>
    private sealed record Store(
        string Name, string ClientRole, Func<long, KvCommand, TimeSpan, object> Invoke, Seq<Property> Liveness);

    /// <summary>Every kind of command on a few keys; each write has a value of its own, so that a judge can tell them apart.</summary>
    private static ClientLoad KeyValueLoad(Scenario scenario, Store store) => new(
        [.. scenario.Placements.Select(placement => placement.Address).Where(address => address.Role == store.ClientRole)],
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
            return store.Invoke(number, command, TimeSpan.FromSeconds(5));
        })
    {
        FirstNumber = scenario.Workload.Count + 1,
        Think = Wait.Millis(1, 60),
    };
}

using System.Text.Json.Serialization;
using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.Raft;
using ActorLab.Algorithms.RotatingCoordinator;
using ActorLab.Algorithms.Termination;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Cluster.Crdt;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Lab;

/// <summary>Which network and which faults a scenario gets instead of its own; null where its own stays.</summary>
public sealed record CheckWorld
{
    public bool Lossy { get; init; }

    public bool Duplicating { get; init; }

    public bool Fifo { get; init; }

    public bool NoOpsStay { get; init; }

    public bool LastDelivered { get; init; }

    public bool OneCopy { get; init; }

    public int? Crashes { get; init; }

    public int? Drops { get; init; }

    public int? Duplicates { get; init; }

    /// <summary>Whether anything is asked for.</summary>
    [JsonIgnore]
    public bool IsGiven => this != new CheckWorld();

    public Scenario ApplyTo(Scenario scenario) => scenario with
    {
        RoundsCommute = scenario.RoundsCommute && !IsGiven, // Where messages meet other fates all orders are tried.
        Network = scenario.Network with
        {
            Lossy = scenario.Network.Lossy || Lossy,
            Duplicating = scenario.Network.Duplicating || Duplicating,
            FifoPerLink = scenario.Network.FifoPerLink || Fifo,
            NoOpDeliversStay = scenario.Network.NoOpDeliversStay || NoOpsStay,
            LastDeliveredCounts = scenario.Network.LastDeliveredCounts || LastDelivered,
            OneCopy = scenario.Network.OneCopy || OneCopy,
        },
        Faults = new FaultBudget(
            Crashes ?? scenario.Faults.Crashes, Drops ?? scenario.Faults.Drops, Duplicates ?? scenario.Faults.Duplicates),
    };
}

/// <summary>One thing that can be checked, with its parameters filled in.</summary>
/// <param name="Properties">What it claims.</param>
/// <param name="Check">Explores it.</param>
/// <param name="Replay">Takes the steps of a story again.</param>
public sealed record CheckTarget(
    Seq<Property> Properties, Func<CheckOptions, CheckResult> Check, Func<Seq<int>, int?, Replayed> Replay)
{
    /// <summary>Computes valencies; null for what is no consensus scenario.</summary>
    public Func<CheckOptions, ValencyResult>? Valency { get; init; }

    /// <summary>Of a consensus scenario what an undecided run breaks, and by which fairness.</summary>
    public (Property.Temporal Claim, Seq<Fairness> Fairness)? Undecided { get; init; }

    /// <summary>What is checked; null for a model over shared variables.</summary>
    public Scenario? Scenario { get; init; }
}

/// <summary>A kind of scenarios or models.</summary>
/// <param name="Name">As <c>lab check</c> takes it.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Parameters">What <c>--set</c> takes.</param>
/// <param name="HasRoles">Whether it has a network and nodes.</param>
/// <param name="Build">Fills in.</param>
public sealed record Checkable(
    string Name, string Summary, string Source, Seq<ScenarioParameter> Parameters, bool HasRoles,
    Func<ScenarioArguments, CheckWorld, CheckTarget> Build)
{
    /// <summary>The scenarios that it is made of; null for a model over shared variables.</summary>
    public ScenarioFamily? Family { get; init; }

    /// <summary>All there are, by name.</summary>
    public static IReadOnlyList<Checkable> All { get; } =
    [
        .. new[]
        {
            Of(GeneralsScenario.Family, "Lamport, Shostak and Pease, The Byzantine Generals Problem, 1982, section 3"),
            Of(
                GeneralsScenario.AgreementFamily,
                "Pease, Shostak and Lamport, Reaching Agreement in the Presence of Faults, 1980"),
            Of(SignedScenario.Family, "Lamport, Shostak and Pease, The Byzantine Generals Problem, 1982, section 4"),
            Of(CampScenario.Family, "Lamport, Shostak and Pease, The Byzantine Generals Problem, 1982, sections 3 and 4"),
            Of(BenOrScenario.Family, "Ben-Or, Another Advantage of Free Choice, 1983"),
            Of(FirstComeScenario.Family, "Fischer, Lynch and Paterson, Impossibility of Distributed Consensus with One Faulty Process, 1985"),
            Of(CommitScenario.Family, "Bernstein, Hadzilacos and Goodman, Concurrency Control and Recovery in Database Systems, 1987, chapter 7"),
            Of(CrdtScenario.Family, "Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, 2011"),
            Of(CoordinatorScenario.Family, "Mostefaoui and Raynal, Solving Consensus Using Unreliable Failure Detectors, 1999"),
            Of(WaitForAllScenario.Family, "Fischer, Lynch and Paterson, Impossibility of Distributed Consensus with One Faulty Process, 1985"),
            Of(PaxosScenario.Family, "Lamport, Paxos Made Simple, 2001"),
            Of(PaxosDuel.Family, "Lamport, Paxos Made Simple, 2001, section 2.4"),
            Of(MultiPaxosScenario.Family, "Lamport, Paxos Made Simple, 2001, section 3"),
            Of(PingPongScenario.Family, "stateright/stateright, src/actor/actor_test_util.rs"),
            Of(SnapshotScenario.Family, "Chandy and Lamport, Distributed Snapshots: Determining Global States of Distributed Systems, 1985"),
            Of(TerminationScenario.Family, "Chandy and Lamport, Distributed Snapshots: Determining Global States of Distributed Systems, 1985, section 5"),
            Of(LaiYangScenario.Family, "Lai and Yang, On Distributed Snapshots, 1987"),
            Of(RaftScenario.Family, "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, 2014"),
        }.Concat(RegisterModels.All.Select(model => Of(model.Family, model.Source))).Concat(ModelList.All.Select(Of)).OrderBy(checkable => checkable.Name, StringComparer.Ordinal),
    ];

    /// <summary>The wrong variants, such as <c>raft:forgets-its-vote</c>.</summary>
    public static IReadOnlyList<Checkable> Mutants { get; } =
        [.. MutantList.All.Select(mutant => Of(mutant.Family, mutant.Where))];

    /// <exception cref="BadInput">There is none of this name; the sentence lists the known ones.</exception>
    public static Checkable Find(string name) =>
        All.Concat(Mutants).FirstOrDefault(known => known.Name == name)
        ?? throw new BadInput(Suggest.Unknown(
            "model", name, MutantList.NamesLike(name, All.Select(known => known.Name))));

    /// <exception cref="BadInput">Values that do not fit.</exception>
    public CheckTarget With(IReadOnlyDictionary<string, int> values, CheckWorld world)
    {
        if (!HasRoles && world.IsGiven)
        {
            throw new BadInput($"{Name} is a model over shared variables: it has no messages and no nodes, so no faults of theirs.");
        }

        var arguments = ArgumentsOf(Name, Parameters, values);
        try
        {
            return Build(arguments, world);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new BadInput(error.Message);
        }
    }

    /// <summary>The parameters, filled in.</summary>
    /// <exception cref="BadInput">An unknown name, or a value out of range.</exception>
    public static ScenarioArguments ArgumentsOf(
        string name, Seq<ScenarioParameter> parameters, IReadOnlyDictionary<string, int> values)
    {
        if (values.Keys.FirstOrDefault(key => parameters.All(known => known.Name != key)) is { } unknown)
        {
            throw new BadInput(Suggest.Unknown($"parameter of {name}", unknown, parameters.Select(known => known.Name)));
        }

        try
        {
            return new ScenarioArguments(name, parameters, Map.Of<string, int>([.. values.Select(pair => (pair.Key, pair.Value))]));
        }
        catch (FormatException error)
        {
            throw new BadInput(error.Message);
        }
    }

    private static Checkable Of(ScenarioFamily family, string source) => new(
        family.Name, family.Summary, source, family.Parameters, HasRoles: true, (arguments, world) =>
        {
            var scenario = world.ApplyTo(family.Build(arguments));
            return new CheckTarget(
                scenario.Properties, options => ModelChecker.Check(scenario, options),
                (ordinals, loopsTo) => ModelChecker.Replay(scenario, ordinals, loopsTo))
            {
                Valency = scenario.Decision is null ? null : options => ModelChecker.Valency(scenario, options),
                Undecided = scenario.Decision is null ? null : ModelChecker.SomebodyDecides(scenario),
                Scenario = scenario,
            };
        })
    {
        Family = family,
    };

    private static Checkable Of(ModelFamily family) => new(
        family.Name, family.Summary, family.Source, family.Parameters, HasRoles: false, (arguments, _) =>
        {
            var model = family.Build(arguments);
            return new CheckTarget(
                model.Properties, options => ModelChecker.Check(model, options),
                (ordinals, loopsTo) => ModelChecker.Replay(model, ordinals, loopsTo));
        });
}

using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>
/// Section 2.4: two proposers that outbid each other for ever, and the cure, a distinguished proposer. Nothing is lost,
/// and proposers go on as soon as they hear of a higher number: no timer is in the way. A duel is looked at with one
/// acceptor: with more, what is under way to a slow one piles up while the others are fought over.
/// </summary>
public static class PaxosDuel
{
    public const string Name = "paxos-duel";

    public static readonly ScenarioFamily Family = new(
        Name,
        "Paxos without timers: proposers outbid each other for ever, unless one is distinguished.",
        [
            new ScenarioParameter("proposers", "how many proposers", 2, 1, 3),
            new ScenarioParameter("acceptors", "how many acceptors; a duel over more than 1 has no end of worlds", 1, 1, 5),
            new ScenarioParameter(
                "distinguished",
                "1: n1 goes on when its number is too low, the others may fail at any time; 0: all go on", 0, 0, 1),
            new ScenarioParameter("drift", "how many rounds of ballots may be apart in an exploration", 2, 1, 9),
        ],
        given => Of(given, acceptors => new Proposer(acceptors, 1, goesOn: true)));

    /// <summary>The mutant of the cure.</summary>
    public static Seq<Mutant> Mutants { get; } =
    [
        new(
            "gives-up", "Section 2.4: the distinguished proposer tries again with a higher number when its own is too low.",
            "Proposer.cs, NextBallot", ["A Value Is Chosen In The End"], Family with
            {
                Name = $"{Name}:gives-up",
                Summary = "Paxos with a distinguished proposer that does not try again: wrong on purpose.",
                Build = given => Of(given, acceptors => new Proposer(acceptors, 1)),
            }),
    ];

    private static Scenario Of(ScenarioArguments given, Func<Seq<Address>, Proposer> proposer)
    {
        var options = new PaxosOptions(given["proposers"], given["acceptors"], Learners: 0, Ballots: int.MaxValue);
        var right = PaxosScenario.Of(options, PaxosRoles.Right);
        var properties = new PaxosProperties(
            options, right.Workload.Select(operation => ((Propose)operation.Message).Value).ToSet());
        var acceptors = right.Placements.Select(placement => placement.Address).Where(at => at.Role == "acceptor").ToSeq();
        return right with
        {
            Name = Name,
            Placements = right.Placements.Select(placement => placement.Address.Role switch
            {
                "proposer" => placement with
                {
                    Role = RoleBinding.Of(given["distinguished"] == 0 || placement.Address.Node.Name == "n1"
                        ? proposer(acceptors)
                        : new Failing(acceptors)),
                },
                _ => placement with { Role = RoleBinding.Of(new Acceptor([], rejects: true)) },
            }).ToSeq(),
            Observers = [properties.Acceptances],
            Properties =
            [
                .. properties.All.Where(property => property is Property.Always && property.Name != "Truthful Learning"),
                properties.InTheEnd,
            ],
            Decision = null,
            Interchangeable = [],
            Network = new Network(NoOpDeliversVanish: true),
            Fairness = [Fairness.EveryDelivery, Fairness.EveryOperation],
            Normalisation = Rounds,
            Constraint = world => IsWithin(world, given["drift"]),
        };
    }

    /// <summary>One that is not distinguished: it tries once, and may fail before phase 2.</summary>
    private sealed class Failing(Seq<Address> acceptors) : Proposer(acceptors, 1)
    {
        protected override bool IsThere(Turn<PaxosMessage> turn) => turn.Choose([true, false]);
    }

    /// <summary>Rounds count from the lowest that is still in use: nothing depends on how many went by.</summary>
    private static Normalisation Rounds { get; } = new(LeastOf, (value, by) => value switch
    {
        ProposerState state =>
            state with { Disk = new ProposerDisk(state.Disk.Round - by), Highest = Less(state.Highest, by) },
        AcceptorState { Disk: var disk } =>
            new AcceptorState(new AcceptorDisk(Less(disk.Promised, by), Less(disk.Accepted, by))),
        Map<Ballot, Map<string, Set<Address>>> acceptances =>
            acceptances.ToMap(accepted => Less(accepted.Key, by), accepted => accepted.Value),
        Prepare prepare => new Prepare(Less(prepare.Number, by)),
        Promise promise => new Promise(Less(promise.Number, by), Less(promise.Highest, by)),
        Accept accept => new Accept(Less(accept.Proposal, by)),
        Rejected rejected => new Rejected(Less(rejected.Number, by), Less(rejected.Promised, by)),
        _ => value,
    });

    /// <summary>One less than the lowest round in a value, so that a base is left; null where it has none.</summary>
    private static int? LeastOf(object value)
    {
        int? least = value switch
        {
            ProposerState state => state.Disk.Round,
            AcceptorState { Disk: var disk } => LeastRoundOf(disk),
            Map<Ballot, Map<string, Set<Address>>> acceptances => acceptances.IsEmpty
                ? null
                : acceptances.Keys.First().Round,
            Prepare prepare => prepare.Number.Round,
            Promise promise => promise.Highest?.Number.Round ?? promise.Number.Round,
            Accept accept => accept.Proposal.Number.Round,
            Rejected rejected => rejected.Number.Round,
            _ => null,
        };
        return least is { } round ? Math.Max(0, round - 1) : null;
    }

    private static Ballot Less(Ballot number, int by) => number with { Round = number.Round - by };

    private static Ballot? Less(Ballot? number, int by) => number is { } known ? Less(known, by) : null;

    private static Proposal Less(Proposal proposal, int by) => proposal with { Number = Less(proposal.Number, by) };

    private static Proposal? Less(Proposal? proposal, int by) => proposal is { } known ? Less(known, by) : null;

    private static bool IsWithin(IWorld world, int drift)
    {
        var rounds = world.All<ProposerState>().Select(proposer => proposer.State.Disk.Round)
            .Concat(world.All<AcceptorState>().Select(acceptor => LeastRoundOf(acceptor.State.Disk))).ToList();
        return rounds.Max() - rounds.Min() <= drift;
    }

    private static int LeastRoundOf(AcceptorDisk disk) => disk.Accepted?.Number.Round ?? disk.Promised?.Round ?? 0;
}

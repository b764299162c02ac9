using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>
/// Wrong variants, each of which a property must catch: those of single-decree Paxos, and those of the log of slots.
/// </summary>
public static class MultiPaxosMutants
{
    private static readonly MultiPaxosRoles Right = MultiPaxosRoles.Right;

    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "forgets-its-promise", "Section 2.2: an acceptor remembers its promise even if it fails and then restarts.",
            "Acceptor.cs, Boot", [MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Acceptor = (_, options) => new Forgetful(options) }),
        Of(
            "takes-its-own-value",
            "Section 2.2, P2c: a proposer takes the value of the highest-numbered proposal that it hears of.",
            "Leader.Ballots.cs, CommandFor", [MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Leader = (places, options) => new Stubborn(places, options) }),
        Of(
            "reuses-its-ballot",
            "Section 2.5: a proposer remembers the highest number it used, and begins with a higher one.",
            "Leader.cs, Boot",
            [MultiPaxosRecord.OneValuePerBallot, MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Leader = (places, options) => new ReusesNumbers(places, options) }),
        Of(
            "quorum-of-half", "Section 2.2: a proposal needs a majority, for any two majorities have a member in common.",
            "Leader.cs, Majority",
            [
                MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency, MultiPaxosRecord.TruthfulLearning,
                MultiPaxosRecord.LedgersAgree,
            ],
            Right with { Leader = (places, options) => new Easygoing(places, options) }),
        Of(
            "accepts-below-its-promise",
            "Section 2.2, P1a: an acceptor accepts only what is numbered no lower than its promise.",
            "Acceptor.cs, MayAccept", [MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Acceptor = (_, options) => new AcceptsAnything(options) }),
        Of(
            "makes-up-a-value", "Section 2.1: only a value that has been proposed may be chosen.",
            "Leader.Ballots.cs, CommandFor", [MultiPaxosRecord.Nontriviality],
            Right with { Leader = (places, options) => new Inventive(places, options) }),
        Of(
            "shares-its-numbers", "Section 2.5: different proposers choose their numbers from disjoint sets.",
            "Leader.Ballots.cs, NumberOf",
            [MultiPaxosRecord.OneValuePerBallot, MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Leader = (places, options) => new SharesNumbers(places, options) }),
        Of(
            "learns-too-early", "Section 2.3: a value is chosen when a majority of acceptors has accepted it.",
            "Leader.Slots.cs, IsEnough", [MultiPaxosRecord.TruthfulLearning, MultiPaxosRecord.LedgersAgree],
            Right with { Leader = (places, options) => new Hasty(places, options) }),
        Of(
            "prepares-the-last-slot-only",
            "Section 3: a new leader executes phase 1 for all instances that it does not know to be chosen.",
            "Leader.Ballots.cs, CommandFor", [MultiPaxosRecord.ChosenStays, MultiPaxosRecord.Consistency],
            Right with { Leader = (places, options) => new LastSlotOnly(places, options) }),
        Of(
            "executes-over-a-gap", "Section 3: a command can be executed only when those in all slots before it have been.",
            "Learner.cs, Next", [MultiPaxosRecord.TruthfulLearning, MultiPaxosRecord.LedgersAgree],
            Right with { Learner = (places, options) => new Impatient(places, options) }),
        Of(
            "never-asks", "Section 2.3: a learner that missed something asks those who know.",
            "Learner.cs, AskAround", [MultiPaxosLiveness.LedgersFill.Name],
            Right with { Learner = (places, options) => new NeverAsks(places, options) }),
        Of(
            "leaves-gaps",
            "Section 3: a new leader proposes no-ops in the slots between, so that what is behind them can be executed.",
            "Leader.Ballots.cs, CommandFor", [MultiPaxosLiveness.LedgersFill.Name],
            Right with { Leader = (places, options) => new LeavesGaps(places, options) }),
        Of(
            "keeps-silent", "Section 2.4: for progress, the others must know that one proposer is distinguished.",
            "Leader.Slots.cs, SendHeartbeats", [MultiPaxosLiveness.ALeaderStays.Name, MultiPaxosLiveness.LedgersFill.Name],
            Right with { Leader = (places, options) => new Silent(places, options) }),
        Of(
            "reads-at-once",
            "Section 3 has reads in the log; a leader that leaves them out asks a majority first whether it still leads.",
            "Leader.Clients.cs, MayReadAtOnce", [Mutant.Linearizability],
            Right with { Leader = (places, options) => new ReadsAtOnce(places, options) }),
        Of(
            "applies-retries-again",
            "Raft thesis 6.3: a command that was executed already is answered without executing it again.",
            "Learner.cs, Find", [Mutant.Linearizability],
            Right with { Learner = (places, options) => new AppliesAgain(places, options) }),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, MultiPaxosRoles roles) => new(
        name, givesUp, where, breaks, MultiPaxosScenario.Family with
        {
            Name = $"{MultiPaxosScenario.Name}:{name}",
            Summary = $"Multi-Paxos, wrong on purpose: {name}.",
            Build = given => MultiPaxosScenario.With(given, roles),
        });

    private sealed class Forgetful(MultiPaxosOptions options) : Acceptor(options)
    {
        public override AcceptorState Boot(AcceptorDisk disk, Turn<MultiPaxosMessage> turn) =>
            new(disk with { Promised = disk.Votes.Max(vote => (Ballot?)vote.Number) });
    }

    private sealed class AcceptsAnything(MultiPaxosOptions options) : Acceptor(options)
    {
        protected override bool MayAccept(AcceptorDisk disk, Ballot number) => true;
    }

    private sealed class Stubborn(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override LogCommand CommandFor(long slot, long last, Vote? highest) => LogCommand.NoOp.Instance;
    }

    private sealed class ReusesNumbers(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        public override LeaderState Boot(LeaderDisk disk, Turn<MultiPaxosMessage> turn) => base.Boot(EmptyDisk, turn);
    }

    private sealed class SharesNumbers(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override Ballot NumberOf(int round, Address self) => new(round, Places.LeaderPlaces[0].Node);
    }

    private sealed class Easygoing(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override int Majority => Math.Max(1, base.Majority - 1);
    }

    private sealed class Inventive(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override LogCommand CommandFor(long slot, long last, Vote? highest) => new LogCommand.Operation(
            Places.LeaderPlaces[0], 0, -slot, 0, new KvCommand.Put("a better", "idea"));
    }

    private sealed class Hasty(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override bool IsEnough(Set<Address> accepted) => true;
    }

    /// <summary>Takes what it is told of the last slot, and thinks that nothing was chosen in those before.</summary>
    private sealed class LastSlotOnly(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override LogCommand CommandFor(long slot, long last, Vote? highest) =>
            slot == last ? base.CommandFor(slot, last, highest)! : LogCommand.NoOp.Instance;
    }

    private sealed class LeavesGaps(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override LogCommand? CommandFor(long slot, long last, Vote? highest) => highest?.Command;
    }

    private sealed class Silent(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override void SendHeartbeats(LeaderState leader, Turn<MultiPaxosMessage> turn)
        {
        }
    }

    private sealed class ReadsAtOnce(MultiPaxosPlaces places, MultiPaxosOptions options) : Leader(places, options)
    {
        protected override bool MayReadAtOnce => true;
    }

    /// <summary>Takes a slot of which it was not told for empty, once one behind it is chosen.</summary>
    private sealed class Impatient(MultiPaxosPlaces places, MultiPaxosOptions options) : Learner(places, options)
    {
        protected override ChosenAhead? Next(LearnerState state) =>
            base.Next(state) ?? (state.Ahead.IsEmpty ? null : new ChosenAhead(LogCommand.NoOp.Instance, false));
    }

    private sealed class NeverAsks(MultiPaxosPlaces places, MultiPaxosOptions options) : Learner(places, options)
    {
        protected override LearnerState AskAround(LearnerState state, Address leader, Turn<MultiPaxosMessage> turn) => state;
    }

    private sealed class AppliesAgain(MultiPaxosPlaces places, MultiPaxosOptions options) : Learner(places, options)
    {
        protected override (RequestStatus Status, KvReply? Reply) Find(
            SessionTable<KvReply> sessions, LogCommand.Operation operation) =>
            base.Find(sessions, operation) is (RequestStatus.Applied, _)
                ? (RequestStatus.New, null)
                : base.Find(sessions, operation);
    }
}

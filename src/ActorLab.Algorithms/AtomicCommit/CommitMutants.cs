using ActorLab.Core;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class CommitMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        OfParticipant(
            "forgets-its-vote", "Section 7.4: a participant writes its Yes to the DT log before it sends it.",
            "Participant.cs, Boot", [CommitProperties.Conservation, CommitProperties.AC1],
            options => new ForgetsItsVote(options)),
        OfParticipant(
            "forgets-its-refusal", "Section 7.4: a No is in the DT log too, for a decision cannot be reversed.",
            "Participant.cs, Refuse", [CommitProperties.AC2, CommitProperties.AC1, CommitProperties.AC4],
            options => new ForgetsItsRefusal(options)),
        OfParticipant(
            "aborts-in-doubt", "Section 7.4: a participant that voted Yes may not decide for itself when time is up.",
            "Participant.cs, Expire", [CommitProperties.AC1], options => new DecidesInDoubt(options, Decision.Abort)),
        OfParticipant(
            "commits-in-doubt", "Section 7.4: a participant that voted Yes may not decide for itself when time is up.",
            "Participant.cs, Expire", [CommitProperties.AC1, CommitProperties.AC3],
            options => new DecidesInDoubt(options, Decision.Commit)),
        OfParticipant(
            "never-asks-again", "Section 7.4: a participant that recovers in doubt asks for the decision.",
            "Participant.cs, Boot", [CommitProperties.AC5], options => new NeverAsksAgain(options)),
        OfParticipant(
            "holds-nothing",
            "Section 7.4: who votes Yes can commit, whatever comes of the other transactions it voted Yes on.",
            "Participant.cs, WhyNot", [CommitProperties.NoOverdraft], options => new HoldsNothing(options)),
        OfCoordinator(
            "forgets-its-decision", "Section 7.4: the coordinator writes its Commit to the DT log before it sends it.",
            "Coordinator.cs, Boot", [CommitProperties.AC1, CommitProperties.AC2],
            (participants, options) => new ForgetsItsDecision(participants, options)),
        OfCoordinator(
            "commits-on-a-majority", "AC3: the Commit decision can only be reached if all processes voted Yes.",
            "Coordinator.cs, IsUnanimous", [CommitProperties.AC3, CommitProperties.AC1],
            (participants, options) => new CommitsOnAMajority(participants, options)),
        OfCoordinator(
            "presumes-too-early",
            "AC4: with no failures and Yes from all the decision is Commit; until it is made nobody hears Abort.",
            "Coordinator.cs, IsOpen", [CommitProperties.AC4, CommitProperties.AC1, CommitProperties.AC2],
            (participants, options) => new PresumesTooEarly(participants, options)),
        OfCoordinator(
            "forgets-before-all-know", "Presumed abort: a Commit is forgotten when every participant has acknowledged it.",
            "Coordinator.cs, Unacknowledged", [CommitProperties.AC1, CommitProperties.AC2],
            (participants, options) => new ForgetsBeforeAllKnow(participants, options)),
    ];

    private static Mutant OfParticipant(
        string name, string givesUp, string where, Seq<string> breaks, Func<CommitOptions, Participant> participant) =>
        Of(name, givesUp, where, breaks, CommitRoles.Right with { Participant = participant });

    private static Mutant OfCoordinator(
        string name, string givesUp, string where, Seq<string> breaks,
        Func<Set<NodeId>, CommitOptions, Coordinator> coordinator) =>
        Of(name, givesUp, where, breaks, CommitRoles.Right with { Coordinator = coordinator });

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, CommitRoles roles) => new(
        name, givesUp, where, breaks, CommitScenario.Family with
        {
            Name = $"{CommitScenario.Name}:{name}",
            Summary = $"Two-phase commit, wrong on purpose: {name}.",
            Build = given => CommitScenario.With(given, roles),
        });

    private sealed class ForgetsItsVote(CommitOptions options) : Participant(options)
    {
        public override ParticipantState Boot(ParticipantDisk disk, Turn<CommitMessage> turn) =>
            base.Boot(disk with { Prepared = default }, turn);
    }

    private sealed class ForgetsItsRefusal(CommitOptions options) : Participant(options)
    {
        public override ParticipantState Boot(ParticipantDisk disk, Turn<CommitMessage> turn) => base.Boot(
            disk with
            {
                Decided = disk.Decided.RemoveAll(disk.Decided.Where(one => one.Value == Decision.Abort).Select(one => one.Key)),
            },
            turn);
    }

    private sealed class DecidesInDoubt(CommitOptions options, Decision guess) : Participant(options)
    {
        public override ParticipantState Expire(ParticipantState state, Timer timer, Turn<CommitMessage> turn)
        {
            foreach (var (transaction, _) in state.Disk.Prepared)
            {
                state = Decide(state, transaction, guess, turn);
            }

            return state;
        }
    }

    private sealed class NeverAsksAgain(CommitOptions options) : Participant(options)
    {
        public override ParticipantState Boot(ParticipantDisk disk, Turn<CommitMessage> turn) => new(disk);
    }

    private sealed class HoldsNothing(CommitOptions options) : Participant(options)
    {
        protected override string? WhyNot(ParticipantDisk disk, Map<string, long> changes, NodeId self) =>
            base.WhyNot(disk with { Prepared = default }, changes, self);
    }

    private sealed class ForgetsItsDecision(Set<NodeId> participants, CommitOptions options)
        : Coordinator(participants, options)
    {
        public override CoordinatorState Boot(CoordinatorDisk disk, Turn<CommitMessage> turn) =>
            base.Boot(disk with { Committed = default }, turn);
    }

    private sealed class CommitsOnAMajority(Set<NodeId> participants, CommitOptions options)
        : Coordinator(participants, options)
    {
        protected override bool IsUnanimous(Voting voting) => voting.Yes.Count > voting.Participants.Count / 2;
    }

    private sealed class PresumesTooEarly(Set<NodeId> participants, CommitOptions options)
        : Coordinator(participants, options)
    {
        protected override bool IsOpen(CoordinatorState state, TransactionId transaction) => false;
    }

    private sealed class ForgetsBeforeAllKnow(Set<NodeId> participants, CommitOptions options)
        : Coordinator(participants, options)
    {
        protected override Set<NodeId> Unacknowledged(Set<NodeId> before, NodeId participant) => [];
    }
}

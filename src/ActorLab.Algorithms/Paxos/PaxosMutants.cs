using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class PaxosMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "forgets-its-promise", "Section 2.2: an acceptor remembers its promise even if it fails and then restarts.",
            "Acceptor.cs, Boot", ["Consistency", "A Chosen Value Stays"], ForgetfulAcceptor),
        Of(
            "takes-its-own-value",
            "Section 2.2, P2c: a proposer takes the value of the highest-numbered proposal that it hears of.",
            "Proposer.cs, ValueOf", ["Consistency", "A Chosen Value Stays"], StubbornProposer),
        Of(
            "reuses-its-ballot",
            "Section 2.5: a proposer remembers the highest number it used, and begins with a higher one.",
            "Proposer.cs, Boot", ["One Value Per Ballot", "Consistency", "A Chosen Value Stays"], ForgetfulProposer),
        Of(
            "quorum-of-half", "Section 2.2: a proposal needs a majority, for any two majorities have a member in common.",
            "Proposer.cs, Majority", ["Consistency", "A Chosen Value Stays"], HalfQuorum),
        Of(
            "accepts-below-its-promise",
            "Section 2.2, P1a: an acceptor accepts only what is numbered no lower than its promise.",
            "Acceptor.cs, phase 2(b)", ["Consistency", "A Chosen Value Stays"], WithoutPhase2bGuard),
        Of(
            "makes-up-a-value", "Section 2.1: only a value that has been proposed may be chosen.",
            "Proposer.cs, ValueOf", ["Nontriviality"], InventiveProposer),
        Of(
            "shares-its-numbers", "Section 2.5: different proposers choose their numbers from disjoint sets.",
            "Proposer.cs, NumberOf", ["One Value Per Ballot", "Consistency", "A Chosen Value Stays"], SharedNumbers),
        Of(
            "learns-too-early", "Section 2.3: a learner finds out that a majority of acceptors accepted a proposal.",
            "Learner.cs, Receive", ["Truthful Learning"], HastyLearner),
        With(Of(
            "never-asks", "Section 2.3: a learner that missed something asks the acceptors what they have accepted.",
            "Learner.cs, Expire", [PaxosProperties.LearnersLearnInTheEnd], SilentLearner), "catchup", 1),
        With(Of(
            "asks-acceptors-only",
            "Section 2.3: where acceptors are of no help, a learner can have a proposer issue a proposal.",
            "Learner.cs, HaveProposed", [PaxosProperties.LearnersLearnInTheEnd], PatientLearner), "alone", 2),
        With(Of(
            "tells-proposers-once", "Section 2.4: when a value is chosen, no proposer needs to go on; but it may miss that.",
            "Learner.cs, TellProposer", [PaxosProperties.ProposerIsToldInTheEnd], CurtLearner), "alone", 2),
    ];

    private static Mutant With(Mutant mutant, string parameter, int value) => mutant with
    {
        Family = mutant.Family with
        {
            Parameters = mutant.Family.Parameters.Select(one =>
                one.Name == parameter ? one with { Default = value } : one).ToSeq(),
        },
    };

    private static Mutant Of(
        string name, string givesUp, string where, Seq<string> breaks, Func<PaxosOptions, Scenario> scenario) => new(
        name, givesUp, where, breaks, PaxosScenario.Family with
        {
            Name = $"{PaxosScenario.Family.Name}:{name}",
            Summary = $"Paxos, wrong on purpose: {name}.",
            Build = given => scenario(PaxosScenario.OptionsOf(given)),
        });

    /// <summary>
    /// Begins with its first number again after a crash: breaks One Value Per Ballot where messages arrive twice. (Without,
    /// acceptors promise a number once, and too few are left.)
    /// </summary>
    public static Scenario ForgetfulProposer(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Proposer = (all, ballots) => RoleBinding.Of(new ReusesNumbers(all, ballots)) });

    /// <summary>Goes on to phase 2 with one less than a majority: breaks Consistency.</summary>
    public static Scenario HalfQuorum(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Proposer = (all, ballots) => RoleBinding.Of(new EasygoingProposer(all, ballots)) });

    /// <summary>Accepts below its promise, the guard of phase 2(b) dropped: breaks Consistency.</summary>
    public static Scenario WithoutPhase2bGuard(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Acceptor = learners => RoleBinding.Of(new AcceptsAnything(learners)) });

    /// <summary>Proposes its own value whatever the promises say, against phase 2(a): breaks Consistency.</summary>
    public static Scenario StubbornProposer(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Proposer = (all, ballots) => RoleBinding.Of(new Stubborn(all, ballots)) });

    /// <summary>Makes up a value of its own: breaks Nontriviality.</summary>
    public static Scenario InventiveProposer(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Proposer = (all, ballots) => RoleBinding.Of(new Inventive(all, ballots)) });

    /// <summary>
    /// Proposers that share their numbers, and acceptors that promise one number twice: breaks One Value Per Ballot. The
    /// one mistake without the other does no harm: of two majorities that promise a number once, one comes too late.
    /// </summary>
    public static Scenario SharedNumbers(PaxosOptions options) => PaxosScenario.Of(options, PaxosRoles.Right with
    {
        Proposer = (all, ballots) => RoleBinding.Of(new SharesNumbers(all, ballots)),
        Acceptor = learners => RoleBinding.Of(new PromisesTwice(learners)),
    });

    /// <summary>Forgets its promise in a crash: breaks Consistency where nodes crash.</summary>
    public static Scenario ForgetfulAcceptor(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Acceptor = learners => RoleBinding.Of(new Forgetful(learners)) });

    /// <summary>Learns a value from the first acceptance: breaks Truthful Learning.</summary>
    public static Scenario HastyLearner(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Learner = learner => RoleBinding.Of(new Hasty(learner)) });

    /// <summary>Waits for what it missed: breaks Learners Learn In The End where messages are lost.</summary>
    public static Scenario SilentLearner(PaxosOptions options) => PaxosScenario.Of(
        options,
        PaxosRoles.Right with { Learner = learner => RoleBinding.Of(new Learner(learner with { Asks = false })) });

    /// <summary>Asks acceptors only, who may be of no help: breaks Learners Learn In The End where messages are lost.</summary>
    public static Scenario PatientLearner(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Learner = learner => RoleBinding.Of(new Patient(learner)) });

    /// <summary>Tells proposers once: where that is lost, one goes on for ever.</summary>
    public static Scenario CurtLearner(PaxosOptions options) => PaxosScenario.Of(
        options, PaxosRoles.Right with { Learner = learner => RoleBinding.Of(new Curt(learner)) });

    private sealed class Stubborn(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override string ValueOf(ProposerState state) => state.Value!;
    }

    private sealed class ReusesNumbers(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        public override ProposerState Boot(ProposerDisk disk, Turn<PaxosMessage> turn) => base.Boot(EmptyDisk, turn);
    }

    private sealed class EasygoingProposer(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override int Majority => base.Majority - 1;
    }

    private sealed class Inventive(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override string ValueOf(ProposerState state) => "a better idea";
    }

    private sealed class SharesNumbers(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override Ballot NumberOf(int round, Address self) => new(round, new NodeId("all"));
    }

    private sealed class Hasty(LearnerOptions options) : Learner(options)
    {
        protected override int Majority => 1;
    }

    private sealed class Patient(LearnerOptions options) : Learner(options)
    {
        protected override void HaveProposed(string value, Turn<PaxosMessage> turn)
        {
        }
    }

    private sealed class Curt(LearnerOptions options) : Learner(options)
    {
        protected override LearnerState TellProposer(LearnerState state, Ballot number, Turn<PaxosMessage> turn) => state;
    }

    private sealed class AcceptsAnything(Seq<Address> learners) : IRole<AcceptorState, AcceptorDisk, PaxosMessage>
    {
        private readonly Acceptor _right = new(learners);

        public AcceptorDisk EmptyDisk => _right.EmptyDisk;

        public AcceptorState Boot(AcceptorDisk disk, Turn<PaxosMessage> turn) => _right.Boot(disk, turn);

        public AcceptorState Receive(AcceptorState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
        {
            if (message is not Accept(var proposal))
            {
                return _right.Receive(state, sender, message, turn);
            }

            turn.Tell(learners, new Accepted(proposal));
            return new AcceptorState(state.Disk with { Accepted = proposal });
        }
    }

    private sealed class PromisesTwice(Seq<Address> learners) : IRole<AcceptorState, AcceptorDisk, PaxosMessage>
    {
        private readonly Acceptor _right = new(learners);

        public AcceptorDisk EmptyDisk => _right.EmptyDisk;

        public AcceptorState Boot(AcceptorDisk disk, Turn<PaxosMessage> turn) => _right.Boot(disk, turn);

        public AcceptorState Receive(AcceptorState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
        {
            if (message is not Prepare(var number) || number != state.Disk.Promised)
            {
                return _right.Receive(state, sender, message, turn);
            }

            turn.Tell(sender, new Promise(number, state.Disk.Accepted));
            return state;
        }
    }

    private sealed class Forgetful(Seq<Address> learners) : IRole<AcceptorState, AcceptorDisk, PaxosMessage>
    {
        private readonly Acceptor _right = new(learners);

        public AcceptorDisk EmptyDisk => _right.EmptyDisk;

        public AcceptorState Boot(AcceptorDisk disk, Turn<PaxosMessage> turn) =>
            new(disk with { Promised = disk.Accepted?.Number });

        public AcceptorState Receive(AcceptorState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn) =>
            _right.Receive(state, sender, message, turn);
    }
}

using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class PaxosMutants
{
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
        options, PaxosRoles.Right with { Learner = _ => RoleBinding.Of(new Learner(1)) });

    private sealed class Stubborn(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override string ValueOf(ProposerState state) => state.Value!;
    }

    private sealed class Inventive(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override string ValueOf(ProposerState state) => "a better idea";
    }

    private sealed class SharesNumbers(Seq<Address> acceptors, int ballots) : Proposer(acceptors, ballots)
    {
        protected override Ballot NumberOf(int round, Address self) => new(round, new NodeId("all"));
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

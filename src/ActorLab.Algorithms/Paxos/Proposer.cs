using ActorLab.Core;
using MemoryPack;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>What a proposer must never forget: which numbers it used (section 2.5).</summary>
/// <param name="Round">The round of its latest ballot; 0 before the first.</param>
[MemoryPackable]
public sealed partial record ProposerDisk(int Round);

/// <summary>Where a proposer is with its latest ballot.</summary>
public enum ProposerPhase
{
    /// <summary>It was asked for nothing since its boot: a crash abandons the ballot under way.</summary>
    Idle,

    /// <summary>Phase 1: it gathers promises.</summary>
    Preparing,

    /// <summary>Phase 2: it sent a proposal.</summary>
    Accepting,

    /// <summary>A learner told it that a value is chosen: there is nothing left to propose, until it is asked again.</summary>
    Done,
}

/// <param name="Disk">The part that survives a crash.</param>
/// <param name="Phase">Of the latest ballot.</param>
/// <param name="Value">What a user asked for; null while nothing is asked, or it was forgotten in a crash.</param>
/// <param name="Promised">The acceptors that answered phase 1 of the latest ballot; empty once phase 2 began.</param>
/// <param name="Highest">The highest-numbered proposal among their answers.</param>
public sealed record ProposerState(
    ProposerDisk Disk, ProposerPhase Phase, string? Value, Set<Address> Promised, Proposal? Highest) : IOnDisk<ProposerDisk>;

/// <summary>Phases 1(a) and 2(a).</summary>
/// <param name="acceptors">All of them.</param>
/// <param name="ballots">
/// How many it tries, counted over crashes: that one succeeded it hears only where learners tell it.
/// </param>
/// <param name="goesOn">
/// When an acceptor tells it of a higher number it goes on with a higher one at once, as often as it takes, and waits for
/// no timer: what a distinguished proposer may do, and what two of them do for ever (section 2.4).
/// </param>
public class Proposer(Seq<Address> acceptors, int ballots, bool goesOn = false)
    : IRole<ProposerState, ProposerDisk, PaxosMessage>
{
    /// <summary>Section 2.4: two proposers may go on for ever outbidding each other, unless their waits differ.</summary>
    private static readonly Timer Retry =
        Timer.Between("retry", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600));

    public ProposerDisk EmptyDisk { get; } = new(0);

    public virtual ProposerState Boot(ProposerDisk disk, Turn<PaxosMessage> turn) =>
        new(disk, ProposerPhase.Idle, null, [], null);

    public ProposerState Receive(ProposerState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        switch (message)
        {
            case Propose(var value) when !IsUnderWay(state): // Who asks again behind the end does not know of it.
                return NextBallot(state with { Value = value }, null, turn);

            case Promise(var number, var accepted)
                when state.Phase == ProposerPhase.Preparing && number == NumberOf(state.Disk.Round, turn.Self)
                    && acceptors.Contains(sender):
                var heard = state with
                {
                    Promised = state.Promised.Add(sender),
                    Highest = Higher(state.Highest, accepted),
                };
                return heard.Promised.Count >= Majority && IsThere(turn) ? Phase2(heard, number, turn) : heard;

            case Rejected(var number, var promised)
                when goesOn && IsUnderWay(state) && number == NumberOf(state.Disk.Round, turn.Self)
                    && acceptors.Contains(sender):
                return NextBallot(state, promised, turn);

            case Chosen when state.Phase != ProposerPhase.Done:
                turn.Cancel(Retry);
                return state with { Phase = ProposerPhase.Done, Promised = [], Highest = null };

            default: // A promise for an older ballot or beyond the majority decides nothing any more; nobody else promises.
                return state;
        }
    }

    public ProposerState Expire(ProposerState state, Timer timer, Turn<PaxosMessage> turn) =>
        NextBallot(state, null, turn);

    /// <summary>Section 2.2: any two majorities have an acceptor in common.</summary>
    protected virtual int Majority => (acceptors.Count / 2) + 1;

    /// <summary>Whether it is still there to begin phase 2: a proposer may fail between the phases.</summary>
    protected virtual bool IsThere(Turn<PaxosMessage> turn) => true;

    /// <summary>The number of a round; different for different proposers.</summary>
    protected virtual Ballot NumberOf(int round, Address self) => new(round, self.Node);

    /// <summary>
    /// Phase 2(a): the value of the highest-numbered proposal among the responses, or any value if there is none.
    /// </summary>
    protected virtual string ValueOf(ProposerState state) => state.Highest?.Value ?? state.Value!;

    /// <summary>Phase 1(a): selects a number never used before and asks for promises.</summary>
    private ProposerState NextBallot(ProposerState state, Ballot? above, Turn<PaxosMessage> turn)
    {
        if (state.Disk.Round == ballots && !goesOn)
        {
            return state;
        }

        var round = state.Disk.Round + 1;
        if (above is { } other && NumberOf(round, turn.Self) < other)
        {
            round = NumberOf(other.Round, turn.Self) > other ? other.Round : other.Round + 1;
        }

        turn.Tell(acceptors, new Prepare(NumberOf(round, turn.Self)));
        if (round < ballots && !goesOn)
        {
            turn.Start(Retry);
        }

        return state with
        {
            Disk = new ProposerDisk(round),
            Phase = ProposerPhase.Preparing,
            Promised = [],
            Highest = null,
        };
    }

    private ProposerState Phase2(ProposerState state, Ballot number, Turn<PaxosMessage> turn)
    {
        Invariant.Require(state.Value is not null, "only a proposer that was asked has a ballot to be promised");
        turn.Tell(acceptors, new Accept(new Proposal(number, ValueOf(state))));
        return state with { Phase = ProposerPhase.Accepting, Promised = [], Highest = null };
    }

    private static bool IsUnderWay(ProposerState state) => state.Phase is ProposerPhase.Preparing or ProposerPhase.Accepting;

    private static Proposal? Higher(Proposal? one, Proposal? other) =>
        one is null || (other is not null && other.Value.Number > one.Value.Number) ? other : one;
}

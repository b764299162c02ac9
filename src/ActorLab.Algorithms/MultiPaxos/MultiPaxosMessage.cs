using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>What an acceptor accepted last in one instance of the consensus algorithm.</summary>
/// <param name="Slot">The instance: the place in the log, from 1.</param>
/// <param name="Number">The number of the proposal.</param>
/// <param name="Command">Its value.</param>
[MemoryPackable]
public sealed partial record Vote(long Slot, Ballot Number, LogCommand Command);

/// <summary>
/// All messages of Multi-Paxos: by phase, between leaders and learners, and those of clients, which are worded as for Raft.
/// </summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Prepare))]
[MemoryPackUnion(1, typeof(Promise))]
[MemoryPackUnion(2, typeof(Accept))]
[MemoryPackUnion(3, typeof(Accepted))]
[MemoryPackUnion(4, typeof(Rejected))]
[MemoryPackUnion(5, typeof(Renew))]
[MemoryPackUnion(6, typeof(Renewed))]
[MemoryPackUnion(7, typeof(Heartbeat))]
[MemoryPackUnion(8, typeof(Chosen))]
[MemoryPackUnion(9, typeof(Ask))]
[MemoryPackUnion(10, typeof(Decrees))]
[MemoryPackUnion(11, typeof(HowFar))]
[MemoryPackUnion(12, typeof(Learned))]
[MemoryPackUnion(13, typeof(Query))]
[MemoryPackUnion(14, typeof(Stand))]
[MemoryPackUnion(20, typeof(OpenSession))]
[MemoryPackUnion(21, typeof(SessionOpened))]
[MemoryPackUnion(22, typeof(SessionExpired))]
[MemoryPackUnion(23, typeof(Request))]
[MemoryPackUnion(24, typeof(Reply))]
[MemoryPackUnion(25, typeof(Read))]
[MemoryPackUnion(26, typeof(ReadReply))]
[MemoryPackUnion(27, typeof(NotLeader))]
[MemoryPackUnion(28, typeof(Refused))]
[MemoryPackUnion(29, typeof(FindLeader))]
[MemoryPackUnion(30, typeof(LeaderIs))]
[MemoryPackUnion(31, typeof(Invoke))]
public abstract partial record MultiPaxosMessage
{
    /// <summary>Phase 1(a), leader to acceptors: once for all instances from a slot on (section 3).</summary>
    [MemoryPackable]
    public sealed partial record Prepare(Ballot Number, long From) : MultiPaxosMessage;

    /// <summary>Phase 1(b), acceptor to leader: the promise, with what it accepted in those instances.</summary>
    /// <param name="Number">The number that it promises.</param>
    /// <param name="Votes">In the order of their slots; as many as fit in a message.</param>
    /// <param name="More">It accepted in later slots too: ask from behind the last one on.</param>
    [MemoryPackable]
    public sealed partial record Promise(Ballot Number, Seq<Vote> Votes, bool More) : MultiPaxosMessage;

    /// <summary>Phase 2(a), leader to acceptors.</summary>
    [MemoryPackable]
    public sealed partial record Accept(Ballot Number, long Slot, LogCommand Command) : MultiPaxosMessage;

    /// <summary>Phase 2(b), acceptor to the leader, which is the distinguished learner of section 2.3.</summary>
    [MemoryPackable]
    public sealed partial record Accepted(Ballot Number, long Slot) : MultiPaxosMessage;

    /// <summary>
    /// Acceptor to a leader whose number is too low, so that it abandons its proposals (end of section 2.2).
    /// </summary>
    /// <param name="Promised">The number that the acceptor promised.</param>
    [MemoryPackable]
    public sealed partial record Rejected(Ballot Promised) : MultiPaxosMessage;

    /// <summary>Leader to acceptors: have you still promised no higher number?</summary>
    /// <param name="Number">The leader's number.</param>
    /// <param name="Round">Comes back with the answer.</param>
    [MemoryPackable]
    public sealed partial record Renew(Ballot Number, long Round) : MultiPaxosMessage;

    [MemoryPackable]
    public sealed partial record Renewed(Ballot Number, long Round) : MultiPaxosMessage;

    /// <summary>
    /// Leader to the other leaders, so that they do not stand, and to learners, so that they miss nothing.
    /// </summary>
    /// <param name="Number">The leader's number.</param>
    /// <param name="ChosenThrough">In all slots up to here a command is chosen.</param>
    /// <param name="SettledThrough">A majority of the learners has all slots up to here in its ledgers.</param>
    [MemoryPackable]
    public sealed partial record Heartbeat(Ballot Number, long ChosenThrough, long SettledThrough) : MultiPaxosMessage;

    /// <summary>Leader to learners: a command is chosen.</summary>
    /// <param name="Slot">Where.</param>
    /// <param name="Command">Which.</param>
    /// <param name="Answer">The receiver is to answer the client.</param>
    [MemoryPackable]
    public sealed partial record Chosen(long Slot, LogCommand Command, bool Answer) : MultiPaxosMessage;

    /// <summary>From a learner that missed something, to whoever may know it.</summary>
    [MemoryPackable]
    public sealed partial record Ask(long From) : MultiPaxosMessage;

    /// <summary>What is chosen in the slots from one on, as many as fit in a message.</summary>
    /// <param name="From">The slot of the first.</param>
    /// <param name="Commands">Slot by slot.</param>
    /// <param name="Through">The sender knows all slots up to here.</param>
    [MemoryPackable]
    public sealed partial record Decrees(long From, Seq<LogCommand> Commands, long Through) : MultiPaxosMessage;

    /// <summary>Leader to learners: how much do your ledgers have?</summary>
    [MemoryPackable]
    public sealed partial record HowFar : MultiPaxosMessage;

    /// <summary>Learner to leader: my ledger has all slots up to here.</summary>
    [MemoryPackable]
    public sealed partial record Learned(long Through) : MultiPaxosMessage;

    /// <summary>Leader to a learner: answer this read of a client.</summary>
    /// <param name="Client">Who asked.</param>
    /// <param name="Number">The client's number for it.</param>
    /// <param name="Command">What it asked.</param>
    /// <param name="Slot">The learner must have executed this slot.</param>
    [MemoryPackable]
    public sealed partial record Query(Address Client, long Number, KvCommand Command, long Slot) : MultiPaxosMessage;

    /// <summary>From outside to a leader: begin a ballot now.</summary>
    [MemoryPackable]
    public sealed partial record Stand : MultiPaxosMessage;

    /// <summary>From a client: open a session. Answered with <see cref="SessionOpened"/> when it is executed.</summary>
    [MemoryPackable]
    public sealed partial record OpenSession(long Nonce) : MultiPaxosMessage;

    [MemoryPackable]
    public sealed partial record SessionOpened(long Nonce, long Session) : MultiPaxosMessage;

    /// <summary>There is no such session any more.</summary>
    [MemoryPackable]
    public sealed partial record SessionExpired(long Session) : MultiPaxosMessage;

    /// <summary>From a client to the leader: apply this command once.</summary>
    /// <param name="Session">The client's session.</param>
    /// <param name="Number">Its number in the session, from 1; the same when it is sent again.</param>
    /// <param name="FirstOutstanding">The client waits for no reply below this number.</param>
    /// <param name="Command">What to apply.</param>
    [MemoryPackable]
    public sealed partial record Request(long Session, long Number, long FirstOutstanding, KvCommand Command)
        : MultiPaxosMessage;

    [MemoryPackable]
    public sealed partial record Reply(long Session, long Number, KvReply Result) : MultiPaxosMessage;

    /// <summary>From a client: answer a command that changes nothing.</summary>
    [MemoryPackable]
    public sealed partial record Read(long Number, KvCommand Command) : MultiPaxosMessage;

    [MemoryPackable]
    public sealed partial record ReadReply(long Number, KvReply Result) : MultiPaxosMessage;

    /// <summary>The sender does not lead, and will not answer these requests.</summary>
    /// <param name="Access">Whether it was a read or a write.</param>
    /// <param name="Number">Its number; 0 for all that the client asked of it.</param>
    /// <param name="Term">The highest ballot that the sender heard of, as a number.</param>
    /// <param name="Leader">Whom it takes for the leader.</param>
    [MemoryPackable]
    public sealed partial record NotLeader(Access Access, long Number, long Term, NodeId? Leader) : MultiPaxosMessage;

    /// <summary>The leader does not take a request.</summary>
    [MemoryPackable]
    public sealed partial record Refused(Access Access, long Number, string Reason) : MultiPaxosMessage;

    /// <summary>From a client: who leads?</summary>
    [MemoryPackable]
    public sealed partial record FindLeader : MultiPaxosMessage;

    /// <summary>To the clients that ask this leader's node, when asked and whenever it changes.</summary>
    [MemoryPackable]
    public sealed partial record LeaderIs(long Term, NodeId? Leader) : MultiPaxosMessage;

    /// <summary>From outside to a client: run a command.</summary>
    /// <param name="Operation">The user's number for it, unique for as long as the client runs.</param>
    /// <param name="Command">What to run.</param>
    /// <param name="Limit">How long the user waits.</param>
    [MemoryPackable]
    public sealed partial record Invoke(long Operation, KvCommand Command, TimeSpan Limit) : MultiPaxosMessage;
}

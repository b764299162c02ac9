using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>What an entry of a replicated log does when it is applied: the same for Raft and Multi-Paxos.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(NoOp))]
[MemoryPackUnion(1, typeof(OpenSession))]
[MemoryPackUnion(2, typeof(Operation))]
[MemoryPackUnion(3, typeof(Configure))]
public abstract partial record LogCommand
{
    private const int Overhead = 64;

    /// <summary>About how many bytes it takes in a message.</summary>
    [MemoryPackIgnore]
    public int Bytes => this is Operation operation ? Overhead + KvStore.Instance.SizeOf(operation.Command) : Overhead;

    /// <summary>
    /// Changes nothing: the first entry of each leader of Raft (section 8), what fills a gap in the log of Multi-Paxos.
    /// </summary>
    [MemoryPackable]
    public sealed partial record NoOp : LogCommand
    {
        public static readonly NoOp Instance = new();
    }

    /// <summary>Opens the session whose number is the index of this entry (Raft thesis 6.3).</summary>
    [MemoryPackable]
    public sealed partial record OpenSession(Address Client, long Nonce) : LogCommand;

    /// <summary>A command of the state machine, once for each session and number.</summary>
    [MemoryPackable]
    public sealed partial record Operation(
        Address Client, long Session, long Number, long FirstOutstanding, KvCommand Command) : LogCommand;

    /// <summary>Says who the members are, from the moment on that it is in a server's log (Raft thesis, chapter 4).</summary>
    /// <param name="Voters">Who votes, and counts for a majority.</param>
    /// <param name="Learners">Who gets the log and does neither.</param>
    [MemoryPackable]
    public sealed partial record Configure(Set<NodeId> Voters, Set<NodeId> Learners) : LogCommand;
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

using Input = ClientInput<KvCommand, KvReply>;

/// <summary>How clients of Raft speak.</summary>
/// <param name="readsHere">They read at the server of their own node: see <see cref="RaftOptions.FollowerReads"/>.</param>
public sealed class RaftClientProtocol(bool readsHere) : IClientProtocol<KvCommand, KvReply, RaftMessage>
{
    public static readonly RaftClientProtocol Instance = new(readsHere: false);

    public NodeId? ServerFor(KvCommand read, NodeId self, NodeId? leader) =>
        AccessOf(read) == Access.StaleRead || (readsHere && leader is not null) ? self : leader;

    public Address ServerOn(NodeId node) => new(node, RaftServer.RoleName);

    public Access AccessOf(KvCommand command) => KvStore.Instance.AccessOf(command);

    public string? Refusal(KvCommand command) => KvStore.Instance.Refusal(command);

    public int SizeOf(KvCommand command) => KvStore.Instance.SizeOf(command);

    public RaftMessage OpenSession(long nonce) => new RaftMessage.OpenSession(nonce);

    public RaftMessage Request(long session, long number, long firstOutstanding, KvCommand command) =>
        new RaftMessage.Request(session, number, firstOutstanding, command);

    public RaftMessage Read(long number, KvCommand command) => new RaftMessage.Read(number, command);

    public RaftMessage FindLeader() => new RaftMessage.FindLeader();

    public string WhyOutside(NodeId node) => OutsideSentence(node);

    /// <summary>What users of a node are told whose server is no member.</summary>
    internal static string OutsideSentence(NodeId node) =>
        $"{node} is no member of the Raft servers: ask another node, or make it a member (raft add {node}).";

    public Input? Understand(RaftMessage message) => message switch
    {
        RaftMessage.Reply reply => new Input.Replied(reply.Session, reply.Number, reply.Result),
        RaftMessage.ReadReply reply => new Input.ReadReplied(reply.Number, reply.Result),
        RaftMessage.Invoke invoke => new Input.Invoke(invoke.Operation, invoke.Command, invoke.Limit),
        RaftMessage.LeaderIs known => new Input.LeaderIs(known.Term, known.Leader, known.IsOutside),
        RaftMessage.NotLeader not => new Input.NotLeader(not.Access, not.Number, not.Term, not.Leader),
        RaftMessage.Refused refused => new Input.Refused(refused.Access, refused.Number, refused.Reason),
        RaftMessage.SessionOpened opened => new Input.SessionOpened(opened.Nonce, opened.Session),
        RaftMessage.SessionExpired expired => new Input.SessionExpired(expired.Session),
        _ => null,
    };
}

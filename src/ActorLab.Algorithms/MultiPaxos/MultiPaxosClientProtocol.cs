using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.MultiPaxos;

using Input = ClientInput<KvCommand, KvReply>;

/// <summary>How clients of Multi-Paxos speak. They speak to leaders only; learners answer.</summary>
/// <param name="places">Where leaders are.</param>
public sealed class MultiPaxosClientProtocol(MultiPaxosPlaces places)
    : IClientProtocol<KvCommand, KvReply, MultiPaxosMessage>
{
    public Address ServerOn(NodeId node) => places.LeaderFor(node);

    public Access AccessOf(KvCommand command) => KvStore.Instance.AccessOf(command);

    public string? Refusal(KvCommand command) => KvStore.Instance.Refusal(command);

    public int SizeOf(KvCommand command) => KvStore.Instance.SizeOf(command);

    public MultiPaxosMessage OpenSession(long nonce) => new MultiPaxosMessage.OpenSession(nonce);

    public MultiPaxosMessage Request(long session, long number, long firstOutstanding, KvCommand command) =>
        new MultiPaxosMessage.Request(session, number, firstOutstanding, command);

    public MultiPaxosMessage Read(long number, KvCommand command) => new MultiPaxosMessage.Read(number, command);

    public MultiPaxosMessage FindLeader() => new MultiPaxosMessage.FindLeader();

    public Input? Understand(MultiPaxosMessage message) => message switch
    {
        MultiPaxosMessage.Reply reply => new Input.Replied(reply.Session, reply.Number, reply.Result),
        MultiPaxosMessage.ReadReply reply => new Input.ReadReplied(reply.Number, reply.Result),
        MultiPaxosMessage.Invoke invoke => new Input.Invoke(invoke.Operation, invoke.Command, invoke.Limit),
        MultiPaxosMessage.LeaderIs known => new Input.LeaderIs(known.Term, known.Leader),
        MultiPaxosMessage.NotLeader not => new Input.NotLeader(not.Access, not.Number, not.Term, not.Leader),
        MultiPaxosMessage.Refused refused => new Input.Refused(refused.Access, refused.Number, refused.Reason),
        MultiPaxosMessage.SessionOpened opened => new Input.SessionOpened(opened.Nonce, opened.Session),
        MultiPaxosMessage.SessionExpired expired => new Input.SessionExpired(expired.Session),
        _ => null,
    };
}

namespace ActorLab.Core;

/// <summary>How one algorithm words what a <see cref="Client{TCommand,TReply,TMessage}"/> says and hears.</summary>
public interface IClientProtocol<TCommand, TReply, TMessage>
    where TCommand : notnull
    where TReply : notnull
    where TMessage : class
{
    /// <summary>The server role of a node, such as <c>n1/server</c>.</summary>
    Address ServerOn(NodeId node);

    Access AccessOf(TCommand command);

    /// <summary>Why no server would take the command, as a sentence; null when one would.</summary>
    string? Refusal(TCommand command);

    /// <summary>About how many bytes the command takes in a message: a client bounds by it what waits.</summary>
    int SizeOf(TCommand command);

    /// <summary>Asks a leader for a session.</summary>
    /// <param name="nonce">Comes back with the answer.</param>
    TMessage OpenSession(long nonce);

    /// <summary>Asks a leader to apply a command, once however often it is asked.</summary>
    TMessage Request(long session, long number, long firstOutstanding, TCommand command);

    /// <summary>Asks a leader, or for a stale read any server, to answer a command that changes nothing.</summary>
    TMessage Read(long number, TCommand command);

    /// <summary>Where a read goes; null while it must wait for a leader.</summary>
    NodeId? ServerFor(TCommand read, NodeId self, NodeId? leader) => AccessOf(read) == Access.StaleRead ? self : leader;

    /// <summary>Asks a server whom it takes for the leader.</summary>
    TMessage FindLeader();

    /// <summary>What a client says whose server is none of those that serve, as a sentence with what to do.</summary>
    string WhyOutside(NodeId node) => $"{node} is none of the servers: ask another node.";

    /// <summary>What a message means to a client; null for a message that is not for clients.</summary>
    ClientInput<TCommand, TReply>? Understand(TMessage message);
}

/// <summary>What a client hears.</summary>
public abstract record ClientInput<TCommand, TReply>
{
    private ClientInput()
    {
    }

    /// <summary>From its user: run a command.</summary>
    /// <param name="Operation">The user's number for it; unique for as long as the client runs.</param>
    /// <param name="Command">What to run.</param>
    /// <param name="Limit">How long the user waits; the client completes the operation within.</param>
    public sealed record Invoke(long Operation, TCommand Command, TimeSpan Limit) : ClientInput<TCommand, TReply>;

    public sealed record SessionOpened(long Nonce, long Session) : ClientInput<TCommand, TReply>;

    public sealed record SessionExpired(long Session) : ClientInput<TCommand, TReply>;

    public sealed record Replied(long Session, long Number, TReply Reply) : ClientInput<TCommand, TReply>;

    public sealed record ReadReplied(long Number, TReply Reply) : ClientInput<TCommand, TReply>;

    /// <summary>Whom a server takes for the leader of its term; null when it knows none.</summary>
    /// <param name="Term">Its term.</param>
    /// <param name="Leader">The leader.</param>
    /// <param name="IsOutside">It knows none because it is no member itself.</param>
    public sealed record LeaderIs(long Term, NodeId? Leader, bool IsOutside = false) : ClientInput<TCommand, TReply>;

    /// <summary>The sender does not lead, and will not answer these requests: ask the leader.</summary>
    /// <param name="Access">Whether <paramref name="Number"/> counts reads or writes.</param>
    /// <param name="Number">Which request; 0 for all that the client asked of it.</param>
    /// <param name="Term">The term of the sender.</param>
    /// <param name="Leader">Whom it takes for the leader of that term.</param>
    public sealed record NotLeader(Access Access, long Number, long Term, NodeId? Leader) : ClientInput<TCommand, TReply>;

    /// <summary>The leader does not take this request now: ask again later.</summary>
    public sealed record Refused(Access Access, long Number, string Reason) : ClientInput<TCommand, TReply>;
}

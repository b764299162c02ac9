using ActorLab.Core;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>What applying an entry has to say to the client of that entry.</summary>
public abstract record LogAnswer(Address Client)
{
    public sealed record SessionOpened(Address Client, long Nonce, long Session) : LogAnswer(Client);

    public sealed record SessionExpired(Address Client, long Session) : LogAnswer(Client);

    public sealed record Replied(Address Client, long Session, long Number, KvReply Result) : LogAnswer(Client);
}

/// <summary>
/// The key-value store with the sessions of its clients, as entries of a replicated log change them: whatever agreed on
/// the log, equal logs give equal stores.
/// </summary>
/// <param name="Machine">The store.</param>
/// <param name="Sessions">The sessions.</param>
public readonly record struct ReplicatedStore(KvState Machine, SessionTable<KvReply> Sessions)
{
    public static readonly ReplicatedStore Empty = new(KvState.Empty, SessionTable<KvReply>.Empty);

    /// <summary>What a session knows of a command: whether it was applied, and what the answer was.</summary>
    public delegate (RequestStatus Status, KvReply? Reply) Lookup(
        SessionTable<KvReply> sessions, LogCommand.Operation operation);

    /// <summary>The lookup of the right ones: a command that was applied is answered with the reply that is kept.</summary>
    public static (RequestStatus Status, KvReply? Reply) Find(
        SessionTable<KvReply> sessions, LogCommand.Operation operation) =>
        sessions.Find(operation.Session, operation.Number);

    /// <param name="command">What the entry does.</param>
    /// <param name="index">Its place in the log, from 1.</param>
    /// <param name="maxSessions">How many sessions there may be.</param>
    /// <param name="lookup">Tells a new command from a repeated one.</param>
    public (ReplicatedStore After, LogAnswer? Answer) Apply(
        LogCommand command, long index, int maxSessions, Lookup lookup) => command switch
        {
            LogCommand.OpenSession open => (
                this with { Sessions = Sessions.Open(index, maxSessions) },
                new LogAnswer.SessionOpened(open.Client, open.Nonce, index)),
            LogCommand.Operation operation => ApplyOnce(operation, index, lookup),
            _ => (this, null), // a no-op
        };

    /// <summary>A command that was retried is answered from the session, and not applied again.</summary>
    private (ReplicatedStore After, LogAnswer? Answer) ApplyOnce(
        LogCommand.Operation operation, long index, Lookup lookup)
    {
        var (status, reply) = lookup(Sessions, operation);
        if (status == RequestStatus.NoSession)
        {
            return (this, new LogAnswer.SessionExpired(operation.Client, operation.Session));
        }

        var after = this;
        if (status == RequestStatus.New)
        {
            (var machine, reply) = KvStore.Instance.Apply(Machine, operation.Command);
            after = new ReplicatedStore(
                machine, Sessions.Keep(operation.Session, operation.Number, operation.FirstOutstanding, reply, index));
        }

        return (after, status == RequestStatus.Acknowledged
            ? null
            : new LogAnswer.Replied(operation.Client, operation.Session, operation.Number, reply!));
    }
}

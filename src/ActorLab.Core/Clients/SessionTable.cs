using MemoryPack;

namespace ActorLab.Core;

/// <summary>What a session table knows of a request.</summary>
public enum RequestStatus
{
    /// <summary>It was not applied: apply it.</summary>
    New,

    /// <summary>It was applied; the reply is kept.</summary>
    Applied,

    /// <summary>It was applied or given up, and its client no longer waits for a reply.</summary>
    Acknowledged,

    /// <summary>There is no such session: it was evicted, or never opened.</summary>
    NoSession,
}

/// <summary>The applied requests of one client.</summary>
/// <param name="LastUsed">The log index of its latest request.</param>
/// <param name="FirstOutstanding">The client waits for no request below this number.</param>
/// <param name="Replies">The replies to applied requests from there on, by the number of the request.</param>
[MemoryPackable]
public sealed partial record Session<TReply>(long LastUsed, long FirstOutstanding, Seq<(long Number, TReply Reply)> Replies)
{
    /// <summary>The replies that its client may still wait for.</summary>
    internal Seq<(long Number, TReply Reply)> Awaited(long firstOutstanding) =>
        firstOutstanding <= FirstOutstanding ? Replies : Replies.Skip(PlaceOf(firstOutstanding));

    /// <summary>The place of the first reply to this request or a later one.</summary>
    internal int PlaceOf(long number) => PlaceOf(Replies, number);

    /// <summary>Replies and one more: nearly always the newest.</summary>
    internal static Seq<(long Number, TReply Reply)> With(Seq<(long Number, TReply Reply)> replies, long number, TReply reply)
    {
        var place = PlaceOf(replies, number);
        return place == replies.Count ? replies.Add((number, reply))
            : replies[place].Number == number ? replies.SetItem(place, (number, reply))
            : replies.Take(place).Add((number, reply)).AddRange(replies.Skip(place));
    }

    private static int PlaceOf(Seq<(long Number, TReply Reply)> replies, long number)
    {
        var (low, high) = (0, replies.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = replies[middle].Number < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>
/// Makes a retried command apply once (Raft thesis 6.3; RIFL, SOSP 2015). A part of the replicated state: it changes only
/// with the log, so all servers evict the same sessions at the same place.
/// </summary>
[MemoryPackable]
public sealed partial record SessionTable<TReply>(Map<long, Session<TReply>> Sessions)
{
    /// <summary>How many unacknowledged replies one session may hold; a session with more is closed.</summary>
    public const int MostReplies = 65_536;

    public static readonly SessionTable<TReply> Empty = new(Map<long, Session<TReply>>.Empty);

    /// <summary>Opens the session whose number is the log index of its registration.</summary>
    /// <param name="index">The log index.</param>
    /// <param name="most">How many sessions there may be; the one used least recently makes room.</param>
    public SessionTable<TReply> Open(long index, int most)
    {
        var sessions = Sessions;
        while (sessions.Count >= most)
        {
            sessions = sessions.Remove(LeastRecentlyUsed(sessions));
        }

        return new SessionTable<TReply>(sessions.Set(index, new Session<TReply>(index, 1, default)));
    }

    /// <summary>What is known of a request, and its reply where that is kept.</summary>
    public (RequestStatus Status, TReply? Reply) Find(long session, long number)
    {
        if (!Sessions.TryGetValue(session, out var known))
        {
            return (RequestStatus.NoSession, default);
        }

        var place = known.PlaceOf(number);
        if (place < known.Replies.Count && known.Replies[place].Number == number)
        {
            return (RequestStatus.Applied, known.Replies[place].Reply);
        }

        return (number < known.FirstOutstanding ? RequestStatus.Acknowledged : RequestStatus.New, default);
    }

    /// <summary>Keeps the reply to a new request, and forgets those that the client acknowledged.</summary>
    public SessionTable<TReply> Keep(long session, long number, long firstOutstanding, TReply reply, long index)
    {
        var known = Sessions[session];
        var awaited = known.Awaited(firstOutstanding);
        return awaited.Count >= MostReplies
            ? new SessionTable<TReply>(Sessions.Remove(session))
            : new SessionTable<TReply>(Sessions.Set(session, new Session<TReply>(
                index, Math.Max(known.FirstOutstanding, firstOutstanding), Session<TReply>.With(awaited, number, reply))));
    }

    private static long LeastRecentlyUsed(Map<long, Session<TReply>> sessions)
    {
        var (oldest, lastUsed) = (0L, long.MaxValue);
        foreach (var (number, session) in sessions)
        {
            if (session.LastUsed < lastUsed)
            {
                (oldest, lastUsed) = (number, session.LastUsed);
            }
        }

        return oldest;
    }
}

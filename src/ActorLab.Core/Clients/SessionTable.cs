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
/// <param name="Replies">The replies to applied requests from there on.</param>
public sealed record Session<TReply>(long LastUsed, long FirstOutstanding, Map<long, TReply> Replies);

/// <summary>
/// Makes a retried command apply once (Raft thesis 6.3; RIFL, SOSP 2015). A part of the replicated state: it changes only
/// with the log, so all servers evict the same sessions at the same place.
/// </summary>
public sealed record SessionTable<TReply>(Map<long, Session<TReply>> Sessions)
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

        if (known.Replies.TryGetValue(number, out var reply))
        {
            return (RequestStatus.Applied, reply);
        }

        return (number < known.FirstOutstanding ? RequestStatus.Acknowledged : RequestStatus.New, default);
    }

    /// <summary>Keeps the reply to a new request, and forgets those that the client acknowledged.</summary>
    public SessionTable<TReply> Keep(long session, long number, long firstOutstanding, TReply reply, long index)
    {
        var known = Acknowledge(Sessions[session], firstOutstanding);
        return known.Replies.Count >= MostReplies
            ? new SessionTable<TReply>(Sessions.Remove(session))
            : new SessionTable<TReply>(Sessions.Set(
                session, known with { LastUsed = index, Replies = known.Replies.Set(number, reply) }));
    }

    private static Session<TReply> Acknowledge(Session<TReply> session, long firstOutstanding)
    {
        if (firstOutstanding <= session.FirstOutstanding)
        {
            return session;
        }

        var replies = session.Replies;
        foreach (var (number, _) in session.Replies)
        {
            if (number >= firstOutstanding)
            {
                break;
            }

            replies = replies.Remove(number);
        }

        return session with { FirstOutstanding = firstOutstanding, Replies = replies };
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

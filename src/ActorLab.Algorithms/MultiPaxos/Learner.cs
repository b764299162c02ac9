using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>The ledger of "The Part-Time Parliament": the decrees that were passed, written with indelible ink.</summary>
/// <param name="Ledger">What is chosen in the slots from 1 on, without a gap.</param>
[MemoryPackable]
public sealed partial record LearnerDisk(Seq<LogCommand> Ledger) : IDeltaDisk<LearnerDisk, LedgerDelta>
{
    public LedgerDelta DeltaSince(LearnerDisk earlier) => new(Ledger.Skip(earlier.Ledger.Count));

    public LearnerDisk Apply(LedgerDelta delta) => new(Ledger.AddRange(delta.Added));
}

/// <summary>What came to the end of a ledger.</summary>
[MemoryPackable]
public sealed partial record LedgerDelta(Seq<LogCommand> Added);

/// <summary>A command that is chosen while one before it is not known yet.</summary>
/// <param name="Command">The command.</param>
/// <param name="Answer">Its client is to be answered here.</param>
public sealed record ChosenAhead(LogCommand Command, bool Answer);

/// <param name="Disk">The ledger.</param>
/// <param name="Store">What comes of executing it.</param>
/// <param name="Ahead">What is chosen behind the first gap, by slot.</param>
/// <param name="Queries">Reads that wait for a slot to be executed.</param>
/// <param name="Asked">How often it asked another learner: they take turns.</param>
public sealed record LearnerState(
    LearnerDisk Disk, ReplicatedStore Store, Map<long, ChosenAhead> Ahead, Seq<Query> Queries, int Asked)
    : IOnDisk<LearnerDisk>
{
    public long Executed => Disk.Ledger.Count;
}

/// <summary>
/// Learns what was chosen (section 2.3), executes it slot by slot (section 3), and answers clients: a replica of the store.
/// </summary>
/// <param name="places">Where all roles are.</param>
/// <param name="options">The same for all roles.</param>
public class Learner(MultiPaxosPlaces places, MultiPaxosOptions options)
    : IRole<LearnerState, LearnerDisk, MultiPaxosMessage>
{
    /// <summary>What is farther ahead of the ledger is not kept: the gap is closed by asking, page by page.</summary>
    private const int MostAhead = 10_000;

    public LearnerDisk EmptyDisk { get; } = new(default(Seq<LogCommand>));

    public LearnerState Boot(LearnerDisk disk, Turn<MultiPaxosMessage> turn)
    {
        var store = ReplicatedStore.Empty;
        for (var i = 0; i < disk.Ledger.Count; i++)
        {
            (store, _) = store.Apply(disk.Ledger[i], i + 1, options.MaxSessions, Find);
        }

        return new LearnerState(disk, store, default, default, 0);
    }

    public LearnerState Receive(
        LearnerState state, Address sender, MultiPaxosMessage message, Turn<MultiPaxosMessage> turn)
    {
        switch (message)
        {
            case Chosen chosen:
                return Execute(Keep(state, chosen.Slot, chosen.Command, chosen.Answer), turn);

            case Decrees decrees:
                return CatchUp(state, sender, decrees, turn);

            case Heartbeat heartbeat:
                turn.Tell(sender, new Learned(state.Executed));
                return heartbeat.ChosenThrough > state.Executed ? AskAround(state, sender, turn) : state;

            case HowFar:
                turn.Tell(sender, new Learned(state.Executed));
                return state;

            case Ask ask:
                return Recall(state, sender, ask, turn);

            case Query query when query.Slot <= state.Executed:
                return Answer(state, query, turn);

            case Query query:
                return state.Queries.Count >= options.MaxWaitingReads ? state // its client asks again
                    : state with { Queries = state.Queries.Add(query) };

            default: // Nobody says anything else to a learner.
                return state;
        }
    }

    /// <summary>What a session knows of a command: whether it was applied, and what the answer was.</summary>
    protected virtual (RequestStatus Status, KvReply? Reply) Find(
        SessionTable<KvReply> sessions, LogCommand.Operation operation) => ReplicatedStore.Find(sessions, operation);

    /// <summary>
    /// The command to execute next: section 3, "the server can execute command i only if it has executed all before".
    /// </summary>
    protected virtual ChosenAhead? Next(LearnerState state) => state.Ahead.Find(state.Executed + 1);

    private static LearnerState Keep(LearnerState state, long slot, LogCommand command, bool answer) =>
        slot <= state.Executed || state.Ahead.ContainsKey(slot) || slot > state.Executed + MostAhead
            ? state
            : state with { Ahead = state.Ahead.Set(slot, new ChosenAhead(command, answer)) };

    /// <summary>
    /// Executes as far as there is no gap. Answers need not wait for the ledger's disk: what is chosen stays chosen,
    /// whether or not this learner remembers it.
    /// </summary>
    private LearnerState Execute(LearnerState state, Turn<MultiPaxosMessage> turn)
    {
        var (ledger, store, ahead) = (state.Disk.Ledger, state.Store, state.Ahead);
        while (Next(state) is { } next)
        {
            ahead = ahead.Remove(ledger.Count + 1);
            ledger = ledger.Add(next.Command);
            (store, var answer) = store.Apply(next.Command, ledger.Count, options.MaxSessions, Find);
            if (next.Answer)
            {
                Tell(answer, turn);
            }

            state = state with { Disk = new LearnerDisk(ledger), Store = store, Ahead = ahead };
        }

        var ready = state.Queries.Where(query => query.Slot <= state.Executed).ToSeq();
        foreach (var query in ready)
        {
            Answer(state, query, turn);
        }

        return ready.IsEmpty ? state
            : state with { Queries = state.Queries.Where(query => query.Slot > state.Executed).ToSeq() };
    }

    private static void Tell(LogAnswer? answer, Turn<MultiPaxosMessage> turn)
    {
        switch (answer)
        {
            case LogAnswer.SessionOpened opened:
                turn.TellBeforeDisk(opened.Client, new SessionOpened(opened.Nonce, opened.Session));
                break;
            case LogAnswer.SessionExpired expired:
                turn.TellBeforeDisk(expired.Client, new SessionExpired(expired.Session));
                break;
            case LogAnswer.Replied replied:
                turn.TellBeforeDisk(replied.Client, new Reply(replied.Session, replied.Number, replied.Result));
                break;
            default: // nobody waits for it
                break;
        }
    }

    private static LearnerState Answer(LearnerState state, Query query, Turn<MultiPaxosMessage> turn)
    {
        turn.TellBeforeDisk(
            query.Client,
            new ReadReply(query.Number, KvStore.Instance.Apply(state.Store.Machine, query.Command).Reply));
        return state;
    }

    /// <summary>
    /// Something was lost on its way here. The leader may have it still; if not, most of the other learners do.
    /// </summary>
    protected virtual LearnerState AskAround(LearnerState state, Address leader, Turn<MultiPaxosMessage> turn)
    {
        var ask = new Ask(state.Executed + 1);
        turn.Tell(leader, ask);
        var others = places.LearnerPlaces.Where(learner => learner != turn.Self).ToSeq();
        if (others.IsEmpty)
        {
            return state;
        }

        turn.Tell(others[state.Asked % others.Count], ask);
        return state with { Asked = (state.Asked + 1) % others.Count };
    }

    private LearnerState Recall(LearnerState state, Address learner, Ask ask, Turn<MultiPaxosMessage> turn)
    {
        if (ask.From < 1 || ask.From > state.Executed)
        {
            return state; // it knows no more than the one that asks
        }

        var (commands, bytes) = (Seq<LogCommand>.Empty, 0);
        foreach (var command in state.Disk.Ledger.Skip((int)ask.From - 1).Span)
        {
            bytes += command.Bytes;
            if (bytes > options.MaxPageBytes && !commands.IsEmpty)
            {
                break;
            }

            commands = commands.Add(command);
        }

        turn.Tell(learner, new Decrees(ask.From, commands, state.Executed));
        return state;
    }

    private LearnerState CatchUp(LearnerState state, Address sender, Decrees decrees, Turn<MultiPaxosMessage> turn)
    {
        var kept = state;
        for (var i = 0; i < decrees.Commands.Count; i++)
        {
            kept = Keep(kept, decrees.From + i, decrees.Commands[i], answer: false);
        }

        var after = Execute(kept, turn);
        if (after.Executed > state.Executed && after.Executed < decrees.Through)
        {
            turn.Tell(sender, new Ask(after.Executed + 1)); // the next page
        }

        return after;
    }
}

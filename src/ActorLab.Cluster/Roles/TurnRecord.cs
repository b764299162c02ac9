namespace ActorLab.Cluster;

/// <summary>A turn that was run in memory: what it shows and sends waits until its disk is durable.</summary>
/// <param name="Turn">Its number in this boot, from 1.</param>
/// <param name="At">When it ran: see <see cref="TraceRing.Now"/>.</param>
/// <param name="Input">What started it.</param>
/// <param name="Number">The number of the envelope that started it; 0 without one.</param>
/// <param name="Bytes">The size of that envelope.</param>
/// <param name="State">The state after it.</param>
/// <param name="Effects">What the role asked for.</param>
/// <param name="Change">The change of its disk; null where there is none.</param>
/// <param name="Chosen">The dice it threw, for the trace; empty mostly.</param>
/// <param name="Early">What has left already.</param>
/// <param name="Clock">What the role's clocks showed.</param>
/// <param name="FirstEnvelope">The number of the first message that it sends; the others follow in the order of its effects.</param>
internal sealed record TurnRecord(
    long Turn,
    long At,
    Input Input,
    long Number,
    int Bytes,
    object State,
    IReadOnlyList<Effect> Effects,
    byte[]? Change,
    IReadOnlyList<(int Chosen, int Options)> Chosen,
    IReadOnlyList<SentMessage> Early,
    ClockReading Clock,
    long FirstEnvelope);

/// <summary>A message that left, or was lost at once.</summary>
/// <param name="Send">The message.</param>
/// <param name="Number">Of its envelope.</param>
/// <param name="Bytes">Of its frame.</param>
/// <param name="LostTo">Why it is lost, as far as this end knows; null where it left whole.</param>
/// <param name="IsRepeated">It arrives twice.</param>
internal sealed record SentMessage(Effect.Send Send, long Number, int Bytes, string? LostTo, bool IsRepeated);

/// <summary>The turns that wait for the disk, in order, and which of them the write under way covers.</summary>
internal sealed class WaitingTurns(NodeLimits limits)
{
    private readonly Queue<TurnRecord> _turns = [];
    private int _underWay;
    private int _durable;
    private int _changes;
    private long _bytes;

    /// <summary>The last turn that the write under way covers, or the last write.</summary>
    public long DurableThrough { get; private set; }

    public bool IsEmpty => _turns.Count == 0;

    /// <summary>Too far ahead of the disk to take more input.</summary>
    public bool Full => _turns.Count >= limits.WaitingTurns || _bytes >= limits.WaitingBytes;

    public void Add(TurnRecord turn)
    {
        _turns.Enqueue(turn);
        _bytes += turn.Change?.Length ?? 0;
    }

    /// <summary>The changes of the oldest turns that fit in one journal event; null while one is under way or none waits.</summary>
    /// <param name="through">The state after the last of them.</param>
    public DiskBatch? TakeBatch(out object? through)
    {
        through = null;
        if (_underWay > 0 || _turns.Count == 0)
        {
            return null;
        }

        var changes = new List<byte[]>();
        var bytes = 0L;
        var seen = 0;
        foreach (var turn in _turns)
        {
            if (turn.Change is { } change)
            {
                if (changes.Count > 0 && (changes.Count >= limits.BatchTurns || bytes + change.Length > limits.BatchBytes))
                {
                    break;
                }

                changes.Add(change);
                bytes += change.Length;
            }

            seen++;
            through = turn.State;
            DurableThrough = turn.Turn;
        }

        (_underWay, _changes) = (seen, changes.Count);
        return DiskBatch.Pack(changes);
    }

    /// <summary>The write under way is durable.</summary>
    /// <returns>How many changes it held.</returns>
    public int Written()
    {
        var covered = _underWay;
        _underWay = 0;
        _durable += covered;
        return _changes;
    }

    /// <summary>The next turn whose disk is durable; null when the next one must wait.</summary>
    public TurnRecord? TakeDurable()
    {
        if (_turns.Count == 0 || (_durable == 0 && (_underWay > 0 || _turns.Peek().Change is not null)))
        {
            return null;
        }

        _durable = Math.Max(0, _durable - 1);
        var turn = _turns.Dequeue();
        _bytes -= turn.Change?.Length ?? 0;
        return turn;
    }

    /// <summary>A crash: the turns that never became durable.</summary>
    public IReadOnlyList<TurnRecord> Lose()
    {
        var lost = _turns.ToList();
        _turns.Clear();
        (_underWay, _durable, _bytes) = (0, 0, 0);
        return lost;
    }
}

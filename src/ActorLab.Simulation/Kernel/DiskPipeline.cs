using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>A turn that was taken in memory, and what is left to be done once the disk is safe.</summary>
/// <param name="Disk">The disk after the turn; null where the turn did not change it.</param>
/// <param name="State">The state after the turn.</param>
/// <param name="Input">What started it, for observers; null where there are none.</param>
/// <param name="Effects">All effects of the turn.</param>
/// <param name="Index">The event of the turn.</param>
/// <param name="IsShown">Observers and properties have seen it.</param>
internal readonly record struct PendingTurn(
    object? Disk, object State, Input? Input, IReadOnlyList<Effect> Effects, long Index, bool IsShown);

/// <summary>
/// The disk of one role and what waits for it. One sync is under way at a time and covers all turns that were taken when
/// it began; turns taken meanwhile wait for the next one, also those that wrote nothing, so that the order of what leaves
/// is the order of the turns.
/// </summary>
/// <param name="empty">What is on it at first.</param>
/// <param name="remembered">How many earlier disks it can fall back to, where disks lie.</param>
internal sealed class DiskPipeline(object empty, int remembered)
{
    private readonly Queue<PendingTurn> _waiting = [];
    private readonly LinkedList<object> _earlier = [];
    private object _readBack = empty;

    /// <summary>What a crash leaves.</summary>
    public object Synced { get; private set; } = empty;

    public bool IsIdle => _waiting.Count == 0;

    public bool IsSyncing => Covered > 0;

    /// <summary>What a crash left of the record that was being written, behind the whole ones; null for nothing.</summary>
    public byte[]? Tail { get; set; }

    /// <summary>How many of the turns that wait the sync under way covers.</summary>
    public int Covered { get; private set; }

    public IEnumerable<PendingTurn> Waiting => _waiting;

    public void Add(PendingTurn turn) => _waiting.Enqueue(turn);

    public void BeginSync() => Covered = _waiting.Count;

    /// <summary>
    /// The next turn that may be released after a sync, oldest first: call until false, then look at IsIdle.
    /// </summary>
    public bool TryRelease(out PendingTurn turn)
    {
        if (!_waiting.TryPeek(out turn) || (Covered == 0 && turn.Disk is not null))
        {
            return false;
        }

        _waiting.Dequeue();
        Covered = Math.Max(0, Covered - 1);
        Keep(turn);
        return true;
    }

    /// <summary>
    /// Loses what waits. Of the turns that the sync under way covers, the first may have reached the disk: the crash struck
    /// between disk and messages.
    /// </summary>
    /// <param name="written">How many did.</param>
    /// <returns>The turns that reached the disk.</returns>
    public Seq<PendingTurn> Crash(int written)
    {
        var reached = _waiting.Take(Math.Min(written, Covered)).ToSeq();
        foreach (var turn in reached)
        {
            Keep(turn);
        }

        _waiting.Clear();
        Covered = 0;
        return reached;
    }

    /// <summary>A disk that lied about its syncs falls back by so many writes.</summary>
    /// <returns>By how many it did.</returns>
    public int Forget(int writes)
    {
        var forgotten = 0;
        for (; forgotten < writes && _earlier.Last is { } last; forgotten++)
        {
            Synced = last.Value;
            _earlier.RemoveLast();
        }

        return forgotten;
    }

    /// <summary>Reads what lies behind the last whole record. What is no whole one is dropped.</summary>
    public void ReadTail(RoleBinding binding)
    {
        if (Tail is { } tail && DiskFrame.IsSound(tail))
        {
            Synced = binding.ApplyDelta(Synced, DiskFrame.RecordIn(tail));
        }

        Tail = null;
    }

    /// <summary>
    /// Reads the disk through its codec: what was written since the last time, as a journal gives it back, on top of what
    /// was read then.
    /// </summary>
    public void ReadBack(RoleBinding binding) =>
        Synced = _readBack = binding.ApplyDelta(_readBack, binding.WriteDelta(_readBack, Synced));

    private void Keep(in PendingTurn turn)
    {
        if (turn.Disk is null)
        {
            return;
        }

        if (remembered > 0)
        {
            _earlier.AddLast(Synced);
            if (_earlier.Count > remembered)
            {
                _earlier.RemoveFirst();
            }
        }

        Synced = turn.Disk;
    }
}

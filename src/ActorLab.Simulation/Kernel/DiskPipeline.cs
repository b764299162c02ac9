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
internal sealed class DiskPipeline(object empty)
{
    private readonly Queue<PendingTurn> _waiting = [];
    private int _covered;

    /// <summary>What a crash leaves.</summary>
    public object Synced { get; private set; } = empty;

    public bool IsIdle => _waiting.Count == 0;

    public bool IsSyncing => _covered > 0;

    public void Add(PendingTurn turn) => _waiting.Enqueue(turn);

    public void BeginSync() => _covered = _waiting.Count;

    /// <summary>
    /// The next turn that may be released after a sync, oldest first: call until false, then look at IsIdle.
    /// </summary>
    public bool TryRelease(out PendingTurn turn)
    {
        if (!_waiting.TryPeek(out turn) || (_covered == 0 && turn.Disk is not null))
        {
            return false;
        }

        _waiting.Dequeue();
        _covered = Math.Max(0, _covered - 1);
        Synced = turn.Disk ?? Synced;
        return true;
    }

    /// <summary>
    /// Loses what waits. Of the writes under way, any number of the first may have reached the disk though nobody was
    /// told: the crash struck between disk and messages.
    /// </summary>
    /// <returns>The turns that reached the disk.</returns>
    public Seq<PendingTurn> Crash(RandomStream random)
    {
        var reached = _waiting.Take(_covered == 0 ? 0 : random.Next(_covered + 1)).ToSeq();
        foreach (var turn in reached)
        {
            Synced = turn.Disk ?? Synced;
        }

        _waiting.Clear();
        _covered = 0;
        return reached;
    }

    public void ReadBack(RoleBinding binding) => Synced = binding.ReadDisk(binding.WriteDisk(Synced));
}

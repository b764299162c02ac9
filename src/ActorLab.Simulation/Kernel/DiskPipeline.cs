using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>What a turn left to be done once the disk is safe.</summary>
/// <param name="Disk">The disk after the turn; null where the turn did not change it.</param>
/// <param name="Effects">All effects of the turn.</param>
/// <param name="Cause">The event of the turn.</param>
internal readonly record struct Waiting(object? Disk, IReadOnlyList<Effect> Effects, long Cause);

/// <summary>
/// The disk of one role and what waits for it. One sync is under way at a time and covers all turns that were taken when
/// it began; turns taken meanwhile wait for the next one, also those that wrote nothing, so that the order of what leaves
/// is the order of the turns.
/// </summary>
internal sealed class DiskPipeline(object empty)
{
    private readonly Queue<Waiting> _waiting = [];
    private int _covered;

    /// <summary>What a crash leaves.</summary>
    public object Synced { get; private set; } = empty;

    public bool IsIdle => _waiting.Count == 0;

    public bool IsSyncing => _covered > 0;

    public void Add(Waiting waiting) => _waiting.Enqueue(waiting);

    public void BeginSync() => _covered = _waiting.Count;

    /// <summary>The next turn that may be released after a sync, oldest first: call until false, then look at IsIdle.</summary>
    public bool TryRelease(out Waiting waiting)
    {
        if (!_waiting.TryPeek(out waiting) || (_covered == 0 && waiting.Disk is not null))
        {
            return false;
        }

        _waiting.Dequeue();
        _covered = Math.Max(0, _covered - 1);
        Synced = waiting.Disk ?? Synced;
        return true;
    }

    /// <summary>
    /// Loses what waits. Of the writes under way, any number of the first may have reached the disk though nobody was
    /// told: the crash struck between disk and messages.
    /// </summary>
    public void Crash(RandomStream random)
    {
        for (var reached = _covered == 0 ? 0 : random.Next(_covered + 1); reached > 0; reached--)
        {
            Synced = _waiting.Dequeue().Disk ?? Synced;
        }

        _waiting.Clear();
        _covered = 0;
    }

    public void ReadBack(RoleBinding binding) => Synced = binding.ReadDisk(binding.WriteDisk(Synced));
}

using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorLab.Cluster;

/// <summary>
/// The disk of one role, as an event-sourced actor beneath it: reads what was kept, then writes one batch at a time. Now
/// and then it has the whole disk checkpointed, and the journal events before that deleted: so that the journal does not
/// grow for ever, and a boot reads a checkpoint and what is behind it. It is thrown away after any failure, and the role
/// starts another, which reads anew.
/// </summary>
internal sealed class DiskActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan CleanPause = TimeSpan.FromSeconds(1);

    private readonly RoleBinding _binding;
    private readonly IActorRef _role;
    private readonly int _life;
    private readonly CheckpointRule _rule;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private object _disk;
    private long _readThrough;
    private long _checkpointed;
    private Checkpoint? _underWay;

    /// <param name="persistenceId">The same for all boots of the role.</param>
    /// <param name="binding">Reads what was kept.</param>
    /// <param name="role">Who is told.</param>
    /// <param name="life">Comes back in every message, so that the role tells this actor from its predecessors.</param>
    /// <param name="rule">When a checkpoint is due.</param>
    public DiskActor(string persistenceId, RoleBinding binding, IActorRef role, int life, CheckpointRule rule)
    {
        PersistenceId = persistenceId;
        _binding = binding;
        _role = role;
        _life = life;
        _rule = rule;
        _disk = binding.EmptyDisk;
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: Checkpoint checkpoint } offer:
                _disk = checkpoint.Disk(_binding);
                _readThrough = offer.Metadata.SequenceNr;
                _rule.Took(checkpoint.Size);
                break;
            case DiskBatch batch:
                Follow(LastSequenceNr, LastSequenceNr - 1);
                _disk = batch.ApplyTo(_disk, _binding);
                _rule.Count(batch);
                break;
            case RecoveryCompleted:
                Follow(LastSequenceNr, LastSequenceNr);
                _role.Tell(new Kept(_life, _disk));
                _disk = _binding.EmptyDisk; // the role holds it from here on
                break;
            default:
                // Lifecycle messages of Akka.Persistence that carry none of the disk.
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Write write:
                PersistAsync(write.Batch, batch =>
                {
                    _role.Tell(new Written(_life));
                    _rule.Count(batch);
                    _disk = write.Disk;
                    CheckpointIfDue();
                });
                break;
            case SaveSnapshotSuccess saved:
                // Only now: before, the events are all there is.
                _rule.Took(_underWay?.Size ?? 0);
                _underWay = null;
                _checkpointed = saved.Metadata.SequenceNr;
                Clean();
                CheckpointIfDue(); // writes may have overtaken it, and been the last for a while
                break;
            case CleanUp:
                Clean();
                break;
            case SaveSnapshotFailure failed:
                _underWay = null;
                _log.Warning("{Disk} got no checkpoint, and its journal stays as long as it is: {Reason}", PersistenceId, failed.Cause.Message);
                break;
            case DeleteMessagesFailure failed:
                CleanLater(failed.Cause);
                break;
            case DeleteSnapshotsFailure failed:
                CleanLater(failed.Cause);
                break;
            default:
                // What was deleted is gone.
                break;
        }
    }

    private void Clean()
    {
        DeleteMessages(_checkpointed);
        DeleteSnapshots(new SnapshotSelectionCriteria(_checkpointed - 1));
    }

    /// <summary>What stays too long does no harm: the next boot passes it over. A store that is busy takes it a little later.</summary>
    private void CleanLater(Exception why)
    {
        _log.Warning("What the checkpoint of {Disk} replaced stays for a while: {Reason}", PersistenceId, why.Message);
        Timers.StartSingleTimer(CleanUp.Instance, CleanUp.Instance, CleanPause);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _role.Tell(new Broken(_life, reason));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _role.Tell(new Broken(_life, cause));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _role.Tell(new Broken(_life, cause));
        Context.Stop(Self);
    }

    /// <summary>One write is under way at a time, so the disk is what the last event of the journal made of it.</summary>
    private void CheckpointIfDue()
    {
        if (_underWay is null && _rule.IsDue)
        {
            _underWay = new Checkpoint(_disk, _binding);
            _rule.Begin();
            SaveSnapshot(_underWay);
        }
    }

    /// <summary>Each event stands right behind what was read before it: a checkpoint or events that are gone are damage.</summary>
    private void Follow(long now, long expected)
    {
        if (_readThrough != expected)
        {
            throw new DamagedDisk($"its events {_readThrough + 1} to {expected} are missing, and no checkpoint has them");
        }

        _readThrough = now;
    }

    /// <summary>The next batch, and the disk that it makes; only one is under way at a time.</summary>
    internal sealed record Write(DiskBatch Batch, object Disk) : INoSerializationVerificationNeeded;

    private sealed class CleanUp : INoSerializationVerificationNeeded
    {
        public static readonly CleanUp Instance = new();
    }

    /// <summary>What the disk held when it was opened.</summary>
    internal sealed record Kept(int Life, object Disk) : INoSerializationVerificationNeeded;

    /// <summary>The batch under way is durable.</summary>
    internal sealed record Written(int Life) : INoSerializationVerificationNeeded;

    /// <summary>Reading failed, or a write failed or may have failed: this actor is of no more use.</summary>
    internal sealed record Broken(int Life, Exception Cause) : INoSerializationVerificationNeeded;
}

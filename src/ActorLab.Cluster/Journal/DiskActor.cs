using Akka.Actor;
using Akka.Persistence;

namespace ActorLab.Cluster;

/// <summary>
/// The disk of one role, as an event-sourced actor beneath it: reads what was kept, then writes one batch at a time. It
/// is thrown away after any failure, and the role starts another, which reads anew.
/// </summary>
internal sealed class DiskActor : UntypedPersistentActor
{
    private readonly RoleBinding _binding;
    private readonly IActorRef _role;
    private readonly int _life;
    private object _disk;

    /// <param name="persistenceId">The same for all boots of the role.</param>
    /// <param name="binding">Reads what was kept.</param>
    /// <param name="role">Who is told.</param>
    /// <param name="life">Comes back in every message, so that the role tells this actor from its predecessors.</param>
    public DiskActor(string persistenceId, RoleBinding binding, IActorRef role, int life)
    {
        PersistenceId = persistenceId;
        _binding = binding;
        _role = role;
        _life = life;
        _disk = binding.EmptyDisk;
    }

    public override string PersistenceId { get; }

    // Checkpoints are not written, so none is looked for.
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case DiskBatch batch:
                _disk = batch.ApplyTo(_disk, _binding);
                break;
            case RecoveryCompleted:
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
        if (message is Write write)
        {
            PersistAsync(write.Batch, _ => _role.Tell(new Written(_life)));
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _role.Tell(new Broken(_life, reason));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _role.Tell(new Broken(_life, cause));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _role.Tell(new Broken(_life, cause));
        Context.Stop(Self);
    }

    /// <summary>The next batch; only one is under way at a time.</summary>
    internal sealed record Write(DiskBatch Batch) : INoSerializationVerificationNeeded;

    /// <summary>What the disk held when it was opened.</summary>
    internal sealed record Kept(int Life, object Disk) : INoSerializationVerificationNeeded;

    /// <summary>The batch under way is durable.</summary>
    internal sealed record Written(int Life) : INoSerializationVerificationNeeded;

    /// <summary>Reading failed, or a write failed or may have failed: this actor is of no more use.</summary>
    internal sealed record Broken(int Life, Exception Cause) : INoSerializationVerificationNeeded;
}

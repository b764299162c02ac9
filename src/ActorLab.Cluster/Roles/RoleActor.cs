using System.Diagnostics;
using Akka.Actor;
using Akka.Event;

namespace ActorLab.Cluster;

/// <summary>
/// Hosts one role at <c>/user/scenario/role</c>. It reads the role's disk, boots it, runs its turns, and writes their
/// changes one journal event at a time; while one is under way, later turns run in memory. A failed or ambiguous write,
/// or a role that breaks, is a crash: memory is thrown away and the role boots from its disk.
/// </summary>
internal sealed partial class RoleActor : UntypedActor, IWithTimers
{
    private const int OperationsAtOnce = 256;
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(30);

    /// <summary>A timer that is due, but has no room before the disk has written, is looked at again after so long.</summary>
    private static readonly TimeSpan NoRoomPause = TimeSpan.FromMilliseconds(20);

    private readonly RoleSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly QuietLog _dropped;
    private readonly RoleEngine _engine;
    private readonly RoleGate? _gate;
    private readonly TagList _tags;

    private readonly Alarm _alarm;
    private IActorRef _disk = ActorRefs.Nobody;
    private int _life;
    private long _writeBegan;
    private bool _running;
    private bool _halted;
    private TimeSpan _bootedAt;
    private TimeSpan _restartAfter;

    public RoleActor(RoleSetup setup)
    {
        _setup = setup;
        _tags = new TagList { { "scenario", setup.Scenario }, { "role", setup.Self.Role } };
        _dropped = new QuietLog(_log, TimeSpan.FromSeconds(10));
        var scheduler = Context.System.Scheduler;
        _engine = new RoleEngine(setup, () => scheduler.MonotonicClock);
        var self = Self;
        _alarm = new Alarm(() => self.Tell(TimerDue.Instance));
        _restartAfter = setup.Limits.RestartAfter;
        _gate = setup.Limits.Gates ? new RoleGate(setup.Limits.GateMessages) : null;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(RoleSetup setup) =>
        Akka.Actor.Props.Create(() => new RoleActor(setup)).WithMailbox("actorlab.role-mailbox");

    protected override void OnReceive(object message)
    {
        if (_halted)
        {
            (message as GateCommand)?.Answer(_setup.Hosted.HaltReason);
            return;
        }

        switch (message)
        {
            case RoleEnvelope envelope:
                OnEnvelope(envelope);
                break;
            case OperationsWait:
                OnOperations();
                break;
            case TimerDue:
                OnTimerDue();
                break;
            case DiskActor.Written written when written.Life == _life && _running:
                Timings.Sync.Record(Stopwatch.GetElapsedTime(_writeBegan).TotalSeconds, _tags);
                Guarded(_engine.Written);
                break;
            case DiskActor.Kept kept when kept.Life == _life:
                OnKept(kept.Disk);
                break;
            case DiskActor.Broken broken when broken.Life == _life:
                OnDiskBroken(broken.Cause);
                break;
            case Terminated stopped when stopped.ActorRef.Equals(_disk):
                OnDiskBroken(new InvalidOperationException("the journal stopped"));
                break;
            case OpenDisk:
                OnOpenDisk();
                break;
            case GateCommand command when _gate is not null:
                OnGate(command, _gate);
                break;
            case BadFrame bad:
                _setup.Post.Refused();
                _setup.Trace.Record(TraceRing.Now, TraceKind.Note, _setup.Self, $"refuses {bad.Reason}");
                _dropped.Warning("A message was dropped", bad.Reason);
                break;
            default:
                // Notices of disks that were given up, and what strangers send: no part of the algorithm.
                break;
        }
    }

    protected override void PostRestart(Exception reason) => Self.Tell(OpenDisk.Instance);

    /// <summary>The host itself failed: that is a crash of the role, which boots again from its disk.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _engine.Crash(reason.Message);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _alarm.Dispose();
        _engine.Stop();
        Unsettle("the role stopped");
        _setup.Door.Forget();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnOpenDisk()
    {
        var (id, binding, self, life) = (_setup.JournalId, _setup.Binding, Self, ++_life);
        var rule = new CheckpointRule(_setup.Limits.CheckpointRows, _setup.Limits.CheckpointBytes);
        _disk = Context.ActorOf(Akka.Actor.Props.Create(() => new DiskActor(id, binding, self, life, rule)), $"disk-{life}");
        Context.Watch(_disk);
    }

    private void OnKept(object disk)
    {
        long incarnation;
        try
        {
            incarnation = _setup.NextIncarnation();
        }
        catch (Exception e)
        {
            // It is a file in the data folder: what befalls it befalls the role's disk.
            OnDiskBroken(e);
            return;
        }

        Guarded(() => Boot(disk, incarnation));
    }

    private void Boot(object disk, long incarnation)
    {
        _engine.Boot(disk, incarnation);
        _running = true;
        _bootedAt = Now;
        _log.Info("{Role} runs: incarnation {Incarnation}", _setup.Self, incarnation);
        _setup.Hosted.Runs(incarnation);
        var self = Self;
        _setup.Door.WakeBy(() => self.Tell(OperationsWait.Instance));
        self.Tell(OperationsWait.Instance);
    }

    private void OnOperations()
    {
        _setup.Door.Awake();
        if (!_running || _engine.Full)
        {
            return; // they wait at the door; the next boot or written batch looks there again
        }

        Guarded(() =>
        {
            for (var i = 0; i < OperationsAtOnce && !_engine.Full && _setup.Door.TryTake(out _, out var message); i++)
            {
                _engine.Operate(message);
            }
        });
        _setup.Door.Wake();
    }

    private void OnTimerDue()
    {
        _alarm.Heard();
        if (!_running)
        {
            return;
        }

        Guarded(() =>
        {
            while (!_engine.Full && _engine.ExpireNext())
            {
                // Each expiry is a turn of its own.
            }
        });
    }

    /// <summary>Runs turns. A role that breaks on its input crashes; the node and its other roles live on.</summary>
    private void Guarded(Action turns) => Guarded(static (_, given) => given(), turns);

    /// <summary>The same without a closure: every message of a role comes by here.</summary>
    private void Guarded<T>(Action<RoleActor, T> turns, T with)
    {
        try
        {
            turns(this, with);
            Continue();
        }
        catch (Exception e)
        {
            _log.Error(e, "{Role} broke and boots again from its disk: {Reason}", _setup.Self, e.Message);
            Crash(e.Message);
        }
    }

    /// <summary>Writes what waits, and sees to it that the next timer wakes this actor.</summary>
    private void Continue()
    {
        if (_engine.TakeWrite() is { } write)
        {
            _writeBegan = Stopwatch.GetTimestamp();
            _disk.Tell(write);
        }
        else
        {
            _setup.Door.Wake();
        }

        Settle();
        if (_gate is null && _engine.Timers.Next is { } next)
        {
            _alarm.Set(next, Now, _engine.Full ? NoRoomPause : TimeSpan.Zero);
        }
    }

    private void OnDiskBroken(Exception cause)
    {
        switch (DiskTroubles.Of(cause))
        {
            case DiskTrouble.Full:
                Halt(
                    $"The disk of {_setup.Self} is full, so it stopped; what it acknowledged is kept. Make room and restart the node. ({cause.Message})",
                    damaged: false);
                break;
            case DiskTrouble.Damaged:
                Halt(
                    $"What {_setup.Self} had kept cannot be read: {cause.Message}. Stop the node, move its data folder away, and "
                    + "start it with an empty one; in a replicated service only while a majority of the others is whole.",
                    damaged: true);
                break;
            default:
                _log.Error(cause, "{Role} could not read or write its disk and boots again from it: {Reason}", _setup.Self, cause.Message);
                Crash(cause.Message);
                break;
        }
    }

    private void Crash(string reason)
    {
        Discard(reason);
        if (Now - _bootedAt > CalmAfter)
        {
            _restartAfter = _setup.Limits.RestartAfter;
        }

        Timers.StartSingleTimer(OpenDisk.Instance, OpenDisk.Instance, _restartAfter);
        var most = _setup.Limits.RestartAtMost;
        _restartAfter = _restartAfter * 2 < most ? _restartAfter * 2 : most;
    }

    private void Halt(string reason, bool damaged)
    {
        _log.Error("{Role} halts: {Reason}", _setup.Self, reason);
        Discard(reason);
        _halted = true;
        _setup.Hosted.Halts(reason, damaged);
        _setup.Door.Close(reason);
    }

    private void Discard(string reason)
    {
        _running = false;
        _life++; // late words of this disk are no longer listened to
        Context.Unwatch(_disk);
        Context.Stop(_disk);
        _disk = ActorRefs.Nobody;
        Timers.CancelAll();
        _alarm.Off();
        _engine.Crash(reason);
        Unsettle(reason);
        _setup.Door.Forget();
    }

    /// <summary>Begin, or begin again.</summary>
    internal sealed class OpenDisk : INoSerializationVerificationNeeded
    {
        public static readonly OpenDisk Instance = new();
    }

    private sealed class OperationsWait : INoSerializationVerificationNeeded
    {
        public static readonly OperationsWait Instance = new();
    }

    private sealed class TimerDue : INoSerializationVerificationNeeded
    {
        public static readonly TimerDue Instance = new();
    }
}

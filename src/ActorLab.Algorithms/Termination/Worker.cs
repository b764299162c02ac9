using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.Termination;

/// <summary>
/// A process of a computation that spreads and ends: it is active while it has tasks and passive without, does them one by
/// one, and hands on half of what is left. What it has and what is on its way is recorded as the money of a bank is. Whoever
/// is asked detects the end: it takes snapshots until one has no task, in no process and no channel. That is stable, so what
/// was true of the recorded state is true now (Chandy and Lamport 1985, section 5).
/// </summary>
public class Worker(AccountOptions options) : ChandyLamportProcess(options)
{
    public const long MostTasks = 1_000_000;

    private const string TaskTimer = "task";
    private const string LookTimer = "look";

    /// <summary>What one task takes.</summary>
    private static readonly Timer Task = Timer.Between(
        TaskTimer, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60));

    /// <summary>From a snapshot that found work to the next.</summary>
    private static readonly Timer Look = Timer.Fixed(LookTimer, TimeSpan.FromMilliseconds(100));

    public override AccountState Boot(AccountDisk disk, Turn<BankMessage> turn)
    {
        if (disk.Balance > 0)
        {
            turn.Start(Task);
        }

        if (disk.Watch is { Found: null })
        {
            turn.Start(Look); // the snapshot that was under way may be complete, with nobody told
        }

        return new AccountState(disk, default);
    }

    public override AccountState Receive(AccountState state, Address sender, BankMessage message, Turn<BankMessage> turn)
    {
        switch (message)
        {
            case Work or Detect when sender != Address.Outside:
                return state; // What users may ask, no worker asks.

            case Work work when work.Tasks < 1 || work.Tasks > MostTasks - state.Disk.Balance:
                return Refuse(
                    state, work.Operation, work,
                    $"{turn.Self.Node} has {state.Disk.Balance} tasks and holds 0 to {MostTasks}: "
                    + $"it cannot take {work.Tasks} more.",
                    turn);

            case Work work:
                Answer(turn, work.Operation, work, new AccountStatement(state.Disk.Balance + work.Tasks, default));
                return Bring(state, work.Tasks, turn);

            case Detect detect:
                turn.Report(new HistoryEvent.Invoked(detect.Operation, detect));
                return WatchFor(state with { Watchers = state.Watchers.Set(detect.Operation, FirstFor(state)) }, turn);

            default:
                return base.Receive(state, sender, message, turn);
        }
    }

    public override AccountState Expire(AccountState state, Timer timer, Turn<BankMessage> turn) => timer.Name switch
    {
        TaskTimer => DoOne(state, turn),
        LookTimer => Begin(state, turn),
        _ => base.Expire(state, timer, turn),
    };

    protected override AccountState Arrive(AccountState state, NodeId channel, Transfer transfer, Turn<BankMessage> turn)
    {
        var arrived = base.Arrive(state, channel, transfer, turn);
        if (state.Disk.Balance == 0)
        {
            turn.Start(Task);
        }

        return arrived;
    }

    /// <summary>
    /// A snapshot that was begun before somebody asked tells nothing of the work that came since: it answers only those who
    /// had asked by then, and for the others the watch goes on.
    /// </summary>
    protected override AccountState Complete(AccountState state, GlobalSnapshot snapshot, Turn<BankMessage> turn)
    {
        if (state.Disk.Watch is not { Found: null } watch || snapshot.Id.Number < watch.From)
        {
            return state;
        }

        if (!IsOver(snapshot))
        {
            LookAgain(turn);
            return state;
        }

        turn.Note($"detects the end of the work by {snapshot.Id}");
        var answered = state.Watchers.Where(watcher => watcher.Value <= snapshot.Id.Number).ToList();
        foreach (var (operation, first) in answered)
        {
            var end = new WorkDone(snapshot.Id, snapshot.Id.Number - first + 1);
            turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, end, ""));
        }

        var left = state with { Watchers = state.Watchers.RemoveAll(answered.Select(watcher => watcher.Key)) };
        if (!left.Watchers.IsEmpty)
        {
            LookAgain(turn);
            return left;
        }

        return left with { Disk = left.Disk with { Watch = watch with { Found = snapshot.Id } } };
    }

    /// <summary>The number of the first snapshot that can tell somebody who asks now.</summary>
    protected virtual int FirstFor(AccountState state) => state.Disk.Taken + 1;

    /// <summary>All processes are passive, and all channels empty.</summary>
    protected virtual bool IsOver(GlobalSnapshot snapshot) => snapshot.Total == 0;

    protected virtual void LookAgain(Turn<BankMessage> turn) => turn.Start(Look);

    /// <summary>One that is active already has its timer: who brings work again and again must not put the first task off.</summary>
    private static AccountState Bring(AccountState state, long tasks, Turn<BankMessage> turn)
    {
        if (state.Disk.Balance == 0)
        {
            turn.Start(Task);
        }

        return Credit(state, tasks);
    }

    /// <summary>The first who asks begins a watch, and later ones join it.</summary>
    private AccountState WatchFor(AccountState state, Turn<BankMessage> turn) => state.Disk.Watch is { Found: null }
        ? state
        : Begin(state with { Disk = state.Disk with { Watch = new Watch(state.Disk.Taken + 1, null) } }, turn);

    private AccountState DoOne(AccountState state, Turn<BankMessage> turn)
    {
        Invariant.Require(state.Disk.Balance > 0, "a process works only while it is active");
        var done = Credit(state, -1);
        var (left, others) = (done.Disk.Balance, Options.Outgoing);
        if (left > 0 && !others.IsEmpty)
        {
            done = Pay(done, turn.Choose(others.ToList()), (left + 1) / 2, turn);
        }

        if (done.Disk.Balance > 0)
        {
            turn.Start(Task);
        }

        return done;
    }
}

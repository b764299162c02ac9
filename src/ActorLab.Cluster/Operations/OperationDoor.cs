using System.Collections.Concurrent;

namespace ActorLab.Cluster;

/// <summary>
/// The way of operations into one role. Callers put them into a queue and wake the role once for many; the role takes
/// them in its own time, each under the next number, and completes them by number.
/// </summary>
internal sealed class OperationDoor : IDisposable
{
    private static readonly TimeSpan SweepEach = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<PendingOperation> _queue = new();
    private readonly ConcurrentDictionary<long, PendingOperation> _taken = new();
    private readonly System.Threading.Timer _sweeper;
    private readonly string _role;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly int _capacity;
    private Action? _wake;
    private string? _closed;
    private string? _stopping;
    private int _open;
    private int _woken;
    private int _sweeping;
    private long _number;

    public OperationDoor(string role, int capacity)
    {
        _role = role;
        _tag = new("role", role);
        _capacity = capacity;
        _sweeper = new System.Threading.Timer(_ => Sweep());
    }

    /// <summary>Why nothing is taken; null while the door is open. A stop is for good, whatever the role does.</summary>
    private string? Closed => Volatile.Read(ref _stopping) ?? Volatile.Read(ref _closed);

    public Task<OperationResult> SubmitAsync(Func<long, object> build, TimeSpan patience, CancellationToken stopped)
    {
        if (Closed is { } reason)
        {
            return Failed(reason);
        }

        if (Interlocked.Increment(ref _open) > _capacity)
        {
            Interlocked.Decrement(ref _open);
            return Failed($"{_role} is too busy: {_capacity} operations wait for an answer. Try again later.");
        }

        var operation = new PendingOperation(_tag, build, Environment.TickCount64 + (long)patience.TotalMilliseconds);
        operation.StopWith(stopped);
        _queue.Enqueue(operation);
        Wake();
        ArmSweeper();
        if (Closed is { } closed)
        {
            // It may have come in behind the one who closed.
            Drain(closed);
        }

        return operation.Result;
    }

    /// <summary>Sets how to tell the role that operations wait.</summary>
    public void WakeBy(Action wake)
    {
        _wake = wake;
        Volatile.Write(ref _closed, null);
    }

    /// <summary>The role will look: call before <see cref="TryTake"/>, so that later arrivals wake it again.</summary>
    public void Awake() => Volatile.Write(ref _woken, 0);

    /// <summary>Wakes the role, unless it is woken already or nothing waits.</summary>
    public void Wake()
    {
        if (!_queue.IsEmpty && _wake is { } wake && Interlocked.Exchange(ref _woken, 1) == 0)
        {
            wake();
        }
    }

    /// <summary>The next operation for the role, in its own words; false when none waits.</summary>
    public bool TryTake(out long number, out object message)
    {
        while (_queue.TryDequeue(out var operation))
        {
            if (!operation.Take())
            {
                Leave();
                continue;
            }

            number = ++_number;
            try
            {
                message = operation.Build(number);
                _taken[number] = operation;
                return true;
            }
            catch (Exception e)
            {
                // The builder is the front's code over a user's words: its failure concerns that user alone.
                Leave();
                operation.Complete(new OperationResult(Outcome.Failed, null, $"The operation cannot be put to {_role}: {e.Message}"));
            }
        }

        (number, message) = (0, "");
        return false;
    }

    /// <summary>The role reported an end. Unknown numbers are those whose caller has given up.</summary>
    public void Complete(HistoryEvent.Completed completed)
    {
        if (_taken.TryRemove(completed.Operation, out var operation))
        {
            Leave();
            operation.Complete(new OperationResult(completed.Outcome, completed.Reply, completed.Reason));
        }
    }

    /// <summary>The role lost its memory: it will never report on what it had taken.</summary>
    public void Forget() => Forget("crashed and restarted before it answered");

    private void Forget(string what)
    {
        foreach (var number in _taken.Keys)
        {
            if (_taken.TryRemove(number, out var operation))
            {
                Leave();
                operation.Complete(new OperationResult(
                    Outcome.Unknown, null, $"{_role} {what}: it is unknown whether the operation took effect."));
            }
        }
    }

    /// <summary>The role takes no more operations, for this reason.</summary>
    public void Close(string reason)
    {
        Volatile.Write(ref _closed, reason);
        Forget();
        Drain(reason);
    }

    /// <summary>As <see cref="Close"/>, but no boot of the role opens the door again.</summary>
    /// <param name="who">Such as <c>this node</c>.</param>
    public void Stop(string who)
    {
        var reason = $"{char.ToUpperInvariant(who[0])}{who[1..]} is stopping.";
        Interlocked.CompareExchange(ref _stopping, reason, null);
        Forget($"did not answer before {who} stopped");
        Drain(reason);
    }

    public void Dispose()
    {
        Stop("this node");
        _sweeper.Dispose();
    }

    private void Leave() => Interlocked.Decrement(ref _open);

    private void Drain(string reason)
    {
        while (_queue.TryDequeue(out var operation))
        {
            Leave();
            if (operation.Take())
            {
                operation.Complete(new OperationResult(Outcome.Failed, null, reason));
            }
        }
    }

    private static Task<OperationResult> Failed(string reason) => Task.FromResult(new OperationResult(Outcome.Failed, null, reason));

    /// <summary>Ends what waited too long. It runs only while something waits, and one timer serves all.</summary>
    private void Sweep()
    {
        Volatile.Write(ref _sweeping, 0);
        var now = Environment.TickCount64;
        foreach (var (number, operation) in _taken)
        {
            if (operation.Deadline <= now && _taken.TryRemove(number, out _))
            {
                Leave();
                operation.Complete(new OperationResult(
                    Outcome.Unknown, null, $"{_role} did not answer in time: it is unknown whether the operation took effect."));
            }
        }

        foreach (var operation in _queue)
        {
            if (operation.Deadline <= now && operation.Take())
            {
                operation.Complete(new OperationResult(
                    Outcome.Failed, null, $"{_role} took no operations for too long; this one was not begun and never will be."));
            }
        }

        if (Volatile.Read(ref _open) > 0)
        {
            ArmSweeper();
        }
    }

    private void ArmSweeper()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 0)
        {
            try
            {
                _sweeper.Change(SweepEach, Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // The node stopped while this ran; Dispose has ended all that waited.
            }
        }
    }
}

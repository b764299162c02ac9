using System.Diagnostics;

namespace ActorLab.Cluster;

/// <summary>An operation whose caller waits. It is taken once, and completed once.</summary>
internal sealed class PendingOperation(KeyValuePair<string, object?> role, Func<long, object> build, long deadline)
{
    /// <summary>Of the metric, by outcome.</summary>
    private static readonly KeyValuePair<string, object?>[] Words =
        [.. Enum.GetNames<Outcome>().Select(name => new KeyValuePair<string, object?>("outcome", name.ToLowerInvariant()))];

    // Actors complete it: without the option the caller's code would run on the role's thread.
    private readonly TaskCompletionSource<OperationResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();
    private CancellationTokenRegistration _stop;
    private int _taken;

    /// <summary>In ticks of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline => deadline;

    public Task<OperationResult> Result => _result.Task;

    public object Build(long number) => build(number);

    /// <summary>True for one caller only: who takes it decides that it is begun, or that it never will be.</summary>
    public bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void StopWith(CancellationToken stopped)
    {
        if (stopped.CanBeCanceled)
        {
            _stop = stopped.UnsafeRegister(static state => ((PendingOperation)state!).Abandon(), this);
        }
    }

    public void Complete(OperationResult result)
    {
        if (_result.TrySetResult(result))
        {
            Timings.Operation.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, role, Words[(int)result.Outcome]);
            _stop.Unregister();
        }
    }

    private void Abandon() => Complete(Take()
        ? new OperationResult(Outcome.Failed, null, "The caller left before the operation was begun.")
        : new OperationResult(Outcome.Unknown, null, "The caller left before the answer: it is unknown whether the operation took effect."));
}

using System.Collections.Immutable;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorLab.Cluster.Tests;

/// <summary>What a test does to the journal of one actor system. It outlives the journal's actor.</summary>
internal sealed class JournalGate : Setup
{
    private volatile TaskCompletionSource _open = Opened();
    private int _writes;
    private int _waiting;

    /// <summary>Writes that came through.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Writes that stand before the gate.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Thrown in the place of the next writes, while it is set.</summary>
    public Exception? FailBefore { get; set; }

    /// <summary>Thrown after the next writes took place, while it is set.</summary>
    public Exception? FailAfter { get; set; }

    public void Close() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public async Task Pass()
    {
        Interlocked.Increment(ref _waiting);
        await _open.Task;
        Interlocked.Decrement(ref _waiting);
        if (FailBefore is { } failure)
        {
            throw failure;
        }
    }

    public void Passed()
    {
        Interlocked.Increment(ref _writes);
        if (FailAfter is { } failure)
        {
            throw failure;
        }
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}

/// <summary>Akka's in-memory journal behind a gate.</summary>
internal sealed class GatedJournal : MemoryJournal
{
    private readonly JournalGate _gate = Context.System.Settings.Setup.Get<JournalGate>().Value;

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var kept = messages.ToList();
        await _gate.Pass();
        var result = await base.WriteMessagesAsync(kept, cancellationToken);
        _gate.Passed();
        return result;
    }
}

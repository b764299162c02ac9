using System.Diagnostics;
using ActorLab.Console;
using ActorLab.Core;
using Serilog;

namespace ActorLab.Lab;

/// <summary>A fault of a plan that is played.</summary>
/// <param name="At">When it strikes, from the start of the plan.</param>
/// <param name="Action">What it does.</param>
public sealed record PlayedFault(TimeSpan At, FaultAction Action)
{
    /// <summary>When it has struck; null before.</summary>
    public TimeSpan? Struck { get; init; }

    /// <summary>Why it could not strike; null where it could.</summary>
    public string? Trouble { get; init; }
}

/// <summary>
/// Plays a fault plan on a running lab: what is in force from the start, then the schedule, in real time. One at a time. What it
/// put in force stays when the schedule is over, as in the simulator, until it is stopped.
/// </summary>
public sealed class FaultPlayer(FaultStriker striker, ILogger log) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly Stopwatch _watch = new();
    private CancellationTokenSource? _stop;
    private Task _playing = Task.CompletedTask;
    private PlayedFault[] _faults = [];
    private bool _isOver;

    /// <summary>Whether faults are to come.</summary>
    public bool IsPlaying => !_playing.IsCompleted;

    /// <summary>Since the plan began; until its end where it has ended.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>All faults of the last plan, in the order in which they strike; empty where none was played, or all is taken back.</summary>
    public IReadOnlyList<PlayedFault> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Ends when the schedule is over, or was stopped.</summary>
    public Task Playing => _playing;

    /// <summary>Begins to play; ends when what is in force from the start has reached the nodes.</summary>
    /// <exception cref="CommandFailed">A plan is being played.</exception>
    public async Task Start(FaultPlan plan, CancellationToken stopped)
    {
        await _one.WaitAsync(stopped).ConfigureAwait(false);
        try
        {
            if (_isOver || IsPlaying)
            {
                throw new CommandFailed("A fault plan is being played: fault stop ends it, fault show tells how far it is.");
            }

            await striker.TakeBack(stopped).ConfigureAwait(false); // what the last plan left
            lock (_gate)
            {
                _faults = [.. Beginning(plan).Concat(plan.Schedule.OrderBy(fault => fault.At)).Select(fault => new PlayedFault(fault.At, fault.Action))];
            }

            _stop?.Dispose();
            _stop = new CancellationTokenSource();
            _watch.Restart();
            for (var i = 0; i < _faults.Length && _faults[i].At == TimeSpan.Zero; i++)
            {
                await Strike(i, stopped).ConfigureAwait(false);
            }

            _watch.Restart(); // what is in force from the start is in force
            _playing = Task.Run(() => Play(_stop.Token), CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Plays no further, and takes back what the plan put in force. Nodes that it ended stay down.</summary>
    /// <returns>The nodes that are down by its doing.</returns>
    /// <exception cref="CommandFailed">No plan was played, or all of it is taken back.</exception>
    public async Task<IReadOnlyList<string>> Stop(CancellationToken stopped)
    {
        if (Faults.Count == 0)
        {
            throw new CommandFailed("No fault plan was played: fault run FILE plays one.");
        }

        await _one.WaitAsync(stopped).ConfigureAwait(false);
        try
        {
            await End().ConfigureAwait(false);
            var down = await striker.TakeBack(stopped).ConfigureAwait(false);
            lock (_gate)
            {
                _faults = [];
            }

            return down;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        _isOver = true;
        await End().ConfigureAwait(false);
        _one.Release(); // whoever waits is told that it is over
        _stop?.Dispose();
    }

    private static IEnumerable<ScriptedFault> Beginning(FaultPlan plan)
    {
        if (!plan.Cuts.IsEmpty)
        {
            yield return new ScriptedFault(TimeSpan.Zero, new FaultAction.Cut(plan.Cuts));
        }

        if (!plan.Messages.IsEmpty)
        {
            yield return new ScriptedFault(TimeSpan.Zero, new FaultAction.Messages(plan.Messages));
        }

        if (!plan.Links.IsEmpty)
        {
            yield return new ScriptedFault(TimeSpan.Zero, new FaultAction.SetLinks(plan.Links));
        }
    }

    private async Task End()
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await _playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Play(CancellationToken stopped)
    {
        try
        {
            for (var i = 0; i < _faults.Length; i++)
            {
                if (_faults[i].Struck is null)
                {
                    var wait = _faults[i].At - _watch.Elapsed;
                    await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, stopped).ConfigureAwait(false);
                    await Strike(i, stopped).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
        finally
        {
            _watch.Stop();
        }
    }

    private async Task Strike(int place, CancellationToken stopped)
    {
        var fault = _faults[place];
        string? trouble = null;
        var at = fault.At == TimeSpan.Zero ? TimeSpan.Zero : _watch.Elapsed;
        try
        {
            await striker.Strike(fault.Action, stopped).ConfigureAwait(false);
        }
        catch (CommandFailed e)
        {
            trouble = e.Message;
        }

        log.Information("Fault plan at {At}: {Fault} {Trouble}", at, FaultWords.Of(fault.Action), trouble ?? "");
        lock (_gate)
        {
            _faults[place] = fault with { Struck = at, Trouble = trouble };
        }
    }
}

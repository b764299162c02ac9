using System.Collections.Concurrent;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>One edit of the fault plan.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="What">As the user asked it, such as <c>split n1,n2|n3,n4,n5</c>.</param>
/// <param name="Plan">The plan since then.</param>
public sealed record FaultEdit(DateTimeOffset At, string What, FaultPlan Plan);

/// <summary>
/// Holds the fault plan of the lab and fans it out. A node that does not take it now (it is paused, or about to start)
/// gets it as soon as it answers; one that starts reads it from its configuration before its remoting starts.
/// </summary>
/// <param name="supervisor">Says which nodes run.</param>
/// <param name="apply">Gives a plan to a node.</param>
/// <param name="saved">Told of each edit, for the log.</param>
public sealed class FaultPlans(Supervisor supervisor, Func<string, FaultPlan, CancellationToken, Task> apply, Action<FaultEdit>? saved = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private const int KeptEdits = 1000;

    private readonly Lock _gate = new();
    private readonly List<FaultEdit> _edits = [];
    private readonly ConcurrentDictionary<string, (int Starts, long Version)> _applied = new(StringComparer.Ordinal);

    /// <summary>What was asked for.</summary>
    public FaultPlan Current { get; private set; } = FaultPlan.None;

    /// <summary>The edits so far, the oldest first; at most the last 1,000.</summary>
    public IReadOnlyList<FaultEdit> Edits
    {
        get
        {
            lock (_gate)
            {
                return [.. _edits];
            }
        }
    }

    /// <summary>Changes the plan and gives it to every node that runs.</summary>
    /// <returns>The new plan, and the nodes that run and did not confirm it.</returns>
    public async Task<(FaultPlan Plan, IReadOnlyList<string> Missing)> Change(
        string what, Func<FaultPlan, Set<Link>> edit, CancellationToken stopped)
    {
        FaultEdit made;
        lock (_gate)
        {
            Current = Current.WithCuts(edit(Current));
            made = new FaultEdit(DateTimeOffset.Now, what, Current);
            _edits.Add(made);
            if (_edits.Count > KeptEdits)
            {
                _edits.RemoveAt(0);
            }
        }

        saved?.Invoke(made);
        await Fan(stopped).ConfigureAwait(false);
        return (made.Plan, [.. Lagging().Select(node => node.Name)]);
    }

    /// <summary>Runs until it is stopped: gives the plan to nodes that do not have it.</summary>
    public async Task Reconcile(CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, stopped).ConfigureAwait(false);
                await Fan(stopped).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The lab is ending.
        }
    }

    private Task Fan(CancellationToken stopped) => Task.WhenAll(Lagging().Select(node => Give(node, stopped)));

    private IEnumerable<NodeInfo> Lagging() => supervisor.Nodes.Where(node =>
        node.Life == NodeLife.Running
        && _applied.GetValueOrDefault(node.Name) != (node.Starts, Current.Version)
        && Current.Version > 0);

    private async Task Give(NodeInfo node, CancellationToken stopped)
    {
        var plan = Current;
        try
        {
            await apply(node.Name, plan, stopped).ConfigureAwait(false);
            _applied[node.Name] = (node.Starts, plan.Version);
        }
        catch (NodeSilent)
        {
            // It lags: the next round tries again.
        }
    }
}

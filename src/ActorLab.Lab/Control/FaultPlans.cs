using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>One edit of the fault plan.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="What">As the user asked it, such as <c>split n1,n2|n3,n4,n5</c>.</param>
/// <param name="Plan">The plan since then.</param>
public sealed record FaultEdit(DateTimeOffset At, string What, FaultPlan Plan);

/// <summary>Holds the fault plan of the lab and fans it out; a node that starts reads it before its remoting starts.</summary>
public sealed class FaultPlans
{
    private const int KeptEdits = 1000;

    private readonly NewestPlan<FaultPlan> _plan = new(FaultPlan.None, plan => plan.Version, (plan, version) => plan with { Version = version });
    private readonly List<FaultEdit> _edits = [];
    private readonly Action<FaultEdit>? _saved;
    private readonly FanOut<FaultPlan> _fan;

    /// <param name="supervisor">Says which nodes run.</param>
    /// <param name="apply">Gives a plan to a node, and says which version it has then.</param>
    /// <param name="saved">Told of each edit, for the log.</param>
    public FaultPlans(Supervisor supervisor, Func<string, FaultPlan, CancellationToken, Task<long>> apply, Action<FaultEdit>? saved = null)
    {
        _saved = saved;
        _fan = new FanOut<FaultPlan>(supervisor, _plan, apply);
    }

    /// <summary>What was asked for.</summary>
    public FaultPlan Current => _plan.Current;

    /// <summary>The edits so far, the oldest first; at most the last 1,000.</summary>
    public IReadOnlyList<FaultEdit> Edits
    {
        get
        {
            lock (_plan.Gate)
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
        lock (_plan.Gate)
        {
            _plan.Current = Current.WithCuts(edit(Current));
            made = new FaultEdit(DateTimeOffset.Now, what, Current);
            _edits.Add(made);
            if (_edits.Count > KeptEdits)
            {
                _edits.RemoveAt(0);
            }
        }

        _saved?.Invoke(made);
        await _fan.Fan(stopped).ConfigureAwait(false);
        return (made.Plan, [.. _fan.Lagging.Select(node => node.Name)]);
    }

    /// <summary>Runs until it is stopped: gives the plan to nodes that do not have it.</summary>
    public Task Reconcile(CancellationToken stopped) => _fan.Reconcile(stopped);
}

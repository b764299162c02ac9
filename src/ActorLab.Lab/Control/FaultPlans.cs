using System.Globalization;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>One edit of the fault plan.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="What">As the user asked it, such as <c>split n1,n2|n3,n4,n5</c>.</param>
/// <param name="Plan">The plan since then.</param>
public sealed record FaultEdit(DateTimeOffset At, string What, FaultPlan Plan);

/// <summary>Cuts that come and go.</summary>
/// <param name="Links">These carry nothing for a period, then all for a period, and so on.</param>
/// <param name="Still">These carry nothing all the time.</param>
/// <param name="Period">At least <see cref="FaultPlans.ShortestPeriod"/>.</param>
public sealed record Flapping(Set<Link> Links, Set<Link> Still, TimeSpan Period)
{
    /// <summary>Some of the links, other ones each time, without end; null where all of them come and go together.</summary>
    public IEnumerable<Set<Link>>? Drawn { get; init; }

    /// <summary>What is cut, turn by turn, without end.</summary>
    public IEnumerable<Set<Link>> Turns()
    {
        while (Drawn is null)
        {
            yield return Links.Union(Still);
        }

        foreach (var cuts in Drawn)
        {
            yield return cuts.Union(Still);
        }
    }
}

/// <summary>Holds the fault plan of the lab and fans it out; a node that starts reads it before its remoting starts.</summary>
public sealed class FaultPlans : IDisposable
{
    /// <summary>What a plan takes to reach all nodes must not be seen in the period.</summary>
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(100);

    private const int KeptEdits = 1000;

    private readonly NewestPlan<FaultPlan> _plan = new(FaultPlan.None, plan => plan.Version, (plan, version) => plan with { Version = version });
    private readonly List<FaultEdit> _edits = [];
    private readonly Action<FaultEdit>? _saved;
    private readonly FanOut<FaultPlan> _fan;
    private readonly CancellationTokenSource _ended = new();
    private Flapping? _flapping;
    private int _rules;

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

    /// <summary>The cuts that come and go; null for none.</summary>
    public Flapping? Flapping => Volatile.Read(ref _flapping);

    /// <summary>Puts other cuts in force, which stay, and gives the plan to every node that runs.</summary>
    /// <returns>The new plan, and the nodes that run and did not confirm it.</returns>
    public Task<(FaultPlan Plan, IReadOnlyList<string> Missing)> Cut(
        string what, Func<FaultPlan, Set<Link>> edit, CancellationToken stopped) =>
        Change(what, plan => plan with { Cuts = edit(plan) }, _ => null, stopped);

    /// <summary>Lets cuts come and go, until others are put in force.</summary>
    /// <inheritdoc cref="Cut" path="/returns"/>
    public async Task<(FaultPlan Plan, IReadOnlyList<string> Missing)> Flap(string what, Flapping cuts, CancellationToken stopped)
    {
        var turns = cuts.Turns().GetEnumerator();
        turns.MoveNext();
        var first = turns.Current;
        try
        {
            return await Change(what, plan => plan with { Cuts = first }, _ => cuts, stopped).ConfigureAwait(false);
        }
        finally
        {
            _ = Turn(cuts, turns, _ended.Token); // they are in force also where who asked gave up before every node had them
        }
    }

    /// <summary>Changes other parts of the plan than its cuts, and gives it to every node that runs.</summary>
    /// <inheritdoc cref="Cut" path="/returns"/>
    public Task<(FaultPlan Plan, IReadOnlyList<string> Missing)> Change(
        string what, Func<FaultPlan, FaultPlan> edit, CancellationToken stopped) =>
        Change(what, edit, flapping => flapping, stopped);

    /// <summary>A name for a rule. Numbers go up, so that the counts of a rule are not taken for those of one that is gone.</summary>
    public string NextRule(FaultPlan plan)
    {
        string id;
        do
        {
            id = $"l{Interlocked.Increment(ref _rules).ToString(CultureInfo.InvariantCulture)}";
        }
        while (plan.Links.Any(rule => rule.Id == id));
        return id;
    }

    /// <summary>The cuts stay as they are.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<(FaultPlan Plan, IReadOnlyList<string> Missing)> Change(
        string what, Func<FaultPlan, FaultPlan> edit, Func<Flapping?, Flapping?> flap, CancellationToken stopped)
    {
        FaultEdit made;
        lock (_plan.Gate)
        {
            _plan.Current = edit(Current) with { Version = Current.Version + 1 };
            _flapping = flap(_flapping);
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

    /// <summary>Heals and cuts by turns, as long as these are the cuts in force.</summary>
    /// <param name="cuts">These.</param>
    /// <param name="drawn">What is cut, turn by turn; the first of them is. Disposed of at the end.</param>
    /// <param name="stopped">The lab ends.</param>
    private async Task Turn(Flapping cuts, IEnumerator<Set<Link>> drawn, CancellationToken stopped)
    {
        using var next = drawn;
        using var turns = new PeriodicTimer(cuts.Period);
        try
        {
            for (var isCut = false; await turns.WaitForNextTickAsync(stopped).ConfigureAwait(false); isCut = !isCut)
            {
                lock (_plan.Gate)
                {
                    if (!ReferenceEquals(_flapping, cuts))
                    {
                        return;
                    }

                    _plan.Current = Current.WithCuts(isCut && next.MoveNext() ? next.Current : cuts.Still);
                }

                await _fan.Fan(stopped).ConfigureAwait(false); // a node that does not answer in time: the next turn has it again
            }
        }
        catch (OperationCanceledException)
        {
            // The lab is ending.
        }
    }

    /// <summary>Runs until it is stopped: gives the plan to nodes that do not have it.</summary>
    public Task Reconcile(CancellationToken stopped) => _fan.Reconcile(stopped);
}

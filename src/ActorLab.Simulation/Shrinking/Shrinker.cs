using System.Diagnostics;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// Makes the schedule of a violation as small as it gets: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
/// Input", 2002 (ddmin), over operations, faults and messages. What is removed does not happen, and a message that is removed
/// is lost. A smaller schedule counts when the same property is violated in it, no later than before.
/// A long run is made shorter first: see the other parts of this class.
/// </summary>
public sealed partial class Shrinker
{
    /// <summary>With so few items, each of them can be tried.</summary>
    private const int Few = 200;

    private readonly Scenario _scenario;
    private readonly ShrinkOptions _how;
    private readonly CancellationToken _ended;
    private readonly Stopwatch _watch;
    private readonly string _property;
    private readonly Property? _claim;
    private readonly bool _mayLose;
    private readonly ScheduleSize _before;
    private readonly Schedule _original;
    private Scenario _judged; // what a trial runs: without observers that the property does not read
    private SimulationOptions _options; // with the seed of the best
    private Schedule _best;
    private SimulationResult _last; // the run of the best
    private bool _isAnother;
    private int _tried;

    private Shrinker(
        Scenario scenario, SimulationOptions options, SimulationResult violated, ShrinkOptions how, Stopwatch watch, CancellationToken ended)
    {
        (_scenario, _how, _options, _watch, _ended) = (scenario, how, options, watch, ended);
        _property = violated.Violation!.Property;
        _claim = (options.Properties ?? scenario.Properties).FirstOrDefault(property => property.Name == _property);
        _judged = scenario with { Observers = ReadObservers.Of(_claim, scenario.Observers, violated.World) };
        _mayLose = scenario.Network.Lossy || violated.Counts.Lost > 0;
        _original = _best = Schedule.Of(violated, _mayLose);
        _last = violated;
        _before = _best.Size;
    }

    private bool IsTimeUp => _ended.IsCancellationRequested;

    private bool IsAboutTheEnd => _claim is Property.Temporal;

    /// <summary>Shrinks the violation of one run.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="options">The options of the run that was violated, seed included.</param>
    /// <param name="how">Limits.</param>
    /// <returns>Null where a run with these options violates nothing, or it was cancelled before that run had ended.</returns>
    public static ShrinkResult? Shrink(Scenario scenario, SimulationOptions options, ShrinkOptions how)
    {
        var watch = Stopwatch.StartNew();
        var plain = options with { RecordDecisions = true, Record = false, Watch = null };
        var recorded = Simulator.Run(scenario, plain, how.Cancellation);
        if (recorded?.Violation is null)
        {
            return null;
        }

        // Such a run takes place once more at the end, within the limit.
        var left = how.Limit - (watch.Elapsed * 2);
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, how.Cancellation);
        return new Shrinker(scenario, plain, recorded, how, watch, ended.Token).Shrink();
    }

    private ShrinkResult Shrink()
    {
        BeginAnew();
        Coarsen();

        // By kind first: few violations need most of the faults. Then all together, until not even one can go.
        foreach (var kind in Enum.GetValues<ItemKind>())
        {
            Minimise(item => item.Kind == kind);
        }

        Minimise(_ => true);
        var isMinimal = !IsTimeUp;

        // What a judge of histories finds happened before the run had ended that it judged.
        var last = _claim is Property.OfHistory ? Simulator.Run(_scenario, OptionsFor(_best)) : _last;
        Invariant.Require(last.Violation?.Property == _property, "The smallest schedule violates the property every time");

        // Written down again, without the draws that nobody asks for any more.
        var options = OptionsFor(_best) with { Replay = last.Decisions! with { OthersArrive = !_mayLose } };
        var result = Simulator.Run(_scenario, options);
        Invariant.Require(result.TraceHash == last.TraceHash, "What was written down is the same run");
        return new ShrinkResult(
            result, options with { RecordDecisions = false }, _before, _best.Size, isMinimal, _tried, _watch.Elapsed, _isAnother);
    }

    /// <summary>ddmin over some of the items. It ends when not one of them can go, or when the time is up.</summary>
    private void Minimise(Func<Item, bool> which)
    {
        var parts = 1;
        while (!IsTimeUp)
        {
            var items = _best.Items.Where(which).ToArray();
            parts = Math.Min(parts, items.Length);
            if (parts == 0)
            {
                return;
            }

            if (RemovePart(items, parts))
            {
                parts = Math.Max(parts - 1, 1);
            }
            else if (parts == items.Length)
            {
                return;
            }
            else
            {
                parts = Math.Min(parts * 2, items.Length);
            }
        }
    }

    /// <summary>
    /// Leaves out each of so many parts of the items by turns, the last first, and keeps every removal after which the
    /// property is violated still. Several are tried at once, and the first of those in order counts: the result is the same
    /// on any number of threads.
    /// </summary>
    private bool RemovePart(Item[] items, int parts)
    {
        var hasShrunk = false;
        for (var part = parts - 1; part >= 0 && !IsTimeUp;)
        {
            var found = Try([.. Enumerable.Range(0, Math.Min(_how.Threads, part + 1)).Select(i => Without(items, part - i, parts))]);
            if (found is { } place)
            {
                hasShrunk = true;
                part -= place + 1;
            }
            else
            {
                part -= Math.Min(_how.Threads, part + 1);
            }
        }

        return hasShrunk;
    }

    private Schedule Without(Item[] items, int part, int parts)
    {
        var (from, to) = ((int)((long)items.Length * part / parts), (int)((long)items.Length * (part + 1) / parts));
        var removed = items.AsSpan(from, to - from).ToArray().ToHashSet();
        return _best.With([.. _best.Items.Where(item => !removed.Contains(item))]);
    }

    /// <returns>The place of the first candidate that violates the property; it is the best from now on.</returns>
    private int? Try(Schedule[] candidates) => Try(candidates.Length, i =>
    {
        if (candidates[i].Items.Length == _best.Items.Length)
        {
            return null; // All of that part is gone since.
        }

        var options = OptionsFor(candidates[i]);
        return Breaks(options) && Whole(options) is { } result ? new Found(candidates[i].After(result), result, options.Seed) : null;
    });

    /// <summary>Tries several at once. The first of those in order counts that comes to something.</summary>
    private int? Try(int count, Func<int, Found?> attempt)
    {
        var found = new Found?[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _how.Threads }, i => found[i] = attempt(i));
        _tried += count;
        var first = Array.FindIndex(found, one => one is not null);
        if (first >= 0)
        {
            (_best, _last, _options) = (found[first]!.Schedule, found[first]!.Result, _options with { Seed = found[first]!.Seed });
        }

        _how.Progress?.Invoke(new ShrinkProgress(_tried, _before, _best.Size, _watch.Elapsed));
        return first < 0 ? null : first;
    }

    /// <summary>
    /// A trial: whether a run breaks the property. Nothing else is judged, and nothing recorded. One that the end of the time
    /// cuts short says nothing.
    /// </summary>
    private bool Breaks(SimulationOptions options) => Trial(options with { RecordDecisions = false })?.Violation?.Property == _property;

    private SimulationResult? Trial(SimulationOptions options) => Simulator.Run(
        _judged, options with { IsTrial = true, Properties = _claim is null ? [] : [_claim] }, _ended);

    /// <summary>The run with all that is judged; null where another property is violated first.</summary>
    private SimulationResult? Whole(SimulationOptions options)
    {
        var result = Simulator.Run(_scenario, options, _ended);
        if (result is { Violation: null })
        {
            _judged = _scenario; // The property reads more than it did at first: trials need all observers.
        }

        return result?.Violation?.Property == _property ? result : null;
    }

    /// <summary>The run ends where the property is violated; the quiet part begins when it did.</summary>
    private SimulationOptions OptionsFor(Schedule schedule)
    {
        if (IsAboutTheEnd)
        {
            return _options with { Replay = schedule.ToDecisions() };
        }

        var replay = _options with { Replay = schedule.ToDecisions(), VirtualTime = schedule.End, Quiet = TimeSpan.Zero };
        if (_options.Quiet == TimeSpan.Zero || schedule.End.Micros() < _options.QuietFrom)
        {
            return replay;
        }

        // What begins the quiet part may be what violates the property: then there must be some of it.
        var end = Durations.FromMicros(Math.Max(schedule.End.Micros(), _options.QuietFrom + 1));
        return replay with { VirtualTime = end, Quiet = end - Durations.FromMicros(_options.QuietFrom) };
    }

    /// <param name="Schedule">A smaller schedule.</param>
    /// <param name="Result">Its run.</param>
    /// <param name="Seed">The seed of that run.</param>
    private sealed record Found(Schedule Schedule, SimulationResult Result, long Seed);
}

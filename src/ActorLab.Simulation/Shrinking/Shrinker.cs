using System.Diagnostics;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// Makes the schedule of a violation as small as it gets: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
/// Input", 2002 (ddmin), over operations, faults and messages. What is removed does not happen, and a message that is removed
/// is lost. A smaller schedule counts when the same property is violated in it, no later than before.
/// </summary>
public sealed class Shrinker
{
    private readonly Scenario _scenario;
    private readonly SimulationOptions _options;
    private readonly ShrinkOptions _how;
    private readonly CancellationToken _ended;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly string _property;
    private readonly bool _isAboutTheEnd;
    private readonly ScheduleSize _before;
    private Schedule _best;
    private int _tried;

    private Shrinker(Scenario scenario, SimulationOptions options, SimulationResult violated, ShrinkOptions how, CancellationToken ended)
    {
        (_scenario, _how, _options, _ended) = (scenario, how, options, ended);
        _property = violated.Violation!.Property;
        _isAboutTheEnd = (options.Properties ?? scenario.Properties).Any(property =>
            property is Property.Temporal && property.Name == _property);
        _best = Schedule.Of(violated, mayLose: scenario.Network.Lossy || violated.Counts.Lost > 0);
        _before = _best.Size;
    }

    private bool IsTimeUp => _ended.IsCancellationRequested;

    /// <summary>Shrinks the violation of one run.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="options">The options of the run that was violated, seed included.</param>
    /// <param name="how">Limits.</param>
    /// <returns>Null where a run with these options violates nothing, or it was cancelled before that run had ended.</returns>
    public static ShrinkResult? Shrink(Scenario scenario, SimulationOptions options, ShrinkOptions how)
    {
        var plain = options with { RecordDecisions = true, Record = false, Watch = null };
        var recorded = Simulator.Run(scenario, plain, how.Cancellation);
        if (recorded?.Violation is null)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(how.Limit);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, how.Cancellation);
        return new Shrinker(scenario, plain, recorded, how, ended.Token).Shrink();
    }

    private ShrinkResult Shrink()
    {
        // By kind first: few violations need most of the faults. Then all together, until not even one can go.
        foreach (var kind in Enum.GetValues<ItemKind>())
        {
            Minimise(item => item.Kind == kind);
        }

        Minimise(_ => true);
        var isMinimal = !IsTimeUp;
        var last = Simulator.Run(_scenario, OptionsFor(_best));
        Invariant.Require(last.Violation?.Property == _property, "The smallest schedule violates the property every time");

        // Written down again, without the draws that nobody asks for any more.
        var options = OptionsFor(_best) with { Replay = last.Decisions! with { OthersArrive = _best.ToDecisions().OthersArrive } };
        var result = Simulator.Run(_scenario, options);
        Invariant.Require(result.TraceHash == last.TraceHash, "What was written down is the same run");
        return new ShrinkResult(
            result, options with { RecordDecisions = false }, _before, _best.Size, isMinimal, _tried, _watch.Elapsed);
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
    private int? Try(Schedule[] candidates)
    {
        var violated = new Schedule?[candidates.Length];
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = _how.Threads }, i =>
        {
            if (candidates[i].Items.Length == _best.Items.Length)
            {
                return; // All of that part is gone since.
            }

            // A trial that the end of the time cuts short says nothing.
            var result = Simulator.Run(_scenario, OptionsFor(candidates[i]), _ended);
            violated[i] = result?.Violation?.Property == _property ? candidates[i].After(result) : null;
        });
        _tried += candidates.Length;
        var first = Array.FindIndex(violated, schedule => schedule is not null);
        _best = first < 0 ? _best : violated[first]!;
        _how.Progress?.Invoke(new ShrinkProgress(_tried, _before, _best.Size, _watch.Elapsed));
        return first < 0 ? null : first;
    }

    /// <summary>The run ends where the property is violated; the quiet part begins when it did.</summary>
    private SimulationOptions OptionsFor(Schedule schedule)
    {
        if (_isAboutTheEnd)
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
}

namespace ActorLab.Simulation;

/// <content>
/// From coarse to fine while there is much: kinds of faults and the operations of one client as a whole, then spans of time,
/// halved again and again. Runs are taken by their moments, so that what is left out changes little of the rest.
/// </content>
public sealed partial class Shrinker
{
    /// <summary>All that time may go to it, before what is left is tried item by item.</summary>
    private const double ShareOfCoarse = 0.85;

    /// <summary>Shorter spans are no longer tried, in microseconds.</summary>
    private const long ShortestSpan = 2_000;

    private static readonly Func<Item, bool>[] InOrder =
    [
        item => item.Kind is ItemKind.Fault,
        item => item.Kind is ItemKind.Operation,
        _ => true,
        item => item.Kind is ItemKind.Message or ItemKind.Repeat,
    ];

    private bool IsCoarse => _best.Items.Length > Few && _watch.Elapsed < _how.Limit * ShareOfCoarse && !IsTimeUp;

    private void Coarsen()
    {
        var before = int.MaxValue;
        while (IsCoarse && _best.Items.Length < before)
        {
            before = _best.Items.Length;
            foreach (var group in _best.Items.Select(_best.GroupOf).Distinct().ToArray())
            {
                RemoveCoarsely([best => item => best.GroupOf(item) == group]);
            }

            foreach (var kind in (ItemKind[])[ItemKind.Fault, ItemKind.Operation, ItemKind.Repeat])
            {
                RemoveCoarsely([_ => item => item.Kind == kind]);
            }

            for (var spans = 2; IsCoarse && _best.End.Micros() / spans >= ShortestSpan; spans *= 2)
            {
                foreach (var which in InOrder)
                {
                    RemoveSpans(which, spans);
                }
            }
        }
    }

    /// <summary>Leaves some items out of one span after the other, the last first.</summary>
    private void RemoveSpans(Func<Item, bool> which, int spans)
    {
        var end = _best.End.Micros() + 1;
        RemoveCoarsely([.. Enumerable.Range(0, spans).Reverse().Select(span =>
            (Func<Schedule, Func<Item, bool>>)(best => item => which(item)
                && best.MomentOf(item) * spans / end == span && item.Kind != ItemKind.Clock))]);
    }

    /// <summary>Tries to leave out each of these, and keeps every removal that leaves less in all.</summary>
    private void RemoveCoarsely(Func<Schedule, Func<Item, bool>>[] removals)
    {
        var next = 0;
        while (IsCoarse && next < removals.Length)
        {
            // Only those that concern something.
            var batch = new List<(int Place, Schedule Candidate)>();
            for (; next < removals.Length && batch.Count < _how.Threads; next++)
            {
                var removes = removals[next](_best);
                Item[] left = [.. _best.Items.Where(item => !removes(item))];
                if (left.Length < _best.Items.Length)
                {
                    batch.Add((next, _best.With(left)));
                }
            }

            if (batch.Count > 0 && Try(batch.Count, i => Loosely(batch[i].Candidate)) is { } place)
            {
                next = batch[place].Place + 1;
            }
        }
    }

    private Found? Loosely(Schedule candidate)
    {
        var (decisions, loosely) = candidate.ToLooseDecisions();
        var options = OptionsFor(candidate) with { Replay = decisions, Loosely = loosely };
        return Breaks(options) && AsFound(options) is { } found && found.Schedule.Items.Length < _best.Items.Length ? found : null;
    }
}

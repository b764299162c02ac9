using System.Diagnostics;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Judges whether a history is linearizable: whether each operation can be given a moment between its invocation and its
/// return such that, in the order of these moments, every reply is the one that the model gives. Operations that failed
/// have no moment; one of unknown outcome has one at any time after its invocation, or none.
/// </summary>
public static class LinearizabilityChecker
{
    /// <summary>Judges a history; the verdict is certain unless it is <see cref="LinearizabilityVerdict.Unknown"/>.</summary>
    /// <exception cref="ArgumentException">An operation that the model does not have, or that ends before it begins.</exception>
    public static LinearizabilityResult Check(History history, HistoryModel model, LinearizabilityOptions? options = null)
    {
        options ??= LinearizabilityOptions.Default;
        var watch = Stopwatch.StartNew();
        var limits = new SearchLimits(options.TimeLimit, options.MemoryBytes, options.Cancellation);
        var (objects, configurations, verdict) = (new List<ObjectJudgement>(), 0L, LinearizabilityVerdict.Linearizable);
        string? reason = null;
        foreach (var (name, places) in Split(history, model))
        {
            var judgement = Judge(history, name, places, model, limits, ref configurations);
            objects.Add(judgement);
            if (judgement.Verdict == LinearizabilityVerdict.NotLinearizable)
            {
                (verdict, reason) = (judgement.Verdict, null);
                break;
            }

            if (judgement.Verdict == LinearizabilityVerdict.Unknown)
            {
                verdict = judgement.Verdict;
                reason ??= limits.Reason;
            }
        }

        return new LinearizabilityResult(verdict, objects.ToSeq(), reason, configurations, watch.Elapsed);
    }

    /// <summary>The places of the operations on each object, small objects first: a limit should hit few.</summary>
    private static IEnumerable<(string? Object, List<int> Places)> Split(History history, HistoryModel model)
    {
        var operations = history.Operations.Span;
        var objects = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var whole = new List<int>(operations.Length);
        var isWhole = false;
        for (var i = 0; i < operations.Length; i++)
        {
            var operation = operations[i];
            if (operation.Outcome == Outcome.Failed)
            {
                continue;
            }

            if (operation.Outcome == Outcome.Ok && !(operation.CompletedAt >= operation.InvokedAt))
            {
                throw new ArgumentException(
                    $"{operation.Client}'s operation {operation.Number} was answered at {operation.CompletedAt?.ToString() ?? "no time"}, "
                    + $"but asked at {operation.InvokedAt}: an answer comes after its question.");
            }

            whole.Add(i);
            if (model.ObjectOf(operation) is not { } name)
            {
                isWhole = true;
            }
            else
            {
                if (!objects.TryGetValue(name, out var places))
                {
                    objects[name] = places = [];
                }

                places.Add(i);
            }
        }

        return isWhole
            ? [(null, whole)]
            : objects.OrderBy(one => one.Value.Count).ThenBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => ((string?)one.Key, one.Value));
    }

    private static ObjectJudgement Judge(
        History history, string? name, List<int> places, HistoryModel model, SearchLimits limits, ref long configurations)
    {
        var operations = new HistoryOperation[places.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = history.Operations[places[i]];
        }

        var kinds = new int[operations.Length];
        var specification = model.Specify(operations, kinds);
        var calls = Calls.Of(operations, kinds, specification);
        var search = new Search(calls, specification, limits);
        var end = search.Run(calls.Returned);
        configurations += search.Configurations;
        return end switch
        {
            SearchEnd.Found => new ObjectJudgement(name, LinearizabilityVerdict.Linearizable, OrderOf(search, calls, places), null),
            SearchEnd.Limit => new ObjectJudgement(name, LinearizabilityVerdict.Unknown, [], null),
            _ => Explain(name, places, calls, specification, search.Furthest, limits),
        };
    }

    /// <summary>
    /// The longest prefix that is linearizable. The search that failed got as far as <paramref name="furthest"/> with an
    /// eye on the returns after it; without foresight it could get further, but not past those that it looked at.
    /// </summary>
    private static ObjectJudgement Explain(
        string? name, List<int> places, Calls calls, Specification specification, int furthest, SearchLimits limits)
    {
        var time = limits.Again();
        var (longest, fails, isLongest) = (furthest, Math.Min(furthest + Foresight.Ahead, calls.Returned), true);
        while (longest + 1 < fails && isLongest)
        {
            var middle = longest + ((fails - longest) / 2);
            switch (new Search(calls, specification, time).Run(middle))
            {
                case SearchEnd.Found:
                    longest = middle;
                    break;
                case SearchEnd.Exhausted:
                    fails = middle;
                    break;
                default:
                    isLongest = false;
                    break;
            }
        }

        var search = new Search(calls, specification, SearchLimits.None);
        search.Run(longest);
        var order = OrderOf(search, calls, places);
        var placed = order.ToHashSet();
        var open = Enumerable.Range(longest, calls.Returned - longest)
            .Where(call => calls.Invoked[call] < calls.Opened[longest])
            .Concat(Enumerable.Range(calls.Returned, calls.OptionalOpened[longest]))
            .Select(call => places[calls.Operation[call]])
            .Where(place => !placed.Contains(place) && place != places[calls.Operation[longest]]);
        return new ObjectJudgement(name, LinearizabilityVerdict.NotLinearizable, order, new BrokenPrefix(
            places[calls.Operation[longest]], open.ToSeq(), specification.Describe(search.State), isLongest));
    }

    private static Seq<int> OrderOf(Search search, Calls calls, List<int> places)
    {
        var order = new int[search.Order.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = places[calls.Operation[search.Order[i]]];
        }

        return Seq.ToSeq(order);
    }
}

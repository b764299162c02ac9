using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Linearizability;

/// <summary>The definition, tried order by order on a real object: for histories of few operations.</summary>
internal static class NaiveJudge
{
    public static bool IsLinearizable(History history, LiveObject start) =>
        Order([.. history.Operations.Where(operation => operation.Outcome != Outcome.Failed)], start);

    /// <summary>How many of the returns, in their order, can be explained; what is open then has the reply that it gets.</summary>
    public static int Prefix(History history, LiveObject start)
    {
        var returns = history.Operations.Where(operation => operation.Outcome == Outcome.Ok).OrderBy(operation => operation.CompletedAt).ToList();
        for (var length = returns.Count; ; length--)
        {
            var until = length == returns.Count ? long.MaxValue : returns[length].CompletedAt!.Value;
            var prefix = history.Operations
                .Where(operation => operation.InvokedAt < until)
                .Select(operation => operation.Outcome == Outcome.Ok && operation.CompletedAt >= until
                    ? operation with { Outcome = Outcome.Unknown }
                    : operation);
            if (IsLinearizable(new History(prefix.ToSeq()), start))
            {
                return length;
            }
        }
    }

    /// <summary>Whether an order is one of the history: each reply is the object's, and what was done first comes first.</summary>
    public static bool IsWitness(History history, IEnumerable<int> order, LiveObject start)
    {
        var latest = long.MinValue;
        foreach (var operation in order.Select(place => history.Operations[place]))
        {
            var reply = start.Apply(operation.Command);
            if (reply is null || (operation.Outcome == Outcome.Ok && !reply.Equals(operation.Reply)) || operation.Outcome == Outcome.Failed
                || (operation.Outcome == Outcome.Ok && operation.CompletedAt < latest))
            {
                return false;
            }

            latest = Math.Max(latest, operation.InvokedAt);
        }

        return true;
    }

    private static bool Order(List<HistoryOperation> left, LiveObject at)
    {
        if (left.All(operation => operation.Outcome == Outcome.Unknown))
        {
            return true;
        }

        foreach (var next in left)
        {
            if (left.Any(other => other.Outcome == Outcome.Ok && other.CompletedAt < next.InvokedAt))
            {
                continue;
            }

            var after = at.Copy();
            if (after.Apply(next.Command) is { } reply && ((next.Outcome == Outcome.Unknown && next.Reply is null) || reply.Equals(next.Reply))
                && Order([.. left.Where(other => !ReferenceEquals(other, next))], after))
            {
                return true;
            }
        }

        return false;
    }
}

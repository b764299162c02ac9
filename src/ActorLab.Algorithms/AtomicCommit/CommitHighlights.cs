using ActorLab.Core;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>The moments of a run: somebody decides.</summary>
internal static class CommitHighlights
{
    public static Highlight? Of(Happening turn) => turn switch
    {
        { Before: CoordinatorState before, After: CoordinatorState after } when before.Open != after.Open =>
            before.Open.Keys.Where(one => !after.Open.ContainsKey(one))
                .Select(one => (TransactionId?)one).FirstOrDefault() is { } decided
                ? Mark(decided, after.Disk.Committed.ContainsKey(decided) ? Decision.Commit : Decision.Abort)
                : null,
        { Before: ParticipantState before, After: ParticipantState after } when before.Disk.Decided != after.Disk.Decided =>
            after.Disk.Decided.Where(one => !before.Disk.Decided.ContainsKey(one.Key))
                .Select(one => Mark(one.Key, one.Value)).FirstOrDefault(),
        _ => null,
    };

    private static Highlight Mark(TransactionId transaction, Decision decision) =>
        Highlight.Decision($"{(decision == Decision.Commit ? "commits" : "aborts")} {transaction}");
}

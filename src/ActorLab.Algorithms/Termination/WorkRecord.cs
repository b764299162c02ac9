using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.Termination;

/// <summary>
/// What is claimed of the work: a fold over turns. Who finds a computation over speaks of the work that there was when his
/// snapshot began; of what users brought since he knows nothing. Who tells a user that it is over speaks of the work that
/// there was when the user asked.
/// </summary>
/// <param name="Brought">How often users brought work.</param>
/// <param name="Begun">Of the snapshots that were begun after users brought work, how often they had by then.</param>
/// <param name="Asked">Of the users who wait for the end, by whom they asked: how often work had been brought by then.</param>
/// <param name="Claimed">Somebody says that there is no work, and nobody has brought any since.</param>
public sealed record WorkRecord(
    int Brought, Map<SnapshotId, int> Begun, Map<Address, Map<long, int>> Asked, bool Claimed)
{
    public static Observer<WorkRecord> Observer { get; } = new("work", new WorkRecord(0, default, default, false), Fold);

    private static WorkRecord Fold(WorkRecord record, Happening happening)
    {
        if (SnapshotProperties.AccountIn(happening.After) is not { Disk: var after })
        {
            return record;
        }

        if (SnapshotProperties.AccountIn(happening.Before) is not { Disk: var before })
        {
            return record with { Asked = record.Asked.Remove(happening.Where) }; // It booted: who asked is forgotten.
        }

        record = Hear(record, happening);
        var snapshot = new SnapshotId(happening.Where.Node, after.Taken);
        record = before.Taken == after.Taken || record.Brought == 0 ? record
            : record with { Begun = record.Begun.Set(snapshot, record.Brought) };
        record = after.Watch?.Found is { } found && found != before.Watch?.Found
            ? record with { Claimed = record.Claimed || record.Begun.FindOr(found, 0) == record.Brought }
            : record;
        return happening.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>()
            .Where(completed => completed.Reply is WorkDone)
            .Aggregate(record, (told, completed) => Tell(told, happening.Where, completed.Operation));
    }

    private static WorkRecord Hear(WorkRecord record, Happening happening) =>
        happening.Input is not Input.Deliver { Message: var message } ? record
        : (message is Frame<BankMessage> { Message: { } inner } ? inner : message) switch
        {
            Work => record with { Brought = record.Brought + 1, Claimed = false },
            Detect detect => record with
            {
                Asked = record.Asked.Set(
                    happening.Where, record.Asked.FindOr(happening.Where, default).Set(detect.Operation, record.Brought)),
            },
            _ => record,
        };

    private static WorkRecord Tell(WorkRecord record, Address where, long operation)
    {
        var waiting = record.Asked.FindOr(where, default);
        var left = waiting.Remove(operation);
        return record with
        {
            Asked = left.IsEmpty ? record.Asked.Remove(where) : record.Asked.Set(where, left),
            Claimed = record.Claimed || waiting.FindOr(operation, -1) == record.Brought,
        };
    }
}

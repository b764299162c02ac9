using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.Termination;

/// <summary>
/// What is claimed of the work: a fold over turns. Who finds a computation over speaks of the work that there was when his
/// snapshot began; of what users brought since he knows nothing.
/// </summary>
/// <param name="Brought">How often users brought work.</param>
/// <param name="Begun">Of the snapshots that were begun after users brought work, how often they had by then.</param>
/// <param name="Claimed">Somebody says that there is no work, and nobody has brought any since.</param>
public sealed record WorkRecord(int Brought, Map<SnapshotId, int> Begun, bool Claimed)
{
    public static Observer<WorkRecord> Observer { get; } = new("work", new WorkRecord(0, default, false), Fold);

    private static WorkRecord Fold(WorkRecord record, Happening happening)
    {
        if (SnapshotProperties.AccountIn(happening.After) is not { Disk: var after })
        {
            return record;
        }

        if (happening.Input is Input.Deliver { Message: Work or Frame<BankMessage> { Message: Work } })
        {
            record = record with { Brought = record.Brought + 1, Claimed = false };
        }

        if (SnapshotProperties.AccountIn(happening.Before) is not { Disk: var before })
        {
            return record;
        }

        var snapshot = new SnapshotId(happening.Where.Node, after.Taken);
        record = before.Taken == after.Taken || record.Brought == 0 ? record
            : record with { Begun = record.Begun.Set(snapshot, record.Brought) };
        return after.Watch?.Found is { } found && found != before.Watch?.Found
            ? record with { Claimed = record.Claimed || record.Begun.FindOr(found, 0) == record.Brought }
            : record;
    }
}

namespace ActorLab.Core;

/// <summary>How an operation ended, as its client knows it.</summary>
public enum Outcome
{
    /// <summary>It took effect between invocation and completion.</summary>
    Ok,

    /// <summary>It did not take effect and never will.</summary>
    Failed,

    /// <summary>It may take effect at any time after its invocation, or never.</summary>
    Unknown,
}

/// <summary>What a client role reports about one of its operations, which it numbers from 1.</summary>
public abstract record HistoryEvent(long Operation)
{
    public sealed record Invoked(long Operation, object Command) : HistoryEvent(Operation);

    /// <param name="Operation">The number given at the invocation.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Reply">The reply of the service, when the outcome is <see cref="Core.Outcome.Ok"/>.</param>
    /// <param name="Reason">A sentence, when the outcome is not.</param>
    public sealed record Completed(long Operation, Outcome Outcome, object? Reply, string Reason) : HistoryEvent(Operation);
}

/// <summary>One operation of a history. Times are microseconds of the host that kept the history.</summary>
/// <param name="Client">The client role.</param>
/// <param name="Number">The client's number for it.</param>
/// <param name="Command">What was asked.</param>
/// <param name="InvokedAt">When it was asked.</param>
/// <param name="CompletedAt">When the answer came; null while there is none.</param>
/// <param name="Outcome"><see cref="Core.Outcome.Unknown"/> while there is no answer.</param>
/// <param name="Reply">The answer, where there is one.</param>
/// <param name="Reason">A sentence, when the answer is not <see cref="Core.Outcome.Ok"/>.</param>
public sealed record HistoryOperation(
    Address Client, long Number, object Command, long InvokedAt, long? CompletedAt, Outcome Outcome, object? Reply,
    string Reason = "")
{
    internal static HistoryOperation Of(long at, Address client, HistoryEvent.Invoked invoked) =>
        new(client, invoked.Operation, invoked.Command, at, null, Outcome.Unknown, null);

    internal HistoryOperation After(long at, HistoryEvent.Completed completed) => this with
    {
        CompletedAt = at,
        Outcome = completed.Outcome,
        Reply = completed.Reply,
        Reason = completed.Reason,
    };
}

/// <summary>The operations of all clients of a run, in the order of their invocations.</summary>
public sealed record History(Seq<HistoryOperation> Operations)
{
    public static readonly History Empty = new(Seq<HistoryOperation>.Empty);

    /// <summary>
    /// The history after one more report. A completion copies the whole: for the short histories of explored worlds;
    /// a long one is collected by a <see cref="HistoryBuilder"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A completion of what was never invoked, or is complete.</exception>
    public History After(long at, Address client, HistoryEvent happening)
    {
        switch (happening)
        {
            case HistoryEvent.Invoked invoked:
                return new History(Operations.Add(HistoryOperation.Of(at, client, invoked)));
            case HistoryEvent.Completed completed:
                var place = OpenPlace(client, completed);
                return new History(Operations.SetItem(place, Operations[place].After(at, completed)));
            default:
                throw new ArgumentException($"A history knows no {happening.GetType().Name}.");
        }
    }

    internal static ArgumentException NotOpen(Address client, HistoryEvent.Completed completed) =>
        new($"{client} completed operation {completed.Operation}, which is not open.");

    private int OpenPlace(Address client, HistoryEvent.Completed completed)
    {
        for (var i = Operations.Count - 1; i >= 0; i--)
        {
            var operation = Operations[i];
            if (operation.Client == client && operation.Number == completed.Operation && operation.CompletedAt is null)
            {
                return i;
            }
        }

        throw NotOpen(client, completed);
    }
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A queue, first in, first out; empty at the start.</summary>
public sealed class QueueModel : HistoryModel
{
    public static readonly QueueModel Instance = new();

    public override string Name => "queue";

    public override string Summary => "enqueue and dequeue, first in, first out; empty at the start";

    public override string? ObjectOf(HistoryOperation operation) =>
        operation.Command is ObjectCommand command ? command.Key : throw Unknown(operation);

    public override string Describe(HistoryOperation operation) => ObjectText.Of(operation);

    public override Specification Specify(ReadOnlySpan<HistoryOperation> operations, Span<int> kinds)
    {
        var known = new List<(QueueSpecification.Does, string?)>();
        var numbers = new Dictionary<(QueueSpecification.Does, string?), int>();
        for (var i = 0; i < operations.Length; i++)
        {
            var kind = KindOf(operations[i]);
            if (!numbers.TryGetValue(kind, out kinds[i]))
            {
                numbers[kind] = kinds[i] = known.Count;
                known.Add(kind);
            }
        }

        return new QueueSpecification(known);
    }

    private (QueueSpecification.Does Does, string? Value) KindOf(HistoryOperation operation) =>
        (operation.Command, operation.Outcome == Outcome.Ok ? operation.Reply : null) switch
        {
            (ObjectCommand.Enqueue enqueue, null or ObjectReply.Done) => (QueueSpecification.Does.Enqueue, enqueue.Value),
            (ObjectCommand.Dequeue, ObjectReply.Value value) => (QueueSpecification.Does.Dequeue, value.Text),
            (ObjectCommand.Dequeue, ObjectReply.Empty) => (QueueSpecification.Does.FindEmpty, null),
            (ObjectCommand.Dequeue, null) => (QueueSpecification.Does.DequeueAny, null),
            _ => throw Unknown(operation),
        };
}

/// <summary>States are what is in the queue.</summary>
internal sealed class QueueSpecification : MemoSpecification<Seq<string?>>
{
    private readonly List<(Does Does, string? Value)> _kinds;

    public QueueSpecification(List<(Does Does, string? Value)> kinds)
    {
        _kinds = kinds;
        Initial = NumberOf([]);
    }

    public enum Does
    {
        Enqueue,
        Dequeue,
        FindEmpty,

        /// <summary>A dequeue whose answer nobody heard.</summary>
        DequeueAny,
    }

    public override int Initial { get; }

    public override bool Observes(int kind) => _kinds[kind].Does == Does.FindEmpty;

    public override string Describe(int state) => $"[{string.Join(", ", StateOf(state).Select(value => value ?? "nil"))}]";

    protected override bool TryApply(Seq<string?> state, int kind, out Seq<string?> after)
    {
        var (does, value) = _kinds[kind];
        after = does switch
        {
            Does.Enqueue => state.Add(value),
            Does.Dequeue or Does.DequeueAny => state.Skip(1),
            _ => state,
        };
        return does switch
        {
            Does.Enqueue => true,
            Does.Dequeue => !state.IsEmpty && state[0] == value,
            _ => state.IsEmpty == (does == Does.FindEmpty),
        };
    }
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A lock that whoever holds it may let go; free at the start.</summary>
public sealed class MutexModel : HistoryModel
{
    public static readonly MutexModel Instance = new();

    public override string Name => "mutex";

    public override string Summary => "acquire and release, by turns; free at the start";

    public override string? ObjectOf(HistoryOperation operation) =>
        operation.Command is ObjectCommand command ? command.Key : throw Unknown(operation);

    public override string Describe(HistoryOperation operation) => ObjectText.Of(operation);

    public override Specification Specify(ReadOnlySpan<HistoryOperation> operations, Span<int> kinds)
    {
        for (var i = 0; i < operations.Length; i++)
        {
            kinds[i] = (operations[i].Command, operations[i].Reply) switch
            {
                (ObjectCommand.Acquire, null or ObjectReply.Done) => Lock.Acquire,
                (ObjectCommand.Release, null or ObjectReply.Done) => Lock.Release,
                _ => throw Unknown(operations[i]),
            };
        }

        return new Lock();
    }

    private sealed class Lock : Specification
    {
        public const int Acquire = 0;
        public const int Release = 1;
        private const int Free = 0;
        private const int Held = 1;

        public override int Initial => Free;

        public override int Step(int state, int kind) => (state, kind) switch
        {
            (Free, Acquire) => Held,
            (Held, Release) => Free,
            _ => None,
        };

        public override bool Observes(int kind) => false;

        public override string Describe(int state) => state == Free ? "free" : "held";
    }
}

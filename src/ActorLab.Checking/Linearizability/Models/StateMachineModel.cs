using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Any state machine of a replicated service: a reply must be the one that the machine gives. Stale reads are not
/// judged, since they may see the past.
/// </summary>
public class StateMachineModel<TState, TCommand, TReply>(string name, string summary, IStateMachine<TState, TCommand, TReply> machine)
    : HistoryModel
    where TState : notnull
    where TCommand : notnull
    where TReply : notnull
{
    public override string Name => name;

    public override string Summary => summary;

    public override string? ObjectOf(HistoryOperation operation) => null;

    public override string Describe(HistoryOperation operation) => operation.Outcome == Outcome.Ok
        ? $"{operation.Command}: {operation.Reply}"
        : $"{operation.Command}: {operation.Outcome}";

    public sealed override Specification Specify(ReadOnlySpan<HistoryOperation> operations, Span<int> kinds)
    {
        var known = new List<MachineKind<TCommand, TReply>>();
        var numbers = new Dictionary<MachineKind<TCommand, TReply>, int>();
        for (var i = 0; i < operations.Length; i++)
        {
            var operation = operations[i];
            if (operation.Command is not TCommand command || (operation.Outcome == Outcome.Ok && operation.Reply is not TReply))
            {
                throw Unknown(operation);
            }

            if (machine.AccessOf(command) == Access.StaleRead)
            {
                kinds[i] = Specification.None;
                continue;
            }

            var kind = new MachineKind<TCommand, TReply>(command, operation.Outcome == Outcome.Ok, operation.Reply is TReply reply ? reply : default);
            if (!numbers.TryGetValue(kind, out kinds[i]))
            {
                numbers[kind] = kinds[i] = known.Count;
                known.Add(kind);
            }
        }

        return SpecificationOf(known);
    }

    /// <summary>The specification of these kinds, numbered from 0; overridden where more is known of the machine.</summary>
    protected virtual Specification SpecificationOf(IReadOnlyList<MachineKind<TCommand, TReply>> kinds) =>
        new MachineSpecification<TState, TCommand, TReply>(machine, kinds);
}

/// <summary>A command with its reply.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="IsAnswered">False where the outcome is unknown: any reply fits.</param>
/// <param name="Reply">The reply, where it is answered.</param>
public readonly record struct MachineKind<TCommand, TReply>(TCommand Command, bool IsAnswered, TReply? Reply);

/// <summary>One state machine.</summary>
public class MachineSpecification<TState, TCommand, TReply> : MemoSpecification<TState>
    where TState : notnull
    where TCommand : notnull
    where TReply : notnull
{
    private readonly IStateMachine<TState, TCommand, TReply> _machine;
    private readonly IReadOnlyList<MachineKind<TCommand, TReply>> _kinds;

    public MachineSpecification(
        IStateMachine<TState, TCommand, TReply> machine, IReadOnlyList<MachineKind<TCommand, TReply>> kinds)
    {
        (_machine, _kinds) = (machine, kinds);
        Initial = NumberOf(machine.Initial);
    }

    public sealed override int Initial { get; }

    public override bool Observes(int kind) => _machine.AccessOf(_kinds[kind].Command) == Access.Read;

    protected MachineKind<TCommand, TReply> KindOf(int kind) => _kinds[kind];

    protected sealed override bool TryApply(TState state, int kind, out TState after)
    {
        (after, var reply) = _machine.Apply(state, _kinds[kind].Command);
        return !_kinds[kind].IsAnswered || EqualityComparer<TReply>.Default.Equals(reply, _kinds[kind].Reply);
    }
}

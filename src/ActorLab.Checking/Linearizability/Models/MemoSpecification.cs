namespace ActorLab.Checking;

/// <summary>A specification over states of any type with value equality, whose steps are remembered.</summary>
public abstract class MemoSpecification<TState> : Specification
    where TState : notnull
{
    private readonly List<TState> _states = [];
    private readonly Dictionary<TState, int> _numbers = [];
    private readonly Dictionary<long, int> _steps = [];

    public sealed override int Step(int state, int kind)
    {
        var key = ((long)state << 32) | (uint)kind;
        if (!_steps.TryGetValue(key, out var next))
        {
            _steps[key] = next = TryApply(_states[state], kind, out var after) ? NumberOf(after) : None;
        }

        return next;
    }

    public override string Describe(int state) => _states[state].ToString() ?? "";

    protected TState StateOf(int number) => _states[number];

    protected int NumberOf(TState state)
    {
        if (!_numbers.TryGetValue(state, out var number))
        {
            _numbers[state] = number = _states.Count;
            _states.Add(state);
        }

        return number;
    }

    /// <summary>The state after an operation of the kind; false where its reply does not fit.</summary>
    protected abstract bool TryApply(TState state, int kind, out TState after);
}

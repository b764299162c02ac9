using ActorLab.Checking.Kernel;

namespace ActorLab.Checking;

/// <summary>The variables of a model, for reading: index a <see cref="Variable{T}"/> or <see cref="Table{K,T}"/> with it.</summary>
public abstract class State
{
    internal State(ValueTable[] values) => Values = values;

    /// <summary>What the numbers in the slots stand for, by variable.</summary>
    internal ValueTable[] Values { get; }

    internal abstract int Read(int slot);

    /// <exception cref="InvalidOperationException">This is no step: properties and constraints only read.</exception>
    internal virtual void Write(int slot, int value) =>
        throw new InvalidOperationException("Only a step may assign to a variable.");
}

/// <summary>
/// One step of a model. What it assigns counts from there on, within the step too; the step is atomic. Its body reads
/// variables through it and nothing else, as it is run only once for each combination of the values that it read.
/// </summary>
public sealed class ModelStep : State
{
    private static readonly Blocked NotNow = new();

    private readonly Func<int, int> _source;
    private readonly List<int> _reads;
    private readonly ChoicePath _choices;
    private readonly List<(int Slot, int Value)> _writes = [];

    internal ModelStep(ValueTable[] values, Func<int, int> source, List<int> reads, ChoicePath choices)
        : base(values) =>
        (_source, _reads, _choices) = (source, reads, choices);

    internal IReadOnlyList<(int Slot, int Value)> Writes => _writes;

    /// <summary>The step is possible only when this holds: PlusCal's <c>await</c>, a conjunct without primes in TLA+.</summary>
    public void Await(bool condition)
    {
        if (!condition)
        {
            throw NotNow;
        }
    }

    /// <summary>
    /// The step is possible when one of these holds, and there is a step for each that does: so TLC reads a disjunction of
    /// conditions, which only the count of generated worlds shows.
    /// </summary>
    public void AwaitAny(params ReadOnlySpan<bool> conditions)
    {
        var holding = 0;
        foreach (var condition in conditions)
        {
            holding += condition ? 1 : 0;
        }

        Choose(Enumerable.Range(0, holding));
    }

    /// <summary>Some option: PlusCal's <c>with</c> and <c>either</c>. Without options the step is not possible.</summary>
    public T Choose<T>(IEnumerable<T> options)
    {
        var list = options as IReadOnlyList<T> ?? [.. options];
        Await(list.Count > 0);
        return list[list.Count == 1 ? 0 : _choices.Next(list.Count)];
    }

    /// <summary>A claim of the model; where it is false the check fails with the story.</summary>
    /// <exception cref="Core.InvariantViolation">The claim is false.</exception>
    public void Assert(bool condition, string claim) => Core.Invariant.Require(condition, claim);

    internal override int Read(int slot)
    {
        for (var i = 0; i < _writes.Count; i++)
        {
            if (_writes[i].Slot == slot)
            {
                return _writes[i].Value;
            }
        }

        if (!_reads.Contains(slot))
        {
            _reads.Add(slot);
        }

        return _source(slot);
    }

    internal override void Write(int slot, int value)
    {
        var known = _writes.FindIndex(write => write.Slot == slot);
        if (known >= 0)
        {
            _writes[known] = (slot, value);
        }
        else
        {
            _writes.Add((slot, value));
        }
    }

    /// <summary>The step is not possible: no error, so nobody but the engine sees it.</summary>
    internal sealed class Blocked : Exception;
}

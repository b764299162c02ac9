using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// What a history is held against. It says which operations touch which object: objects are judged one by one, since a
/// history is linearizable exactly if each object's part of it is (Herlihy and Wing 1990, locality; Horn and Kroening
/// 2015, P-compositionality).
/// </summary>
public abstract class HistoryModel
{
    /// <summary>As users write it, such as <c>cas-register</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A sentence: the operations and the state at the start.</summary>
    public abstract string Summary { get; }

    /// <summary>The object that an operation touches; null where it may touch all, so that nothing can be split.</summary>
    public virtual string? ObjectOf(HistoryOperation operation) => "";

    /// <summary>The specification of one object, and the kind of each operation on it.</summary>
    /// <param name="operations">Those that succeeded, and those of unknown outcome.</param>
    /// <param name="kinds">
    /// Gets the kinds; <see cref="Specification.None"/> for an operation that fits everywhere and changes nothing.
    /// </param>
    /// <exception cref="ArgumentException">An operation that this object does not have, as a sentence.</exception>
    public abstract Specification Specify(ReadOnlySpan<HistoryOperation> operations, Span<int> kinds);

    /// <summary>The operation in a few words, such as <c>write 3</c> or <c>read: 4</c>.</summary>
    public abstract string Describe(HistoryOperation operation);

    protected ArgumentException Unknown(HistoryOperation operation) => new(
        $"{operation.Client}'s operation {operation.Number} is {operation.Command} with {operation.Reply ?? "no reply"}, "
        + $"which the model {Name} does not have.");
}

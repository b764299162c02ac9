using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Consensus;

/// <summary>
/// What a process of a consensus protocol keeps: the input register and the output register of Fischer, Lynch and Paterson
/// (1985, section 2). The output register is written once.
/// </summary>
/// <param name="Input">0 or 1; null before the first boot.</param>
/// <param name="Decided">The decision; null before.</param>
[MemoryPackable]
public sealed partial record ConsensusDisk(int? Input, int? Decided)
{
    public static readonly ConsensusDisk Empty = new(null, null);
}

/// <summary>What the states of all consensus processes show.</summary>
public interface IConsensusState : IOnDisk<ConsensusDisk>
{
    /// <summary>
    /// It crashed and came back. The protocols are made for crashes that are for good: a process that lost its memory
    /// takes no part any more, and only remembers what it decided.
    /// </summary>
    bool IsRetired { get; }
}

/// <summary>Where the inputs come from.</summary>
public static class Inputs
{
    /// <summary>
    /// Goes off at once: the first step of a process is one like any other, and a crash may come before it. So an initial
    /// configuration has no message in flight, as in the paper.
    /// </summary>
    public static readonly Timer Begin = Timer.Fixed("begin", TimeSpan.Zero);

    private static readonly Seq<int> Binary = [0, 1];

    /// <summary>
    /// The disk with an input: the given one for this process, or where none is given either, so that every initial
    /// configuration is a start.
    /// </summary>
    /// <param name="given">In the order of the processes; empty for any.</param>
    /// <param name="index">Of the process.</param>
    /// <param name="turn">Of the boot.</param>
    public static ConsensusDisk First<TMessage>(Seq<int> given, int index, Turn<TMessage> turn)
        where TMessage : class =>
        ConsensusDisk.Empty with { Input = given.IsEmpty ? turn.Choose(Binary) : given[index] };
}

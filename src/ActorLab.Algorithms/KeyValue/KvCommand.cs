using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>What users ask of the key-value store. Limits are in <see cref="KvLimits"/>.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Get))]
[MemoryPackUnion(1, typeof(Put))]
[MemoryPackUnion(2, typeof(Delete))]
[MemoryPackUnion(3, typeof(Append))]
[MemoryPackUnion(4, typeof(CompareAndSet))]
[MemoryPackUnion(5, typeof(Scan))]
[MemoryPackUnion(6, typeof(Transact))]
public abstract partial record KvCommand
{
    /// <summary>Answered with <see cref="KvReply.Found"/> or <see cref="KvReply.Missing"/>.</summary>
    /// <param name="Key">Which key.</param>
    /// <param name="MaybeStale">Any server may answer from what it has applied, which may be old.</param>
    [MemoryPackable]
    public sealed partial record Get(string Key, bool MaybeStale = false) : KvCommand;

    /// <summary>Answered with <see cref="KvReply.Done"/>.</summary>
    [MemoryPackable]
    public sealed partial record Put([property: SharedText] string Key, string Value) : KvCommand;

    /// <summary>Answered with <see cref="KvReply.Deleted"/>.</summary>
    [MemoryPackable]
    public sealed partial record Delete(string Key) : KvCommand;

    /// <summary>
    /// Adds to the end of a value, of an empty one where there is none; answered with <see cref="KvReply.Appended"/>.
    /// </summary>
    [MemoryPackable]
    public sealed partial record Append(string Key, string Value) : KvCommand;

    /// <summary>
    /// Puts a value if the present one is the expected; answered with <see cref="KvReply.Swapped"/> or <see
    /// cref="KvReply.Differs"/>.
    /// </summary>
    /// <param name="Key">Which key.</param>
    /// <param name="Expected">The value it must have; null for a key that must not exist.</param>
    /// <param name="Value">The value it gets.</param>
    [MemoryPackable]
    public sealed partial record CompareAndSet(string Key, string? Expected, string Value) : KvCommand;

    /// <summary>The pairs from a key on, in ordinal order; answered with <see cref="KvReply.Page"/>.</summary>
    /// <param name="From">The first key that may be in the answer; empty for the start.</param>
    /// <param name="Limit">At most so many pairs, 1 to <see cref="KvLimits.MostScanned"/>.</param>
    /// <param name="MaybeStale">Any server may answer from what it has applied, which may be old.</param>
    [MemoryPackable]
    public sealed partial record Scan(string From, int Limit, bool MaybeStale = false) : KvCommand;

    /// <summary>
    /// All steps of one list as one change: of <paramref name="Then"/> when all comparisons hold, else of <paramref
    /// name="Else"/>. Answered with <see cref="KvReply.Transacted"/>.
    /// </summary>
    /// <param name="Compares">Conditions, all at once; none always hold.</param>
    /// <param name="Then">What is done when they hold.</param>
    /// <param name="Else">What is done when they do not.</param>
    /// <param name="MaybeStale">Any server may answer from what it has applied, which may be old; with reads only.</param>
    [MemoryPackable]
    public sealed partial record Transact(Seq<KvCompare> Compares, Seq<KvStep> Then, Seq<KvStep> Else, bool MaybeStale = false)
        : KvCommand
    {
        [MemoryPackIgnore]
        public bool OnlyReads => Reads(Then) && Reads(Else);

        private static bool Reads(Seq<KvStep> steps)
        {
            foreach (var step in steps)
            {
                if (step is not KvStep.Read)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>A key and its value.</summary>
[MemoryPackable]
public sealed partial record KvPair(string Key, string Value);

/// <summary>What the key-value store answers.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Found))]
[MemoryPackUnion(1, typeof(Missing))]
[MemoryPackUnion(2, typeof(Done))]
[MemoryPackUnion(3, typeof(Deleted))]
[MemoryPackUnion(4, typeof(Appended))]
[MemoryPackUnion(5, typeof(Swapped))]
[MemoryPackUnion(6, typeof(Differs))]
[MemoryPackUnion(7, typeof(Page))]
[MemoryPackUnion(8, typeof(TooLarge))]
[MemoryPackUnion(9, typeof(Transacted))]
public abstract partial record KvReply
{
    [MemoryPackable]
    public sealed partial record Found(string Value) : KvReply;

    /// <summary>There is no such key.</summary>
    [MemoryPackable]
    public sealed partial record Missing : KvReply;

    [MemoryPackable]
    public sealed partial record Done : KvReply;

    /// <param name="Existed">Whether there was such a key.</param>
    [MemoryPackable]
    public sealed partial record Deleted(bool Existed) : KvReply;

    /// <param name="Bytes">The size of the whole value now, in UTF-8.</param>
    [MemoryPackable]
    public sealed partial record Appended(int Bytes) : KvReply;

    [MemoryPackable]
    public sealed partial record Swapped : KvReply;

    /// <param name="Actual">The value that is there; null when there is no such key.</param>
    [MemoryPackable]
    public sealed partial record Differs(string? Actual) : KvReply;

    /// <param name="Pairs">In ordinal order of their keys.</param>
    /// <param name="Next">Where the next page starts; null when this was the last.</param>
    [MemoryPackable]
    public sealed partial record Page(Seq<KvPair> Pairs, string? Next) : KvReply;

    /// <summary>Nothing changed, because of a limit.</summary>
    /// <param name="Reason">Which one, as a sentence.</param>
    [MemoryPackable]
    public sealed partial record TooLarge(string Reason) : KvReply;

    /// <param name="Held">Whether the comparisons held.</param>
    /// <param name="Results">Of the steps that were taken, in their order.</param>
    /// <param name="Revision">Of the store, afterwards.</param>
    [MemoryPackable]
    public sealed partial record Transacted(bool Held, Seq<KvResult> Results, long Revision) : KvReply;
}

using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>Which keys are meant.</summary>
public enum KvRangeKind : byte
{
    /// <summary>The key <see cref="KvRange.From"/> alone.</summary>
    One,

    /// <summary>All keys that begin with <see cref="KvRange.From"/>; all keys when it is empty.</summary>
    Prefix,

    /// <summary>All keys from <see cref="KvRange.From"/> on.</summary>
    Onwards,

    /// <summary>The keys from <see cref="KvRange.From"/> on, before <see cref="KvRange.To"/>.</summary>
    Between,
}

/// <summary>Some keys, in ordinal order.</summary>
/// <param name="Kind">How the rest is read.</param>
/// <param name="From">The key, the prefix, or the first key.</param>
/// <param name="To">The key behind the last; empty but for <see cref="KvRangeKind.Between"/>.</param>
[MemoryPackable]
public readonly partial record struct KvRange(KvRangeKind Kind, string From, string To = "")
{
    public bool Contains(string key) => Kind switch
    {
        KvRangeKind.One => key == From,
        KvRangeKind.Prefix => key.StartsWith(From, StringComparison.Ordinal),
        KvRangeKind.Onwards => string.CompareOrdinal(key, From) >= 0,
        _ => string.CompareOrdinal(key, From) >= 0 && string.CompareOrdinal(key, To) < 0,
    };
}

/// <summary>When a key was written, in revisions of the store: it counts the commands that changed something.</summary>
/// <param name="Created">The revision that made the key, after its last removal.</param>
/// <param name="Modified">The revision of its last write.</param>
/// <param name="Writes">How often it was written since it was made; from 1.</param>
[MemoryPackable]
public sealed partial record KvVersion(long Created, long Modified, long Writes);

/// <summary>A key with its value and when it was written: see <see cref="KvVersion"/>.</summary>
[MemoryPackable]
public sealed partial record KvItem(string Key, string Value, long Created, long Modified, long Writes);

/// <summary>What a comparison looks at.</summary>
public enum KvAspect : byte
{
    Value,
    Created,
    Modified,
    Writes,
}

/// <summary>How it compares.</summary>
public enum KvRelation : byte
{
    Equal,
    NotEqual,
    Less,
    Greater,
}

/// <summary>
/// A condition on every key of a range that is there. Where none is, it is compared as one key with 0 for each number, and
/// every comparison of values fails.
/// </summary>
/// <param name="Range">The keys.</param>
/// <param name="Aspect">What of them.</param>
/// <param name="Relation">How, with the key on the left.</param>
/// <param name="Text">What a value is compared with, in ordinal order.</param>
/// <param name="Number">What a number is compared with.</param>
[MemoryPackable]
public sealed partial record KvCompare(KvRange Range, KvAspect Aspect, KvRelation Relation, string Text, long Number);

/// <summary>One step of a <see cref="KvCommand.Transact"/>.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Read))]
[MemoryPackUnion(1, typeof(Put))]
[MemoryPackUnion(2, typeof(Delete))]
public abstract partial record KvStep
{
    /// <summary>Answered with <see cref="KvResult.Items"/>.</summary>
    /// <param name="Range">Which keys.</param>
    /// <param name="Limit">At most so many items; 0 for all.</param>
    /// <param name="CountOnly">No items, only how many there are.</param>
    /// <param name="KeysOnly">Values stay empty.</param>
    [MemoryPackable]
    public sealed partial record Read(KvRange Range, int Limit, bool CountOnly, bool KeysOnly) : KvStep;

    /// <summary>Answered with <see cref="KvResult.Written"/>.</summary>
    /// <param name="Key">Which key.</param>
    /// <param name="Value">The value it gets.</param>
    /// <param name="Previous">Whether the answer has what was there before.</param>
    [MemoryPackable]
    public sealed partial record Put(string Key, string Value, bool Previous) : KvStep;

    /// <summary>Answered with <see cref="KvResult.Removed"/>.</summary>
    /// <param name="Range">Which keys.</param>
    /// <param name="Previous">Whether the answer has what was there before.</param>
    [MemoryPackable]
    public sealed partial record Delete(KvRange Range, bool Previous) : KvStep;
}

/// <summary>What a <see cref="KvStep"/> found or did.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Items))]
[MemoryPackUnion(1, typeof(Written))]
[MemoryPackUnion(2, typeof(Removed))]
public abstract partial record KvResult
{
    /// <param name="Found">In ordinal order of their keys.</param>
    /// <param name="Count">How many keys the range has; more than were found where a limit cut them off.</param>
    [MemoryPackable]
    public sealed partial record Items(Seq<KvItem> Found, int Count) : KvResult;

    /// <param name="Previous">What was there before, where it was asked for.</param>
    [MemoryPackable]
    public sealed partial record Written(KvItem? Previous) : KvResult;

    /// <param name="Count">How many keys there were.</param>
    /// <param name="Previous">What was there before, where it was asked for.</param>
    [MemoryPackable]
    public sealed partial record Removed(int Count, Seq<KvItem> Previous) : KvResult;
}

/// <summary>Applies a <see cref="KvCommand.Transact"/>: all of it, under one revision, or nothing.</summary>
internal static class KvTransaction
{
    /// <param name="state">The store before.</param>
    /// <param name="command">What to do.</param>
    /// <param name="revision">The store's next revision; 0 where versions are not kept.</param>
    public static (KvState State, KvReply Reply) Apply(KvState state, KvCommand.Transact command, long revision)
    {
        var holds = true;
        foreach (var compare in command.Compares)
        {
            holds = holds && Holds(state, compare);
        }

        var (after, results, bytes) = (state, Seq<KvResult>.Empty, 0);
        foreach (var step in holds ? command.Then : command.Else)
        {
            (after, var result) = Take(after, step, revision, ref bytes);
            if (bytes > KvLimits.MostAnswerBytes)
            {
                return (state, new KvReply.TooLarge(
                    $"The answer would have more than {KvLimits.MostAnswerBytes} bytes: set a limit, or ask for keys or counts only."));
            }

            results = results.Add(result);
        }

        return (after, new KvReply.Transacted(holds, results, after.Revision));
    }

    private static bool Holds(KvState state, KvCompare compare)
    {
        var isEmpty = true;
        foreach (var key in Keys(state, compare.Range))
        {
            isEmpty = false;
            if (!Holds(compare, state.Values.Find(key), VersionOf(state, key)))
            {
                return false;
            }
        }

        return !isEmpty || Holds(compare, null, Never);
    }

    private static readonly KvVersion Never = new(0, 0, 0);

    private static bool Holds(KvCompare compare, string? value, KvVersion version)
    {
        if (compare.Aspect == KvAspect.Value)
        {
            return value is not null && Fits(string.CompareOrdinal(value, compare.Text), compare.Relation);
        }

        var number = compare.Aspect switch
        {
            KvAspect.Created => version.Created,
            KvAspect.Modified => version.Modified,
            _ => version.Writes,
        };
        return Fits(number.CompareTo(compare.Number), compare.Relation);
    }

    private static bool Fits(int order, KvRelation relation) => relation switch
    {
        KvRelation.Equal => order == 0,
        KvRelation.NotEqual => order != 0,
        KvRelation.Less => order < 0,
        _ => order > 0,
    };

    private static (KvState After, KvResult Result) Take(KvState state, KvStep step, long revision, ref int bytes)
    {
        switch (step)
        {
            case KvStep.Read read:
                return (state, Read(state, read, ref bytes));
            case KvStep.Put put:
                var previous = put.Previous ? Item(state, put.Key, false, ref bytes) : null;
                return (state.With(put.Key, put.Value, revision), new KvResult.Written(previous));
            case KvStep.Delete delete:
                return Delete(state, delete, revision, ref bytes);
            default:
                throw new ArgumentException($"The store knows no {step.GetType().Name}.");
        }
    }

    private static KvResult.Items Read(KvState state, KvStep.Read read, ref int bytes)
    {
        var (found, count) = (Seq<KvItem>.Empty, 0);
        foreach (var key in Keys(state, read.Range))
        {
            count++;
            if (!read.CountOnly && (read.Limit == 0 || found.Count < read.Limit) && bytes <= KvLimits.MostAnswerBytes)
            {
                found = found.Add(Item(state, key, read.KeysOnly, ref bytes)!);
            }
        }

        return new KvResult.Items(found, count);
    }

    private static (KvState After, KvResult Result) Delete(KvState state, KvStep.Delete delete, long revision, ref int bytes)
    {
        var (after, count, previous) = (state, 0, Seq<KvItem>.Empty);
        foreach (var key in Keys(state, delete.Range))
        {
            count++;
            previous = delete.Previous && bytes <= KvLimits.MostAnswerBytes ? previous.Add(Item(state, key, false, ref bytes)!) : previous;
            after = after.Without(key, revision);
        }

        return (after, new KvResult.Removed(count, previous));
    }

    /// <summary>The keys of a range that are there.</summary>
    private static IEnumerable<string> Keys(KvState state, KvRange range)
    {
        if (range.Kind == KvRangeKind.One)
        {
            return state.Values.ContainsKey(range.From) ? [range.From] : [];
        }

        return From(state.Keys, range);

        static IEnumerable<string> From(Set<string> keys, KvRange range)
        {
            for (var i = keys.CountBefore(range.From); i < keys.Count && range.Contains(keys[i]); i++)
            {
                yield return keys[i];
            }
        }
    }

    private static KvItem? Item(KvState state, string key, bool keyOnly, ref int bytes)
    {
        if (state.Values.Find(key) is not { } value)
        {
            return null;
        }

        var version = VersionOf(state, key);
        var shown = keyOnly ? "" : value;
        bytes += ItemOverhead + KvLimits.BytesOf(key) + KvLimits.BytesOf(shown);
        return new KvItem(key, shown, version.Created, version.Modified, version.Writes);
    }

    /// <summary>Numbers and lengths of one item.</summary>
    private const int ItemOverhead = 40;

    private static KvVersion VersionOf(KvState state, string key) => state.Versions.Find(key) ?? Never;
}

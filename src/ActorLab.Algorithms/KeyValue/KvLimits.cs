using System.Text;
using ActorLab.Core;

namespace ActorLab.Algorithms.KeyValue;

/// <summary>
/// The limits of the key-value store, in bytes of UTF-8. Checked where a command enters, so that no message outgrows a
/// frame, and again where it is applied, because an append grows what is there.
/// </summary>
public static class KvLimits
{
    public const int MostKeyBytes = 1_024;

    public const int MostValueBytes = 1 << 20;

    /// <summary>Pairs in one page of a scan.</summary>
    public const int MostScanned = 1_000;

    /// <summary>Bytes of keys and values in one page of a scan; a page has at least one pair.</summary>
    public const int MostPageBytes = 256 * 1_024;

    /// <summary>Comparisons and steps in one transaction.</summary>
    public const int MostSteps = 128;

    /// <summary>Bytes of all that one transaction writes and compares with.</summary>
    public const int MostTransactionBytes = 1 << 20;

    /// <summary>Bytes of keys and values in the answer to one transaction.</summary>
    public const int MostAnswerBytes = 2 << 20;

    /// <summary>Why a command is not taken, as a sentence; null when it is.</summary>
    public static string? Refusal(KvCommand command) => command switch
    {
        KvCommand.Get get => OfKey(get.Key),
        KvCommand.Put put => OfKey(put.Key) ?? OfValue(put.Value),
        KvCommand.Delete delete => OfKey(delete.Key),
        KvCommand.Append append => OfKey(append.Key) ?? OfValue(append.Value),
        KvCommand.CompareAndSet cas =>
            OfKey(cas.Key) ?? (cas.Expected is null ? null : OfValue(cas.Expected)) ?? OfValue(cas.Value),
        KvCommand.Scan scan => (scan.From == "" ? null : OfKey(scan.From))
            ?? (scan.Limit is >= 1 and <= MostScanned
                ? null
                : $"A scan takes a limit of 1 to {MostScanned}, not {scan.Limit}."),
        KvCommand.Transact transact => OfTransaction(transact),
        _ => $"The store knows no {command.GetType().Name}.",
    };

    private static string? OfTransaction(KvCommand.Transact transact)
    {
        if (transact.Compares.Count + transact.Then.Count + transact.Else.Count > MostSteps)
        {
            return $"A transaction has at most {MostSteps} comparisons and steps.";
        }

        // Every write of etcd's clients comes this way, at every server: nothing here makes garbage.
        for (var i = 0; i < transact.Compares.Count; i++)
        {
            if ((OfRange(transact.Compares[i].Range) ?? OfValue(transact.Compares[i].Text)) is { } refusal)
            {
                return refusal;
            }
        }

        return OfSteps(transact.Then) ?? OfSteps(transact.Else)
            ?? (KvStore.Instance.SizeOf(transact) > MostTransactionBytes + (KvStore.Overhead * (MostSteps + 1))
                ? $"A transaction writes and compares at most {MostTransactionBytes} bytes."
                : OfTwice(transact.Then) ?? OfTwice(transact.Else)
                    ?? (transact is { MaybeStale: true, OnlyReads: false } ? "A transaction that writes is never stale." : null));
    }

    private static string? OfSteps(Seq<KvStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (OfStep(steps[i]) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Two writes of one key under one revision could not be told apart.</summary>
    private static string? OfTwice(Seq<KvStep> steps) => steps.Count < 2 ? null : OfMany(steps);

    private static string? OfMany(Seq<KvStep> steps) // apart, for its closure is made where it is entered
    {
        var puts = steps.OfType<KvStep.Put>().Select(step => step.Key).ToList();
        var keys = puts.ToSet();
        if (keys.Count < puts.Count)
        {
            return "A transaction puts a key only once.";
        }

        return steps.Any(step => step is KvStep.Delete delete && keys.Any(key => delete.Range.Contains(key)))
            ? "A transaction does not both put and delete a key."
            : null;
    }

    private static string? OfStep(KvStep step) => step switch
    {
        KvStep.Read read => OfRange(read.Range) ?? (read.Limit < 0 ? "A limit is 0, for all, or more." : null),
        KvStep.Put put => OfKey(put.Key) ?? OfValue(put.Value),
        KvStep.Delete delete => OfRange(delete.Range),
        _ => $"The store knows no {step.GetType().Name}.",
    };

    private static string? OfRange(KvRange range) => range.Kind == KvRangeKind.One || range.From != ""
        ? OfKey(range.From) ?? (range.To == "" ? null : OfKey(range.To))
        : range.To is null ? "The end of the range is missing." : range.To == "" ? null : OfKey(range.To);

    /// <summary>The size of a text in UTF-8; -1 when it is no text: half of a surrogate pair stands alone in it.</summary>
    public static int BytesOf(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        // A lone half would come out of UTF-8 as another character: servers would then hold different values.
        var bytes = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var read) != System.Buffers.OperationStatus.Done)
            {
                return -1;
            }

            bytes += rune.Utf8SequenceLength;
            rest = rest[read..];
        }

        return bytes;
    }

    internal static string TooLongValue(int bytes) =>
        $"The value would have {bytes} bytes; the most is {MostValueBytes}.";

    private static string? OfKey(string? key) => (key is null ? 0 : BytesOf(key)) switch
    {
        0 => "The key is empty; give it 1 byte or more.",
        < 0 => NoText("key"),
        > MostKeyBytes and var bytes => $"The key has {bytes} bytes; the most is {MostKeyBytes}.",
        _ => null,
    };

    private static string? OfValue(string? value) => (value is null ? 0 : BytesOf(value)) switch
    {
        < 0 => NoText("value"),
        > MostValueBytes and var bytes => $"The value has {bytes} bytes; the most is {MostValueBytes}.",
        _ when value is null => "The value is missing.",
        _ => null,
    };

    private static string NoText(string what) =>
        $"The {what} is no Unicode text: half of a surrogate pair stands alone in it.";
}

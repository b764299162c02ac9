using System.Text;

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
        _ => $"The store knows no {command.GetType().Name}.",
    };

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

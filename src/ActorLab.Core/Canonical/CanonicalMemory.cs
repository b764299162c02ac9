namespace ActorLab.Core;

/// <summary>
/// Fingerprints of the states of one role, one after the other: the same as <see cref="Canonical.Fingerprint(object?)"/>, and cheap
/// for states that hold long sequences. These grow at their end from turn to turn, and the bytes of what stayed are known. Not for
/// several threads at once.
/// </summary>
public sealed class CanonicalMemory
{
    /// <summary>Of shorter sequences nothing is remembered.</summary>
    internal const int Long = 64;

    /// <summary>A state has few long sequences; of one that was cut back to less, the bytes are written anew.</summary>
    private const int MostKnown = 4;

    private readonly List<Known> _known = []; // the latest last
    private object? _last;
    private UInt128 _lastFingerprint;

    /// <summary>Many turns change nothing: their state is the same object.</summary>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public UInt128 Fingerprint(object value)
    {
        if (!ReferenceEquals(value, _last))
        {
            _lastFingerprint = Canonical.Fingerprint(value, this);
            _last = value;
        }

        return _lastFingerprint;
    }

    internal void WriteItems<T>(CanonicalWriter writer, Seq<T> value)
    {
        var at = _known.FindIndex(one => one is Known<T> known && value.Extends(known.Items));
        var known = at < 0 ? new Known<T>() : (Known<T>)_known[at];
        if (at >= 0 || _known.Count == MostKnown)
        {
            _known.RemoveAt(Math.Max(at, 0));
        }

        known.Extend(value);
        _known.Add(known);
        writer.WriteBytes(known.Bytes.Span);
    }

    private abstract class Known
    {
        public CanonicalWriter Bytes { get; } = new();
    }

    private sealed class Known<T> : Known
    {
        public Seq<T> Items { get; private set; }

        public void Extend(Seq<T> longer)
        {
            var item = Shape<T>.Instance;
            foreach (var one in longer.Span[Items.Count..])
            {
                item.Write(Bytes, one);
            }

            Items = longer;
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorLab.Core;

/// <summary>A growing buffer of canonical bytes.</summary>
internal sealed class CanonicalWriter
{
    private byte[] _bytes = new byte[1024];
    private int _count;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _count);

    /// <summary>Knows the bytes of long sequences that were written before; null where nobody remembers.</summary>
    public CanonicalMemory? Memory { get; set; }

    public void Clear() => _count = 0;

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>The bytes of a number, least significant first.</summary>
    public void WriteNumber<T>(T value)
        where T : unmanaged
    {
        var to = Take(Unsafe.SizeOf<T>());
        MemoryMarshal.Write(to, in value);
        if (!BitConverter.IsLittleEndian)
        {
            to.Reverse();
        }
    }

    public void WriteString(string? value)
    {
        WriteNumber(value?.Length ?? -1);
        if (BitConverter.IsLittleEndian)
        {
            var units = MemoryMarshal.AsBytes(value.AsSpan());
            units.CopyTo(Take(units.Length));
            return;
        }

        foreach (var unit in value ?? "")
        {
            WriteNumber((ushort)unit);
        }
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _count < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + count));
        }

        _count += count;
        return _bytes.AsSpan(_count - count, count);
    }
}

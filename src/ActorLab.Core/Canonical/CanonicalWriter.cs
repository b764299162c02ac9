using System.Runtime.InteropServices;

namespace ActorLab.Core;

/// <summary>A growing buffer of canonical bytes.</summary>
internal sealed class CanonicalWriter
{
    private byte[] _bytes = new byte[1024];
    private int _count;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>The bytes of a number, least significant first.</summary>
    public void WriteNumber<T>(T value)
        where T : unmanaged
    {
        var from = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        var to = Take(from.Length);
        from.CopyTo(to);
        if (!BitConverter.IsLittleEndian)
        {
            to.Reverse();
        }
    }

    public void WriteString(string? value)
    {
        WriteNumber(value?.Length ?? -1);
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

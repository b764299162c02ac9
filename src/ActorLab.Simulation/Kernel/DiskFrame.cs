using System.Buffers.Binary;
using System.IO.Hashing;

namespace ActorLab.Simulation;

/// <summary>How a record lies on a disk: its length, the checksum of what follows, and its bytes.</summary>
internal static class DiskFrame
{
    private const int Head = 4 + 8;

    public static byte[] Write(ReadOnlySpan<byte> record)
    {
        var frame = new byte[Head + record.Length];
        record.CopyTo(frame.AsSpan(Head));
        BinaryPrimitives.WriteInt32LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(4), XxHash64.HashToUInt64(record));
        return frame;
    }

    /// <summary>The bytes of the record in a sound frame.</summary>
    public static byte[] RecordIn(byte[] frame) => frame[Head..];

    /// <summary>Whether the frame holds a whole record as it was written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> frame) =>
        frame.Length >= Head
        && BinaryPrimitives.ReadInt32LittleEndian(frame) == frame.Length - Head
        && BinaryPrimitives.ReadUInt64LittleEndian(frame[4..]) == XxHash64.HashToUInt64(frame[Head..]);
}

using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ActorLab.Cluster;

/// <summary>
/// The bytes of an envelope: version (1 byte), checksum of all that follows (8), incarnation, number and cause (8 each),
/// then scenario, target node and role, sender node and role (each one byte of length and UTF-8), then the sender's clocks
/// (how many entries, 2 bytes; the Lamport clock and the entries of the vector clock, 8 each, or nothing at all), then the
/// message as the codec of the target's role wrote it. Integers are little endian.
/// </summary>
internal static class FrameCodec
{
    /// <summary>Largest frame that is sent or taken. Remoting's own limit is higher by what it wraps around a frame.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const byte Version = 2;
    private const int ChecksumAt = 1;
    private const int NumbersAt = ChecksumAt + 8;
    private const int NamesAt = NumbersAt + 24;

    public static byte[] Write(
        string scenario, Address target, Address sender, long incarnation, long number, long cause, ReadOnlySpan<byte> message,
        ClockReading? clock = null)
    {
        ReadOnlySpan<string> names = [scenario, target.Node.Name, target.Role, sender.Node.Name, sender.Role];
        var entries = clock is null ? 0 : clock.Ticks.Length + 1;
        var size = NamesAt + 2 + (entries * sizeof(long)) + message.Length;
        foreach (var name in names)
        {
            size += 1 + Encoding.UTF8.GetByteCount(name);
        }

        var frame = new byte[size];
        frame[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(NumbersAt), incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(NumbersAt + 8), number);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(NumbersAt + 16), cause);
        var at = NamesAt;
        foreach (var name in names)
        {
            var length = Encoding.UTF8.GetBytes(name, frame.AsSpan(at + 1));
            frame[at] = checked((byte)length);
            at += 1 + length;
        }

        at = WriteClock(frame, at, clock, entries);
        message.CopyTo(frame.AsSpan(at));
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(ChecksumAt), Checksum(frame));
        return frame;
    }

    /// <summary>A <see cref="RoleEnvelope"/>, or a <see cref="BadFrame"/> for anything else. Throws for no bytes whatever.</summary>
    public static object Read(byte[] frame, RoleDirectory roles)
    {
        if (frame.Length < NamesAt || frame.Length > MaxBytes)
        {
            return new BadFrame($"a frame of {frame.Length} bytes; frames have {NamesAt} to {MaxBytes}");
        }

        if (frame[0] != Version)
        {
            return new BadFrame($"a frame of version {frame[0]}; this node reads version {Version}");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(ChecksumAt)) != Checksum(frame))
        {
            return new BadFrame($"a damaged frame of {frame.Length} bytes: its checksum is wrong");
        }

        var at = NamesAt;
        if (!TryName(frame, ref at, out var scenario)
            || !TryName(frame, ref at, out var targetNode) || !TryName(frame, ref at, out var targetRole)
            || !TryName(frame, ref at, out var senderNode) || !TryName(frame, ref at, out var senderRole))
        {
            return new BadFrame("a frame that ends within its names");
        }

        if (!TryClock(frame, ref at, out var clock))
        {
            return new BadFrame("a frame with clocks that cannot be");
        }

        var target = new Address(new NodeId(targetNode), targetRole);
        var sender = new Address(new NodeId(senderNode), senderRole);
        if (senderNode.Length == 0)
        {
            // Only this node's own front may speak for the outside.
            return new BadFrame($"a frame that claims to come from {sender}");
        }

        if (sender.Node == target.Node)
        {
            // What stays on a node travels as no frame; a role must not take a stranger's word for its own.
            return new BadFrame($"a frame from afar that claims to come from {sender} of this node");
        }

        if (roles.Find(scenario, target) is not { } binding)
        {
            return new BadFrame($"a frame for {target} of {scenario}, which is not here");
        }

        try
        {
            return new RoleEnvelope(
                target,
                sender,
                BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(NumbersAt)),
                BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(NumbersAt + 8)),
                BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(NumbersAt + 16)),
                binding.ReadMessage(frame.AsSpan(at)),
                frame.Length)
            {
                Clock = clock,
            };
        }
        catch (Exception e)
        {
            // A codec may fail in any way on bytes that some peer made up; none of them may hurt this node.
            return new BadFrame($"a message from {sender} that is no {binding.MessageType.Name}: {e.Message}");
        }
    }

    private static ulong Checksum(byte[] frame) => XxHash3.HashToUInt64(frame.AsSpan(NumbersAt));

    private static int WriteClock(byte[] frame, int at, ClockReading? clock, int entries)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(at), checked((ushort)entries));
        at += 2;
        if (clock is not null)
        {
            BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(at), clock.Time.Time);
            foreach (var ticks in clock.Ticks)
            {
                BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(at += sizeof(long)), ticks);
            }

            at += sizeof(long);
        }

        return at;
    }

    /// <returns>False where the frame ends within them, or one of them counts what no role ever does.</returns>
    private static bool TryClock(byte[] frame, ref int at, out ClockReading? clock)
    {
        clock = null;
        if (frame.Length - at < 2)
        {
            return false;
        }

        var entries = BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(at));
        at += 2;
        if (frame.Length - at < entries * sizeof(long))
        {
            return false;
        }

        if (entries == 0)
        {
            return true;
        }

        var all = new long[entries];
        for (var i = 0; i < entries; i++, at += sizeof(long))
        {
            all[i] = BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(at));
        }

        clock = ClockReading.From(all);
        return clock is not null;
    }

    private static bool TryName(byte[] frame, ref int at, out string name)
    {
        name = "";
        if (at >= frame.Length || at + 1 + frame[at] > frame.Length)
        {
            return false;
        }

        name = Encoding.UTF8.GetString(frame, at + 1, frame[at]);
        at += 1 + frame[at];
        return true;
    }
}

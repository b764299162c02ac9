using System.Buffers.Binary;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>A part of a snapshot that is read by itself.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Head))]
[MemoryPackUnion(1, typeof(OpenSession))]
[MemoryPackUnion(2, typeof(Replied))]
[MemoryPackUnion(3, typeof(Pair))]
internal abstract partial record SnapshotRecord
{
    [MemoryPackable]
    internal sealed partial record Head(
        long Index, long Term, LogCommand.Configure? Configuration, int MaxSessions, long Revision) : SnapshotRecord;

    [MemoryPackable]
    internal sealed partial record OpenSession(long Session, long LastUsed, long FirstOutstanding) : SnapshotRecord;

    /// <summary>Of the session before it. By itself, for a reply may have as much as a value has.</summary>
    [MemoryPackable]
    internal sealed partial record Replied(long Number, KvReply Reply) : SnapshotRecord;

    [MemoryPackable]
    internal sealed partial record Pair(string Key, string Value, KvVersion? Version) : SnapshotRecord;
}

/// <summary>
/// A snapshot as InstallSnapshot carries it: records behind their lengths (4 bytes, little endian), the head first. Pieces
/// end between records, so that no piece is larger than its bound or one record.
/// </summary>
public static class SnapshotBytes
{
    private const int LengthBytes = 4;

    public static Seq<byte> Write(Snapshot snapshot)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        Add(new SnapshotRecord.Head(
            snapshot.LastIncludedIndex, snapshot.LastIncludedTerm, snapshot.Configuration, snapshot.MaxSessions,
            snapshot.Machine.Revision));
        foreach (var (number, session) in snapshot.Sessions.Sessions)
        {
            Add(new SnapshotRecord.OpenSession(number, session.LastUsed, session.FirstOutstanding));
            foreach (var (request, reply) in session.Replies.Span)
            {
                Add(new SnapshotRecord.Replied(request, reply));
            }
        }

        foreach (var (key, value) in snapshot.Machine.Values)
        {
            Add(new SnapshotRecord.Pair(key, value, snapshot.Machine.Versions.Find(key)));
        }

        return Seq.Of(bytes.WrittenSpan);

        void Add(SnapshotRecord record)
        {
            var packed = MemoryPackSerializer.Serialize(record);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(LengthBytes), packed.Length);
            bytes.Advance(LengthBytes);
            packed.CopyTo(bytes.GetSpan(packed.Length));
            bytes.Advance(packed.Length);
        }
    }

    /// <summary>The records from an offset on that fit into that many bytes, but at least one.</summary>
    public static Seq<byte> Piece(Seq<byte> bytes, int offset, int maxBytes)
    {
        var rest = bytes.Span[offset..];
        var end = 0;
        while (end < rest.Length)
        {
            var next = end + LengthBytes + BinaryPrimitives.ReadInt32LittleEndian(rest[end..]);
            if (next > maxBytes && end > 0)
            {
                break;
            }

            end = next;
        }

        return Seq.Of(rest[..end]); // a window would keep the whole alive for as long as anybody remembers the message
    }

    /// <summary>Null for bytes that are no snapshot.</summary>
    public static Snapshot? Read(Seq<byte> bytes)
    {
        try
        {
            return ReadAll(bytes.Span);
        }
        catch (Exception e) when (e is MemoryPackSerializationException or ArgumentException or InvalidCastException)
        {
            return null;
        }
    }

    private static Snapshot? ReadAll(ReadOnlySpan<byte> bytes)
    {
        var head = default(SnapshotRecord.Head);
        var sessions = Map<long, Session<KvReply>>.Empty;
        var (open, replies) = (default(SnapshotRecord.OpenSession), Seq<(long, KvReply)>.Empty);
        var (pairs, versions) = (new List<KeyValuePair<string, string>>(), new List<KeyValuePair<string, KvVersion>>());
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            switch (MemoryPackSerializer.Deserialize<SnapshotRecord>(bytes.Slice(LengthBytes, length)))
            {
                case SnapshotRecord.Head first when head is null:
                    head = first;
                    break;
                case SnapshotRecord.OpenSession next:
                    Close();
                    (open, replies) = (next, default);
                    break;
                case SnapshotRecord.Replied replied:
                    replies = replies.Add((replied.Number, replied.Reply));
                    break;
                case SnapshotRecord.Pair pair:
                    pairs.Add(KeyValuePair.Create(pair.Key, pair.Value));
                    if (pair.Version is { } version)
                    {
                        versions.Add(KeyValuePair.Create(pair.Key, version));
                    }

                    break;
                default:
                    return null;
            }

            bytes = bytes[(LengthBytes + length)..];
        }

        Close();
        return head is null ? null : new Snapshot(
            head.Index, head.Term, head.Configuration,
            new KvState(Map<string, string>.Empty.SetAll(pairs))
            {
                Revision = head.Revision,
                Versions = Map<string, KvVersion>.Empty.SetAll(versions),
            },
            new SessionTable<KvReply>(sessions), head.MaxSessions);

        void Close()
        {
            if (open is { } session)
            {
                sessions = sessions.Set(
                    session.Session, new Session<KvReply>(session.LastUsed, session.FirstOutstanding, replies));
            }
        }
    }
}

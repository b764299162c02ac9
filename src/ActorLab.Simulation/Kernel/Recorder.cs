using System.Buffers.Binary;
using System.IO.Hashing;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// Numbers the events of a run, folds each into the trace hash, and keeps them where asked. The hash covers time, kind,
/// place, peer and envelope of every event, the contents of every message when it is sent, and the states at the end.
/// </summary>
internal sealed class Recorder(bool keep, bool hashes = true)
{
    private const int EventBytes = 8 * 5;
    private readonly XxHash128 _hash = new();
    private readonly byte[] _pending = new byte[EventBytes * 100];
    private readonly List<TraceEvent> _events = [];
    private int _used;
    private object? _lastMessage;
    private ulong _lastFingerprint;

    /// <summary>Whether texts and payloads are wanted.</summary>
    public bool IsKeeping => keep;

    /// <summary>The number of events so far.</summary>
    public long Count { get; private set; }

    public Seq<TraceEvent> Events => _events.ToSeq();

    /// <summary>Adds an event; its index.</summary>
    /// <param name="at">Virtual time.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="where">The place, with its number in the run.</param>
    /// <param name="peer">The other end, with its number in the run.</param>
    /// <param name="message">The envelope's number, 0 for none.</param>
    /// <param name="cause">The index of the event that led to this one.</param>
    /// <param name="detail">What else the hash must cover.</param>
    /// <param name="record">What to keep beside: read only while keeping.</param>
    public long Add(
        long at, TraceKind kind, Place where, Place? peer = null, long message = 0, long cause = -1, ulong detail = 0,
        in EventRecord record = default)
    {
        if (!hashes)
        {
            return Count++; // A trial: whether it breaks the property is all that is asked.
        }

        if (_used == _pending.Length)
        {
            Flush();
        }

        var bytes = _pending.AsSpan(_used, EventBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, at);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], where.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], peer?.Number ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], message);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], detail);
        _used += EventBytes;
        if (keep)
        {
            _events.Add(new TraceEvent(
                Count, at, kind, where.Address, peer?.Address, message, cause, record.Text ?? "", record.State));
        }

        return Count++;
    }

    /// <summary>64 bits of a message's contents. A message told to everyone is read once.</summary>
    public ulong Fingerprint(object message)
    {
        if (hashes && !ReferenceEquals(message, _lastMessage))
        {
            (_lastMessage, _lastFingerprint) = (message, (ulong)Canonical.Fingerprint(message));
        }

        return _lastFingerprint;
    }

    /// <summary>The hash of all events so far, and of what came of them.</summary>
    public UInt128 Hash(IEnumerable<object?> outcome)
    {
        if (!hashes)
        {
            return default;
        }

        Flush();
        var all = new XxHash128();
        all.Append(_hash.GetCurrentHash());
        foreach (var value in outcome)
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, Canonical.Fingerprint(value));
            all.Append(bytes);
        }

        return all.GetCurrentHashAsUInt128();
    }

    private void Flush()
    {
        _hash.Append(_pending.AsSpan(0, _used));
        _used = 0;
    }
}

/// <summary>A place of a run: an address, and the number that the trace hash knows it by.</summary>
internal sealed record Place(int Number, Address Address);

/// <summary>The part of an event that only people and replays read.</summary>
internal readonly record struct EventRecord(string? Text, UInt128 State = default);

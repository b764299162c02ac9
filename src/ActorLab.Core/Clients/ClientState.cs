using MemoryPack;

namespace ActorLab.Core;

/// <summary>How a client role behaves.</summary>
public sealed record ClientOptions
{
    public static readonly ClientOptions Default = new();

    /// <summary>The grain of its time: it looks for a leader, resends and gives up on ticks.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A request without an answer is sent again to the same leader after so many ticks.</summary>
    public int ResendTicks { get; init; } = 10;

    /// <summary>So many operations of each kind, reads and writes, may be open at once.</summary>
    public int MostOpen { get; init; } = 4_096;

    /// <summary>
    /// Commands of so many bytes, as <see cref="IClientProtocol{TCommand,TReply,TMessage}.SizeOf"/> counts them, may be
    /// open at once; one alone may be larger.
    /// </summary>
    public long MostOpenBytes { get; init; } = 64 << 20;

    /// <summary>How far the newest request may be ahead of the oldest open one; below what a session keeps.</summary>
    public int MostAhead { get; init; } = 32_768;
}

/// <summary>
/// What a client keeps: how often its node started, so that no request of an earlier start is taken for a new one.
/// </summary>
[MemoryPackable]
public sealed partial record ClientDisk(long Incarnation);

/// <summary>An operation without an outcome.</summary>
/// <param name="Operation">The user's number for it.</param>
/// <param name="Command">What to run.</param>
/// <param name="TicksLeft">When it comes to 0 the user has waited long enough.</param>
/// <param name="TicksSinceSent">-1 while it has not been sent to the leader known now.</param>
/// <param name="EverSent">A leader may have it: it may take effect even without an answer.</param>
/// <param name="Trouble">What the last refusal said; empty without one.</param>
public sealed record OpenOperation<TCommand>(
    long Operation, TCommand Command, int TicksLeft, int TicksSinceSent = -1, bool EverSent = false, string Trouble = "");

/// <summary>All that a client knows.</summary>
public sealed record ClientState<TCommand>(ClientDisk Disk) : IOnDisk<ClientDisk>
{
    /// <summary>The highest term it heard of.</summary>
    public long Term { get; init; }

    /// <summary>The leader of that term; null while none is known.</summary>
    public NodeId? Leader { get; init; }

    /// <summary>No leader is known, and the server of its node is no member.</summary>
    public bool IsOutside { get; init; }

    /// <summary>The session of its writes; 0 while it has none.</summary>
    public long Session { get; init; }

    /// <summary>-1 while the leader known now was not asked for a session.</summary>
    public int TicksSinceOpening { get; init; } = -1;

    public long NextWrite { get; init; } = 1;

    public long NextRead { get; init; } = 1;

    public Map<long, OpenOperation<TCommand>> Writes { get; init; }

    public Map<long, OpenOperation<TCommand>> Reads { get; init; }

    /// <summary>The size of all that is open.</summary>
    public long OpenBytes { get; init; }

    /// <summary>The tick timer is armed: while there is anything open.</summary>
    public bool Ticking { get; init; }

    public bool Idle => Writes.IsEmpty && Reads.IsEmpty;

    /// <summary>The number of the oldest open write: servers may forget the replies below it.</summary>
    public long FirstOutstanding
    {
        get
        {
            foreach (var (number, _) in Writes)
            {
                return number;
            }

            return NextWrite;
        }
    }
}

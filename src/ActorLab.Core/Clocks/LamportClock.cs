using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, 1978: a number that grows with every event,
/// and beyond that of every message that arrives. If one event may have caused another its number is smaller; the converse
/// does not hold.
/// </summary>
[MemoryPackable]
public readonly partial record struct LamportClock(long Time) : IComparable<LamportClock>
{
    /// <summary>IR1: between any two events of a process the clock ticks.</summary>
    public LamportClock Tick() => new(Time + 1);

    /// <summary>IR2: a message sets the receiver's clock beyond its own time.</summary>
    public LamportClock Receive(LamportClock sent) => new(Math.Max(Time, sent.Time) + 1);

    public int CompareTo(LamportClock other) => Time.CompareTo(other.Time);

    public override string ToString() => Time.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool operator <(LamportClock left, LamportClock right) => left.Time < right.Time;

    public static bool operator >(LamportClock left, LamportClock right) => left.Time > right.Time;

    public static bool operator <=(LamportClock left, LamportClock right) => left.Time <= right.Time;

    public static bool operator >=(LamportClock left, LamportClock right) => left.Time >= right.Time;
}

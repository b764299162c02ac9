using MemoryPack;

namespace ActorLab.Core;

/// <summary>How two events, or two clocks, stand to each other.</summary>
public enum Causality
{
    Equal,

    /// <summary>The first may have caused the second.</summary>
    Before,

    /// <summary>The second may have caused the first.</summary>
    After,

    /// <summary>Neither may have caused the other.</summary>
    Concurrent,
}

/// <summary>
/// Fidge 1988, Mattern 1989: how many events of each process an event knows of. One event may have caused another exactly
/// when its clock is smaller. A process of which nothing is known is not in the map.
/// </summary>
[MemoryPackable]
public readonly partial record struct VectorClock
{
    /// <param name="ticks">By the name of the process; none is negative.</param>
    [MemoryPackConstructor]
    public VectorClock(Map<string, long> ticks)
    {
        if (ticks.Values.Any(count => count < 0))
        {
            throw new ArgumentException($"A process has a number of events, so none of {ticks} can be below 0.");
        }

        Ticks = ticks.RemoveAll(ticks.Where(pair => pair.Value == 0).Select(pair => pair.Key));
    }

    public static VectorClock Zero => default;

    public Map<string, long> Ticks { get; }

    /// <summary>How many events of a process are known of.</summary>
    public long this[string process] => Ticks.FindOr(process, 0);

    /// <summary>After one more event of a process.</summary>
    public VectorClock Tick(string process) => new(Ticks.Set(process, this[process] + 1));

    /// <summary>All that either knows of: the least clock that descends from both.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var known = this;
        return new(Ticks.SetAll(other.Ticks.Select(pair => KeyValuePair.Create(pair.Key, Math.Max(pair.Value, known[pair.Key])))));
    }

    /// <summary>Whether this knows of all that the other does; so every clock descends from itself.</summary>
    public bool Descends(VectorClock other)
    {
        foreach (var (process, count) in other.Ticks)
        {
            if (this[process] < count)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What this is to the other.</summary>
    public Causality Compare(VectorClock other) => (other.Descends(this), Descends(other)) switch
    {
        (true, true) => Causality.Equal,
        (true, false) => Causality.Before,
        (false, true) => Causality.After,
        _ => Causality.Concurrent,
    };

    public override string ToString() => Ticks.ToString();
}

namespace ActorLab.Simulation;

/// <summary>
/// The generator that seeds others (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014; constants
/// as in Vigna's public-domain splitmix64.c). Similar seeds give unrelated numbers.
/// </summary>
internal struct SplitMix64(ulong state)
{
    private ulong _state = state;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

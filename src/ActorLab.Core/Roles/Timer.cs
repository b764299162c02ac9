using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// A timer that a role declares. It is known by its name: starting one that is armed starts it anew. A real host draws
/// the wait uniformly from the range; the checker lets an armed timer expire at any time.
/// </summary>
[MemoryPackable]
public sealed partial record Timer(string Name, TimeSpan Earliest, TimeSpan Latest)
{
    public static Timer Fixed(string name, TimeSpan wait) => new(name, wait, wait);

    public static Timer Between(string name, TimeSpan earliest, TimeSpan latest) => new(name, earliest, latest);

    public override string ToString() => Name;
}

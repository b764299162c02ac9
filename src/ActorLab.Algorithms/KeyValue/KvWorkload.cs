namespace ActorLab.Algorithms.KeyValue;

/// <summary>What users ask of a store in runs and explorations.</summary>
internal static class KvWorkload
{
    /// <summary>
    /// A mix of all commands on few keys, each write of a value of its own, so that a judge can tell them apart.
    /// </summary>
    /// <param name="number">Of the operation, from 1.</param>
    /// <param name="keys">How many keys there are.</param>
    public static KvCommand CommandOf(int number, int keys)
    {
        var key = $"k{number % keys}";
        var value = $"v{number}";
        return (number % 7) switch
        {
            0 => new KvCommand.Delete(key),
            1 or 4 => new KvCommand.Put(key, value),
            2 or 5 => new KvCommand.Get(key),
            3 => new KvCommand.Append(key, value),
            _ => new KvCommand.CompareAndSet(key, $"v{number - 2}", value),
        };
    }
}

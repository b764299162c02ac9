namespace ActorLab.Cluster.Crdt;

/// <summary>
/// The latest few results of a pure function, on one thread: who asks the same again soon gets the same result, and nobody
/// can tell that it was not worked out anew.
/// </summary>
/// <param name="most">How many.</param>
internal sealed class Recent<T>(int most)
    where T : class
{
    private readonly T?[] _latest = new T?[most];
    private int _next;

    /// <param name="isIt">Whether a result is that of the arguments at hand.</param>
    /// <param name="make">Works it out.</param>
    public T Get(Predicate<T> isIt, Func<T> make)
    {
        foreach (var one in _latest)
        {
            if (one is not null && isIt(one))
            {
                return one;
            }
        }

        var made = make();
        _latest[_next] = made;
        _next = (_next + 1) % _latest.Length;
        return made;
    }
}

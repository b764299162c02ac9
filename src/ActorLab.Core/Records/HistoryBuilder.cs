namespace ActorLab.Core;

/// <summary>Collects the reports of clients into a history, in amortised O(log n) per report.</summary>
public sealed class HistoryBuilder
{
    private readonly List<HistoryOperation> _operations = [];
    private readonly SortedDictionary<(Address Client, long Number), int> _open = [];

    /// <summary>The operations so far.</summary>
    public int Count => _operations.Count;

    /// <summary>The operations that have no completion yet.</summary>
    public int Open => _open.Count;

    /// <param name="at">Microseconds of the host.</param>
    /// <param name="client">The client role that reports.</param>
    /// <param name="happening">What it reports.</param>
    /// <exception cref="ArgumentException">A completion of what was never invoked, or is complete.</exception>
    public void Add(long at, Address client, HistoryEvent happening)
    {
        switch (happening)
        {
            case HistoryEvent.Invoked invoked:
                _open[(client, invoked.Operation)] = _operations.Count;
                _operations.Add(HistoryOperation.Of(at, client, invoked));
                break;
            case HistoryEvent.Completed completed:
                if (!_open.Remove((client, completed.Operation), out var place))
                {
                    throw History.NotOpen(client, completed);
                }

                _operations[place] = _operations[place].After(at, completed);
                break;
            default:
                throw new ArgumentException($"A history knows no {happening.GetType().Name}.");
        }
    }

    /// <summary>The history so far; later reports do not change it.</summary>
    public History ToHistory() => new(_operations.ToSeq());
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Brings what the roles of a run did into one order: that of time, as far as a message is delivered after the turn that
/// sent it. Boots of a first life come first: nothing leads to them. Clocks of nodes may disagree; causes do not.
/// </summary>
internal sealed class Merge
{
    private readonly List<(Address Role, IReadOnlyList<ReplayedItem> Items)> _roles;
    private readonly int[] _next;
    private readonly Dictionary<(Address Sender, long Number), Effect.Send> _sent = [];
    private readonly HashSet<(Address Sender, long Number)> _willBeSent = [];
    private readonly Func<Address, bool> _mayLack;
    private readonly Action<TurnName, Address, long> _requireWhole;

    /// <param name="roles">What each role did.</param>
    /// <param name="mayLack">Whether the recording of a role may lack turns, so that some messages come from nowhere.</param>
    /// <param name="requireWhole">Throws where a message, of which a turn tells, shows that its sender's recording is cut off.</param>
    public Merge(
        IEnumerable<(Address Role, IReadOnlyList<ReplayedItem> Items)> roles, Func<Address, bool> mayLack,
        Action<TurnName, Address, long> requireWhole)
    {
        _roles = [.. roles];
        _next = new int[_roles.Count];
        (_mayLack, _requireWhole) = (mayLack, requireWhole);
        foreach (var (role, items) in _roles)
        {
            foreach (var turn in items.OfType<ReplayedTurn>())
            {
                _willBeSent.UnionWith(SentBy(turn).Select(sent => (role, sent.Number)));
            }
        }
    }

    /// <summary>Deliveries whose sending turn is in no recording.</summary>
    public long FromNowhere { get; private set; }

    /// <summary>Everything in order. A delivery that does not fit what was sent comes with a difference, and is the last.</summary>
    public IEnumerable<(ReplayedItem Item, ConformanceDifference? Difference)> InOrder()
    {
        while (Choose() is var chosen and >= 0)
        {
            var (role, items) = _roles[chosen];
            var item = items[_next[chosen]++];
            var difference = item.Difference ?? (item as ReplayedTurn is { } turn ? Check(turn) : null);
            yield return (item, difference);
            if (difference is not null)
            {
                yield break;
            }

            Note(role, item);
        }
    }

    /// <summary>The earliest of what may come next; -1 when nothing is left.</summary>
    private int Choose()
    {
        var (best, bestAt, waiting) = (-1, long.MaxValue, -1);
        for (var i = 0; i < _roles.Count; i++)
        {
            if (_next[i] == _roles[i].Items.Count)
            {
                continue;
            }

            var item = _roles[i].Items[_next[i]];
            var at = _next[i] == 0 && item is ReplayedTurn { Input: Input.Boot } ? long.MinValue : item.At;
            if (!MayCome(item))
            {
                waiting = i;
            }
            else if (at < bestAt)
            {
                (best, bestAt) = (i, at);
            }
        }

        return best >= 0 ? best : waiting; // a ring of causes: Check tells of it
    }

    private bool MayCome(ReplayedItem item) => CauseOf(item) is not { } cause || _sent.ContainsKey(cause) || !_willBeSent.Contains(cause);

    private static (Address Sender, long Number)? CauseOf(ReplayedItem item) =>
        item is ReplayedTurn { Input: Input.Deliver deliver, Recorded: { Input: TurnInput.Deliver, Envelope: var number } }
            ? (deliver.Sender, number)
            : null;

    /// <summary>A message arrives as it was sent.</summary>
    private ConformanceDifference? Check(ReplayedTurn turn)
    {
        if (CauseOf(turn) is not { } cause)
        {
            return null;
        }

        var message = ((Input.Deliver)turn.Input!).Message;
        if (_sent.TryGetValue(cause, out var send))
        {
            return send.To == turn.Name.Where && send.Message.Equals(message)
                ? null
                : new ConformanceDifference(
                    turn.Name,
                    $"it is delivered {Canonical.Text(message)} as message {cause.Number} of {cause.Sender}, which sent "
                    + $"{Canonical.Text(send.Message)} to {send.To}");
        }

        if (_mayLack(cause.Sender))
        {
            FromNowhere++;
            return null;
        }

        _requireWhole(turn.Name, cause.Sender, cause.Number);
        return new ConformanceDifference(
            turn.Name, $"it is delivered message {cause.Number} of {cause.Sender}, {Canonical.Text(message)}, which no turn before it sent");
    }

    private void Note(Address role, ReplayedItem item)
    {
        foreach (var (number, send) in item is ReplayedTurn turn ? SentBy(turn) : [])
        {
            _sent[(role, number)] = send;
        }
    }

    /// <summary>What left: of a turn that no disk kept, only what need not wait for the disk.</summary>
    private static IEnumerable<(long Number, Effect.Send Send)> SentBy(ReplayedTurn turn) =>
        (turn.Recorded.Sent ?? []).Zip(turn.Effects.OfType<Effect.Send>()).Where(sent => turn.Counts || sent.Second.Early);
}

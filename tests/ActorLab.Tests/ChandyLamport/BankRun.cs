using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>How many of its turns each process had taken: what a line across a space-time diagram divides.</summary>
internal sealed record Cut(Map<NodeId, int> Turns);

/// <summary>
/// A run of accounts, turn by turn, and what the paper says of the states recorded in it. Messages count here as each
/// process got and sent them: those that a link below repeated or reordered are in the order that the roles saw.
/// </summary>
internal sealed class BankRun
{
    private readonly VectorClock[] _clocks;
    private readonly int[] _ordinal; // of a turn among those of its process, from 1

    /// <param name="turns">All turns, boots first, causes before effects.</param>
    /// <param name="isFifo">
    /// Whether channels keep order. Else it is the oldest equal one, and only those of the computation count: markers say
    /// nothing by when they come.
    /// </param>
    /// <exception cref="ArgumentException">A message comes that was not sent.</exception>
    public BankRun(Seq<Happening> turns, bool isFifo)
    {
        (Turns, IsFifo) = (turns, isFifo);
        (_clocks, _ordinal) = (new VectorClock[turns.Count], new int[turns.Count]);
        var known = new SortedDictionary<NodeId, VectorClock>();
        var sent = new Channels<(BankMessage Message, int Turn)>();
        for (var i = 0; i < turns.Count; i++)
        {
            var (self, turn) = (turns[i].Where.Node, turns[i]);
            var clock = known.GetValueOrDefault(self).Tick(self.Name);
            if (turn.Input is Input.Deliver(var sender, BankMessage message) && sender != Address.Outside && Counts(message))
            {
                var sending = sent.Take(sender.Node, self, one => one.Message == message, isFifo)
                    ?? throw new ArgumentException($"{self} gets {message} of {sender.Node}, who did not send it.");
                clock = clock.Merge(_clocks[sending.Turn]);
            }

            (known[self], _clocks[i], _ordinal[i]) = (clock, clock, (int)clock[self.Name]);
            foreach (var send in turn.Effects.OfType<Effect.Send>())
            {
                sent.Put(self, send.To.Node, ((BankMessage)send.Message, i));
            }
        }
    }

    public Seq<Happening> Turns { get; }

    public bool IsFifo { get; }

    /// <summary>All that a turn knows of.</summary>
    public VectorClock ClockOf(int turn) => _clocks[turn];

    /// <summary>Where each process recorded its state: before the turn in which it says so.</summary>
    /// <exception cref="KeyNotFoundException">Not all of them did.</exception>
    public Cut CutOf(SnapshotId snapshot)
    {
        var note = Account.NoteOf(snapshot);
        var cut = new Cut(default);
        for (var i = 0; i < Turns.Count; i++)
        {
            if (Turns[i].Effects.Any(effect => effect is Effect.Note(var text) && text == note))
            {
                cut = new Cut(cut.Turns.Set(Turns[i].Where.Node, _ordinal[i] - 1));
            }
        }

        return Turns.Select(turn => turn.Where.Node).Distinct().All(cut.Turns.ContainsKey)
            ? cut
            : throw new KeyNotFoundException(
                $"{snapshot} was not recorded by all, only by {string.Join(", ", cut.Turns.Keys)}.");
    }

    /// <summary>
    /// Whether no process knows, at its side of the cut, of a turn beyond it: no message comes before the cut that was sent
    /// after it.
    /// </summary>
    public bool IsConsistent(Cut cut)
    {
        for (var i = 0; i < Turns.Count; i++)
        {
            if (IsBefore(cut, i) && cut.Turns.Any(side => _clocks[i][side.Key.Name] > side.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Section 4: the same turns, all of those before the recordings first, each process's own in their order. That swaps
    /// turns of which neither caused the other, so it is a run again.
    /// </summary>
    public BankRun Reordered(Cut cut)
    {
        var places = Enumerable.Range(0, Turns.Count).ToList();
        return new BankRun(
            Seq.ToSeq(places.Where(i => IsBefore(cut, i)).Concat(places.Where(i => !IsBefore(cut, i))).Select(i => Turns[i])),
            IsFifo);
    }

    /// <summary>How many turns before their process's recording come, in this run, behind one that is beyond.</summary>
    public int Misplaced(Cut cut) =>
        Enumerable.Range(0, Turns.Count).SkipWhile(i => IsBefore(cut, i)).Count(i => IsBefore(cut, i));

    private bool Counts(BankMessage message) => IsFifo || message is Transfer;

    private bool IsBefore(Cut cut, int turn) => _ordinal[turn] <= cut.Turns[Turns[turn].Where.Node];
}

/// <summary>Messages on their way, by sender and receiver.</summary>
internal sealed class Channels<T>
    where T : struct
{
    private readonly SortedDictionary<(NodeId From, NodeId To), List<T>> _channels = [];

    public void Put(NodeId from, NodeId to, T message)
    {
        if (!_channels.TryGetValue((from, to), out var channel))
        {
            _channels.Add((from, to), channel = []);
        }

        channel.Add(message);
    }

    /// <summary>Takes the message that comes; null where it is not there, or not the first of an ordered channel.</summary>
    public T? Take(NodeId from, NodeId to, Predicate<T> isIt, bool isFifo)
    {
        var channel = _channels.GetValueOrDefault((from, to)) ?? [];
        var place = channel.FindIndex(isIt);
        if (place < 0 || (isFifo && place > 0))
        {
            return null;
        }

        var message = channel[place];
        channel.RemoveAt(place);
        return message;
    }

    /// <summary>What is on its way, channels without anything left out.</summary>
    public Map<NodeId, Map<NodeId, Seq<T>>> ByReceiver()
    {
        var all = Map<NodeId, Map<NodeId, Seq<T>>>.Empty;
        foreach (var ((from, to), channel) in _channels)
        {
            all = channel.Count == 0 ? all : all.Set(to, all.Find(to).Set(from, channel.ToSeq()));
        }

        return all;
    }
}

/// <summary>A global state of the bank: what is in accounts, and what is on its way.</summary>
/// <param name="Balances">By account.</param>
/// <param name="InFlight">Amounts, by receiver and sender; in order where channels keep it, else sorted.</param>
internal sealed record BankState(Map<NodeId, long> Balances, Map<NodeId, Map<NodeId, Seq<long>>> InFlight)
{
    /// <summary>A recorded state as such.</summary>
    public static BankState Of(GlobalSnapshot snapshot, bool isFifo)
    {
        var inFlight = Map<NodeId, Map<NodeId, Seq<long>>>.Empty;
        foreach (var (to, part) in snapshot.Parts)
        {
            inFlight = part.Channels.IsEmpty ? inFlight : inFlight.Set(to, part.Channels);
        }

        return new BankState(snapshot.Parts.ToMap(part => part.Key, part => part.Value.State), inFlight).Sorted(isFifo);
    }

    internal BankState Sorted(bool isFifo) => isFifo ? this : this with
    {
        InFlight = InFlight.ToMap(
            to => to.Key, to => to.Value.ToMap(from => from.Key, from => Seq.ToSeq(from.Value.Order()))),
    };
}

/// <summary>The underlying computation of a run alone, taken again turn by turn by the roles themselves.</summary>
/// <param name="scenario">The accounts, without links around them.</param>
/// <param name="isFifo">Whether channels keep order.</param>
internal sealed class Computation(Scenario scenario, bool isFifo)
{
    /// <summary>
    /// The states after each turn, the first being that of the boots. Turns that only record belong to no computation: they
    /// change neither accounts nor channels, and are left out.
    /// </summary>
    /// <exception cref="ArgumentException">The turns are no run: a message comes that is not there to come.</exception>
    public Seq<BankState> StatesOf(BankRun run)
    {
        var channels = new Channels<long>();
        var accounts = new SortedDictionary<Address, object>();
        foreach (var placement in scenario.Placements)
        {
            accounts[placement.Address] = placement.Role.Boot(placement.Role.EmptyDisk, Context(placement.Address)).State;
        }

        Seq<BankState> states = [Now()];
        foreach (var turn in run.Turns)
        {
            states = TryTake(turn, accounts, channels) ? states.Add(Now()) : states.Add(states.Last);
        }

        return states;

        BankState Now() => new BankState(
            accounts.ToMap(one => one.Key.Node, one => ((AccountState)one.Value).Disk.Balance), channels.ByReceiver())
            .Sorted(isFifo);
    }

    private bool TryTake(Happening turn, SortedDictionary<Address, object> accounts, Channels<long> channels)
    {
        var (role, self) = (scenario.RoleAt(turn.Where), turn.Where);
        Step step;
        switch (turn.Input)
        {
            case Input.Deliver(var sender, Transfer { Amount: var amount }):
                if (channels.Take(sender.Node, self.Node, one => one == amount, isFifo) is null)
                {
                    throw new ArgumentException($"{self} gets {amount} of {sender}, which is not there to come.");
                }

                step = role.Receive(accounts[self], sender, new Transfer(amount, default), Context(self));
                break;
            case Input.Deliver(var sender, Send or Spend or Load) operation:
                step = role.Receive(accounts[self], sender, operation.Message, Context(self));
                break;
            case Input.Expire(var timer):
                step = role.Expire(accounts[self], timer, Context(self));
                break;
            default:
                return false;
        }

        accounts[self] = step.State;
        foreach (var send in step.Effects.OfType<Effect.Send>())
        {
            channels.Put(self.Node, send.To.Node, ((Transfer)send.Message).Amount);
        }

        return true;
    }

    private static TurnContext Context(Address self) => new(self, NoDice.Instance, () => default);
}

/// <summary>For roles that throw none.</summary>
internal sealed class NoDice : IChoices
{
    public static readonly NoDice Instance = new();

    public int Next(int options) => throw new InvalidOperationException("Accounts throw no dice.");
}

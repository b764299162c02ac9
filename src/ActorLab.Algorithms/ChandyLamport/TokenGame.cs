using System.Globalization;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>
/// A game of tokens in steps of time, played by the processes of Chandy and Lamport. Every token and every marker takes one
/// of the delays, in the order of sending: sent at time t with delay d, it is due at t + 1 + d. A tick advances time by
/// one; then each server, in the order of names, delivers the first message that is due of those at the heads of its
/// outgoing links, in the order of names. After the events, time goes on until every snapshot is complete.
/// </summary>
public sealed class TokenGame
{
    private const int MostTicks = 1_000_000;

    private readonly SortedDictionary<NodeId, (RoleBinding Role, object State)> _servers = [];
    private readonly SortedDictionary<(NodeId From, NodeId To), Queue<(long Due, BankMessage Message)>> _links = [];
    private readonly Seq<int> _delays;
    private readonly List<SnapshotId> _taken = [];
    private int _sent;
    private long _time;

    private TokenGame(Map<NodeId, long> tokens, Seq<(NodeId From, NodeId To)> links, Seq<int> delays)
    {
        _delays = delays;
        foreach (var (from, to) in links)
        {
            _links.Add((from, to), new Queue<(long, BankMessage)>());
        }

        foreach (var (node, count) in tokens)
        {
            var role = RoleBinding.Of(new ChandyLamportProcess(new AccountOptions(
                count, links.Where(link => link.From == node).Select(link => link.To).ToSet(),
                links.Where(link => link.To == node).Select(link => link.From).ToSet(), Members: [])));
            _servers.Add(node, (role, role.Boot(role.EmptyDisk, Context(node)).State));
        }
    }

    /// <summary>Plays a game.</summary>
    /// <param name="tokens">What each server has at the start.</param>
    /// <param name="links">Such as <c>N1&gt;N2</c>.</param>
    /// <param name="events">Such as <c>send N1 N2 3</c>, <c>snapshot N2</c>, <c>tick</c> and <c>tick 4</c>.</param>
    /// <param name="delays">At least as many as tokens and markers are sent.</param>
    /// <returns>The recorded states, in the order in which they were begun.</returns>
    /// <exception cref="FormatException">The game makes no sense, in a sentence.</exception>
    public static Seq<GlobalSnapshot> Play(Map<NodeId, long> tokens, Seq<string> links, Seq<string> events, Seq<int> delays)
    {
        foreach (var (node, count) in tokens)
        {
            Refuse(count < 0, $"{node} cannot start with {count} tokens.");
        }

        Refuse(tokens.IsEmpty, "A game needs servers with tokens.");
        Refuse(
            tokens.Values.Aggregate(Int128.Zero, (sum, count) => sum + count) > long.MaxValue,
            $"All servers together cannot have more than {long.MaxValue} tokens.");
        foreach (var delay in delays)
        {
            Refuse(delay < 0, $"A delay of {delay} is less than none.");
        }

        var known = Seq.ToSeq(links.Select(link => LinkOf(link, tokens)));
        var twice = known.GroupBy(link => link).FirstOrDefault(same => same.Count() > 1)?.Key;
        Refuse(twice is not null, $"A link is named twice: {twice?.From}>{twice?.To}.");
        var game = new TokenGame(tokens, known, delays);
        var steps = events.Select(one => game.StepOf(one)).ToList(); // all are read before the first is done
        steps.ForEach(step => step());
        return game.Finish();
    }

    private static (NodeId From, NodeId To) LinkOf(string text, Map<NodeId, long> tokens)
    {
        Refuse(text.Split('>') is not [{ Length: > 0 }, { Length: > 0 }], $"'{text}' is no link; write it as N1>N2.");
        var (from, to) = (new NodeId(text.Split('>')[0]), new NodeId(text.Split('>')[1]));
        foreach (var end in new[] { from, to })
        {
            Refuse(!tokens.ContainsKey(end), $"The link {text} is unknown: there is no server {end}.");
        }

        Refuse(from == to, $"The link {text} leads nowhere else.");
        return (from, to);
    }

    private Action StepOf(string text)
    {
        switch (text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["send", var from, var to, var amount]:
                Refuse(
                    !_links.ContainsKey((new NodeId(from), new NodeId(to))),
                    $"'{text}' uses an unknown link: there is no {from}>{to}.");
                Refuse(
                    !long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0,
                    $"'{text}' must send a whole number of tokens, at least 1.");
                return () => Ask(new NodeId(from), new Send(0, new NodeId(to), count));
            case ["snapshot", var node]:
                Refuse(!_servers.ContainsKey(new NodeId(node)), $"'{text}' is of an unknown server: there is no {node}.");
                return () =>
                {
                    Ask(new NodeId(node), new Take(0));
                    _taken.Add(new SnapshotId(new NodeId(node), _taken.Count(one => one.Initiator.Name == node) + 1));
                };
            case ["tick"]:
                return () => Tick(1);
            case ["tick", var times]:
                Refuse(
                    !int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                        || ticks is < 1 or > MostTicks,
                    $"'{text}' must tick 1 to {MostTicks} times.");
                return () => Tick(ticks);
            default:
                throw new FormatException(
                    $"'{text}' is no event: send FROM TO TOKENS, snapshot SERVER, tick or tick TIMES.");
        }
    }

    private Seq<GlobalSnapshot> Finish()
    {
        while (_taken.Exists(snapshot => !IsComplete(snapshot)))
        {
            var open = _taken.First(snapshot => !IsComplete(snapshot));
            var dues = _links.Values.Where(link => link.Count > 0).Select(link => link.Peek().Due).ToList();
            Refuse(
                    dues.Count == 0, $"The snapshot of {open.Initiator} is never complete: its markers do not reach every server.");
            _time = Math.Max(_time, dues.Min() - 1); // ticks in which nothing is due
            Tick(1);
        }

        return Seq.ToSeq(_taken.Select(snapshot => new GlobalSnapshot(
            snapshot, _servers.ToMap(server => server.Key, server => PartOf(server.Value.State, snapshot)!))));
    }

    private bool IsComplete(SnapshotId snapshot) =>
        _servers.Values.All(server => PartOf(server.State, snapshot) is { IsComplete: true });

    private static LocalSnapshot? PartOf(object state, SnapshotId snapshot) =>
        ((AccountState)state).Disk.Parts.Find(snapshot);

    private void Tick(int times)
    {
        for (; times > 0; times--)
        {
            if (_links.Values.All(link => link.Count == 0))
            {
                _time += times; // nothing can come in them
                return;
            }

            _time++;
            foreach (var server in _servers.Keys.ToList())
            {
                var first = _links.FirstOrDefault(
                    link => link.Key.From == server && link.Value.Count > 0 && link.Value.Peek().Due <= _time);
                if (first.Value is { } queue)
                {
                    Do(first.Key.To, Account.At(server), queue.Dequeue().Message);
                }
            }
        }
    }

    private void Ask(NodeId node, BankMessage message) => Do(node, Address.Outside, message);

    private void Do(NodeId node, Address sender, BankMessage message)
    {
        var (role, before) = _servers[node];
        var step = role.Receive(before, sender, message, Context(node));
        _servers[node] = (role, step.State);
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Send send:
                    Refuse(
            _sent == _delays.Count,
            $"The game sends more than {_delays.Count} tokens and markers, and has a delay for no more.");
                    _links[(node, send.To.Node)].Enqueue((_time + 1 + _delays[_sent++], (BankMessage)send.Message));
                    break;
                case Effect.Report { Event: HistoryEvent.Completed { Outcome: Outcome.Failed, Reason: var reason } }:
                    throw new FormatException(reason);
                default: // the trace of a game is its result
                    break;
            }
        }
    }

    private static TurnContext Context(NodeId node) => new(Account.At(node), NoDice.Instance, () => default);

    private static void Refuse([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(true)] bool isWrong, string sentence)
    {
        if (isWrong)
        {
            throw new FormatException(sentence);
        }
    }

    private sealed class NoDice : IChoices
    {
        public static readonly NoDice Instance = new();

        public int Next(int options) => throw new InvalidOperationException("Accounts throw no dice.");
    }
}

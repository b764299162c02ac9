using System.Globalization;
using System.Text;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>
/// Servers and clients of a cluster, driven by lines of a script; it writes down every turn. Messages within a node arrive
/// at once, those between nodes when the script says so. The commands:
/// <code>
/// servers 3 [figure2]     boots n1 to n3; figure2: no PreVote, no CheckQuorum, one entry in each message
/// expire n1 election [2]  lets a timer of n1/server expire, so many times (or of n1/client: expire n1 tick)
/// elect n1                tells n1 to stand for election
/// ask n1 put a 1          a user asks the client on n1: get, put, delete, append, cas, scan with their arguments
/// deliver [n1>n2]         delivers what is under way, and what comes of it; or what is on one link now
/// lose n1>n2              loses what is under way on a link
/// cut n1 / heal           nothing from or to n1 gets through any more; all gets through again
/// crash n1 / restart n1   a crash between two turns: the disk has all
/// state                   the servers, in a line each
/// </code>
/// </summary>
internal sealed class ScriptGroup
{
    private readonly SortedDictionary<Address, object> _states = [];
    private readonly SortedSet<NodeId> _down = [];
    private readonly SortedSet<NodeId> _cut = [];
    private readonly List<(Address From, Address To, object Message)> _underWay = [];
    private readonly Queue<(Address From, Address To, object Message)> _local = new();
    private readonly StringBuilder _text = new();
    private Scenario _scenario = null!;
    private long _operations;

    /// <summary>Runs one line and returns what happened.</summary>
    public string Run(string line)
    {
        _text.Clear();
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Do(words);
        DeliverLocal();
        return _text.ToString();
    }

    private void DeliverLocal()
    {
        while (_local.TryDequeue(out var next))
        {
            Deliver(next);
        }
    }

    private void Do(string[] words)
    {
        switch (words)
        {
            case ["servers", var count, .. var options]:
                Start(int.Parse(count, CultureInfo.InvariantCulture), options.Contains("figure2"));
                break;
            case ["expire", var node, var timer, .. var times]:
                for (var i = 0; i < int.Parse(times.FirstOrDefault("1"), CultureInfo.InvariantCulture); i++)
                {
                    Expire(new Address(new NodeId(node), timer == "tick" ? "client" : "server"), timer);
                    DeliverLocal();
                }

                break;
            case ["elect", var node]:
                Deliver((Address.Outside, new Address(new NodeId(node), "server"), new RaftMessage.Elect()));
                break;
            case ["ask", var node, .. var command]:
                Ask(new NodeId(node), command);
                break;
            case ["deliver"]:
                DeliverAll();
                break;
            case ["deliver", var link]:
                TakeFrom(link).ForEach(Deliver);
                break;
            case ["lose", var link]:
                TakeFrom(link).ForEach(lost => _text.AppendLine($"lost {lost.From.Node}>{lost.To.Node} {Text(lost.Message)}"));
                break;
            case ["cut", var node]:
                _cut.Add(new NodeId(node));
                break;
            case ["heal"]:
                _cut.Clear();
                break;
            case ["crash", var node]:
                _down.Add(new NodeId(node));
                break;
            case ["restart", var node]:
                _down.Remove(new NodeId(node));
                BootAll(new NodeId(node));
                break;
            case ["state"]:
                WriteStates();
                break;
            default:
                throw new FormatException($"The script has no command '{string.Join(' ', words)}'.");
        }
    }

    private void Start(int servers, bool figure2)
    {
        _scenario = RaftScenario.Of(servers, figure2 ? OneServer.Figure2 with { MaxBatchBytes = 1 } : RaftOptions.Default);
        foreach (var node in _scenario.Nodes)
        {
            BootAll(node);
        }
    }

    private void BootAll(NodeId node)
    {
        foreach (var placement in _scenario.Placements.Where(placement => placement.Address.Node == node))
        {
            var role = placement.Role;
            var disk = _states.TryGetValue(placement.Address, out var state) ? role.DiskOf(state) : role.EmptyDisk;
            _text.AppendLine($"{placement.Address} boots");
            Keep(placement.Address, role.Boot(disk, Context(placement.Address)));
        }
    }

    private void Expire(Address at, string timer)
    {
        _text.AppendLine($"{at} {timer} expires");
        var expired = ActorLab.Core.Timer.Fixed(timer, TimeSpan.Zero);
        Keep(at, _scenario.RoleAt(at).Expire(_states[at], expired, Context(at)));
    }

    private void Ask(NodeId node, string[] command)
    {
        var kind = _scenario.Operations.Single(kind => kind.Name == command[0]);
        var given = kind.Parameters.Zip(command.Skip(1)).ToMap(pair => pair.First.Name, pair => pair.Second);
        var invoke = new RaftMessage.Invoke(++_operations, (KvCommand)kind.Build(given), TimeSpan.FromSeconds(1));
        Deliver((Address.Outside, new Address(node, kind.Role), invoke));
    }

    private void DeliverAll()
    {
        while (_underWay.Count > 0 || _local.Count > 0)
        {
            if (!_local.TryDequeue(out var next))
            {
                next = _underWay[0];
                _underWay.RemoveAt(0);
            }

            Deliver(next);
        }
    }

    private List<(Address From, Address To, object Message)> TakeFrom(string link)
    {
        var taken = _underWay.Where(message => $"{message.From.Node}>{message.To.Node}" == link).ToList();
        _underWay.RemoveAll(taken.Contains);
        return taken;
    }

    private void Deliver((Address From, Address To, object Message) message)
    {
        var (from, to, content) = message;
        var isCut = from.Node != to.Node && from != Address.Outside && (_cut.Contains(to.Node) || _cut.Contains(from.Node));
        if (_down.Contains(to.Node) || isCut)
        {
            _text.AppendLine($"lost {from}>{to} {Text(content)}");
            return;
        }

        _text.AppendLine($"{to} <- {from} {Text(content)}");
        Keep(to, _scenario.RoleAt(to).Receive(_states[to], from, content, Context(to)));
    }

    private void Keep(Address at, Step step)
    {
        _states[at] = step.State;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Send send when send.To.Node == at.Node:
                    _local.Enqueue((at, send.To, send.Message));
                    break;
                case Effect.Send send:
                    _text.AppendLine($"    -> {send.To}{(send.Early ? " early" : "")} {Text(send.Message)}");
                    _underWay.Add((at, send.To, send.Message));
                    break;
                case Effect.StartTimer start:
                    _text.AppendLine(
                        $"    starts {start.Timer.Name} {start.Timer.Earliest.TotalMilliseconds}-{start.Timer.Latest.TotalMilliseconds} ms");
                    break;
                case Effect.CancelTimer cancel:
                    _text.AppendLine($"    cancels {cancel.Name}");
                    break;
                case Effect.Note note:
                    _text.AppendLine($"    \"{note.Text}\"");
                    break;
                case Effect.Report { Event: HistoryEvent.Completed done }:
                    _text.AppendLine($"    operation {done.Operation}: {done.Outcome} {(done.Reply is null ? done.Reason : Text(done.Reply))}");
                    break;
            }
        }
    }

    private void WriteStates()
    {
        foreach (var (address, state) in _states.Where(pair => pair.Value is RaftState))
        {
            var server = (RaftState)state;
            _text.AppendLine(
                $"{address} {(_down.Contains(address.Node) ? "down" : server.Role)} term {server.CurrentTerm} commit {server.CommitIndex} "
                + $"log [{string.Join(" ", server.Log.Entries.Select(entry => entry.Term))}] {server.Machine.Values}");
        }
    }

    private static string Text(object content) => Canonical.Text(content);

    private static TurnContext Context(Address self) => new(self, null!, null!);
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A replayed run as pictures show it: with what each turn changed, which the nodes did not write down.</summary>
internal sealed class PictureWriter(Scenario scenario)
{
    private readonly PictureBuilder _events = new();
    private readonly Dictionary<TurnName, int> _turns = [];
    private readonly Dictionary<(Address Sender, long Number), int> _sends = [];
    private readonly Dictionary<NodeId, int> _processes = [];
    private readonly Dictionary<(NodeId Node, int Line), int> _ends = [];
    private long? _began;

    public Seq<PictureEvent> Events => _events.Events();

    /// <summary>The event of a turn or crash; -1 where there is none.</summary>
    public int EventOf(TurnName name) => _turns.GetValueOrDefault(name, -1);

    public void Add(ReplayedItem item)
    {
        var at = item.At - (_began ??= item.At);
        if (item is ReplayedCrash crash)
        {
            _turns[crash.Name] = crash.IsOfNode
                ? EndOf(at, crash)
                : _events.Add(at, crash.IsStop ? TraceKind.Stop : TraceKind.Crash, crash.Name.Where, crash.Reason);
        }
        else if (item is ReplayedTurn turn)
        {
            var place = _turns[turn.Name] = Begin(at, turn);
            if (turn.After is not null)
            {
                var happening = new Happening(turn.Name.Where, turn.Input!, turn.Before, turn.After, turn.Effects);
                _events.Tell(place, Canonical.Changes(turn.Before, turn.After), scenario.HighlightOf(happening));
            }

            var next = 0;
            _events.AddEffects(at, turn.Name.Where, turn.Effects, place, send =>
            {
                var number = turn.Recorded.Sent![next++];
                if (turn.Counts || send.Early)
                {
                    _sends[(turn.Name.Where, number)] = _events.AddSend(at, turn.Name.Where, send, number, place);
                }
            });
        }
    }

    /// <summary>The end of a process is one event, for all roles of its node.</summary>
    private int EndOf(long at, ReplayedCrash crash)
    {
        var key = (crash.Name.Where.Node, crash.Name.Line);
        return _ends.TryGetValue(key, out var known)
            ? known
            : _ends[key] = _events.Add(at, TraceKind.Crash, new Address(crash.Name.Where.Node, ""), crash.Reason);
    }

    /// <summary>The start of the process that a role boots in, where it is the first to do so and there was one before; else -1.</summary>
    private int RestartOf(long at, NodeId node, int process)
    {
        if (_processes.GetValueOrDefault(node) is var last && process > last)
        {
            _processes[node] = process;
            return last == 0 ? -1 : _events.Add(at, TraceKind.Restart, new Address(node, ""), "");
        }

        return -1;
    }

    private int Begin(long at, ReplayedTurn turn)
    {
        var (where, recorded) = (turn.Name.Where, turn.Recorded);
        if (turn.Input is null)
        {
            // What started it could not be made out, and the replay ends here.
            return _events.Add(at, TraceKind.Note, where, turn.Difference?.What ?? "");
        }

        var sender = (turn.Input as Input.Deliver)?.Sender ?? Address.Outside;
        var cause = turn.Input is Input.Boot
            ? RestartOf(at, where.Node, turn.Process)
            : _sends.GetValueOrDefault((sender, recorded.Envelope), -1);
        return _events.AddTurn(
            at, where, turn.Input, turn.After, recorded.Envelope, cause,
            $"incarnation {recorded.Incarnation}");
    }
}

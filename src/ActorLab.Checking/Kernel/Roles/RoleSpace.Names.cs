using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Worlds that are the same modulo names.</content>
internal sealed partial class RoleSpace
{
    private readonly Lazy<Renaming[]> _renamings;

    /// <inheritdoc />
    public override int Interchangeable => _scenario.Interchangeable.Count;

    /// <inheritdoc />
    public override bool Rename(int renaming, ReadOnlySpan<int> world, Span<int> renamed, bool learn)
    {
        var names = _renamings.Value[renaming];
        world.CopyTo(renamed);
        var known = true;
        for (var place = 0; place < _layout.Places; place++)
        {
            var to = names.Places[place];
            var state = Renamed(names, names.States, Layout.StateOf(world[place]), _turns.States, learn);
            known &= state >= 0;
            renamed[to] = Layout.IsUp(world[place]) ? state : ~state;
            renamed[_layout.Timers + to] = world[_layout.Timers + place];
            if (_layout.HasRounds)
            {
                renamed[_layout.Pending + to] = world[_layout.Pending + place];
            }
        }

        for (var observer = 0; observer < _scenario.Observers.Count; observer++)
        {
            var slot = _layout.Observers + observer;
            renamed[slot] = Renamed(names, names.Observed, world[slot], _memory.Observed, learn);
            known &= renamed[slot] >= 0;
        }

        for (var target = 0; target < _operations.Length; target++)
        {
            renamed[_layout.Operations + names.Targets[target]] = world[_layout.Operations + target];
        }

        if (world[_layout.LastDelivered] > 0)
        {
            renamed[_layout.LastDelivered] = Renamed(names, world[_layout.LastDelivered] - 1, learn) + 1;
            known &= renamed[_layout.LastDelivered] > 0;
        }

        for (var i = _layout.Network; i < world.Length && known; i++)
        {
            renamed[i] = Renamed(names, world[i], learn);
            known &= renamed[i] >= 0;
        }

        if (known)
        {
            SortTail(renamed[_layout.Network..]);
        }

        return known;
    }

    private static int Renamed(Renaming names, LongMap known, int number, Interner<object> values, bool learn)
    {
        var key = LongMap.Key(0, number);
        var renamed = known[key];
        if (renamed < 0 && learn)
        {
            renamed = values.Of(Canonical.Rename(values[number], names.Of));
            known.Add(key, renamed);
        }

        return renamed;
    }

    private int Renamed(Renaming names, int number, bool learn)
    {
        var key = LongMap.Key(0, number);
        var renamed = names.Envelopes[key];
        if (renamed < 0 && learn)
        {
            var (from, to, message) = _turns.Envelopes[number];
            var content = _turns.Messages.Of(Canonical.Rename(_turns.Messages[message], names.Of));
            renamed = _turns.Envelopes.Of(new Envelope(
                from == Envelope.Outside ? from : names.Places[from], names.Places[to], content));
            names.Envelopes.Add(key, renamed);
        }

        return renamed;
    }

    private void SortTail(Span<int> tail)
    {
        if (Tail != TailKind.Lines)
        {
            tail.Sort();
            return;
        }

        for (var i = 1; i < tail.Length; i++) // Insertion keeps the order within a line.
        {
            var token = tail[i];
            var j = i;
            for (; j > 0 && LineOf(tail[j - 1]) > LineOf(token); j--)
            {
                tail[j] = tail[j - 1];
            }

            tail[j] = token;
        }
    }

    private Renaming[] RenamingsOf(Scenario scenario)
    {
        var nodes = scenario.Interchangeable.ToArray();
        return [.. Permutations.Of(nodes).Select(image =>
        {
            var names = new Dictionary<NodeId, NodeId>();
            for (var i = 0; i < nodes.Length; i++)
            {
                names[nodes[i]] = image[i];
            }

            NodeId Of(NodeId node) => names.GetValueOrDefault(node, node);
            int PlaceOf(Address address) => _turns.PlaceOf(new Address(Of(address.Node), address.Role));
            var targets = _layout.Workload.Select(entry => Array.FindIndex(
                _layout.Workload, other => other.Target == new Address(Of(entry.Target.Node), entry.Target.Role)
                    && other.Messages.Length == entry.Messages.Length)).ToArray();
            if (targets.Contains(-1))
            {
                throw new ArgumentException(
                    $"{scenario.Name} is not symmetric: its users ask more of some interchangeable nodes than of others.");
            }

            RequireSameRequests(scenario, Of, targets);

            return new Renaming(Of, [.. scenario.Placements.Select(placement => PlaceOf(placement.Address))], targets);
        })];
    }

    /// <summary>However late the users of two nodes ask for different things: a spot check would not get there.</summary>
    private void RequireSameRequests(Scenario scenario, Func<NodeId, NodeId> of, int[] targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var (here, there) = (_layout.Workload[i], _layout.Workload[targets[i]]);
            if (!here.Messages.Select(message => Canonical.Rename(message, of)).SequenceEqual(there.Messages))
            {
                throw new ArgumentException(
                    $"{scenario.Name} is not symmetric: its users ask other things of {there.Target} than of {here.Target}.");
            }
        }
    }

    /// <summary>A bijection of nodes, and what it makes of everything that has a number.</summary>
    private sealed record Renaming(Func<NodeId, NodeId> Of, int[] Places, int[] Targets)
    {
        public LongMap States { get; } = new();

        public LongMap Observed { get; } = new();

        public LongMap Envelopes { get; } = new();
    }
}

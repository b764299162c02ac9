using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>What the environment does: messages lost and doubled, nodes that crash and come back.</content>
internal sealed partial class Expansion
{
    private bool NetworkFaults(ReadOnlySpan<int> world, StepKind kind, StepVisitor visit)
    {
        var budget = _layout.Faults + (kind == StepKind.Drop ? Layout.Drops : Layout.Duplicates);
        var free = kind == StepKind.Drop && _scenario.Network.Lossy;
        var pointless = kind == StepKind.Duplicate && _scenario.Network is { Duplicating: true, FifoPerLink: false };
        if (pointless || (!free && world[budget] == 0))
        {
            return true;
        }

        for (var index = _layout.Network; index < world.Length; index++)
        {
            if (!IsDeliverable(world, index))
            {
                continue;
            }

            _next.StartFrom(world);
            _next[budget] -= free ? 0 : 1;
            if (kind == StepKind.Drop)
            {
                _next.Remove(index);
            }
            else
            {
                _next.Copy(index);
            }

            if (!visit(new Transition(kind, world[index]), _next.World))
            {
                return false;
            }
        }

        return true;
    }

    private bool Crashes(ReadOnlySpan<int> world, StepVisitor visit)
    {
        for (var node = 0; node < _layout.Nodes.Length && world[_layout.Faults + Layout.Crashes] > 0; node++)
        {
            if (!Layout.IsUp(world[_layout.PlacesOf[node][0]]))
            {
                continue;
            }

            _next.StartFrom(world);
            _next[_layout.Faults + Layout.Crashes]--;
            _next.Crash(node);
            if (!visit(new Transition(StepKind.Crash, node), _next.World))
            {
                return false;
            }
        }

        return true;
    }

    private bool Restarts(ReadOnlySpan<int> world, StepVisitor visit)
    {
        for (var node = 0; node < _layout.Nodes.Length; node++)
        {
            var places = _layout.PlacesOf[node];
            if (Layout.IsUp(world[places[0]]))
            {
                continue;
            }

            var before = world.ToArray();
            foreach (var boots in Product(places.Select(place => _turns.Reboot(place, Layout.StateOf(before[place])))))
            {
                if (!Take(world, new Transition(StepKind.Restart, node, Boots: boots), visit))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>What the environment does: the network loses and doubles, nodes crash and restart.</content>
internal sealed partial class RoleSpace
{
    private bool NetworkFaults(ReadOnlySpan<int> world, Successors into, StepKind kind)
    {
        var budget = _layout.Faults + (kind == StepKind.Drop ? Layout.Drops : Layout.Duplicates);
        var free = kind == StepKind.Drop && _scenario.Network.Lossy;
        var pointless = kind == StepKind.Duplicate && Tail == TailKind.Set;
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

            into.Begin(LabelNumber(kind, world[index]), 0);
            if (!free)
            {
                into.Write(budget, world[budget] - 1);
            }

            if (kind == StepKind.Drop)
            {
                into.Remove(index);
            }
            else
            {
                into.PutBehind(index);
            }

            into.End();
        }

        return true;
    }

    private bool Crashes(ReadOnlySpan<int> world, Successors into, bool learn)
    {
        for (var node = 0; node < _layout.Nodes.Length && world[_layout.Faults + Layout.Crashes] > 0; node++)
        {
            if (Layout.IsUp(world[_layout.PlacesOf[node][0]]))
            {
                into.Begin(LabelNumber(StepKind.Crash, node), 0);
                var first = _layout.PlacesOf[node][0];
                if (_scenario.Network.NoOpDeliversVanish && !TakeOut(world, into, -1, first, world[first], true, learn))
                {
                    return false;
                }

                Crash(into, node);
                into.End();
            }
        }

        return true;
    }

    private bool Restarts(ReadOnlySpan<int> world, Successors into, bool learn)
    {
        for (var node = 0; node < _layout.Nodes.Length; node++)
        {
            var places = _layout.PlacesOf[node];
            if (Layout.IsUp(world[places[0]]))
            {
                continue;
            }

            var boots = new Outcome[places.Length][];
            for (var i = 0; i < places.Length; i++)
            {
                if (_turns.Reboot(places[i], Layout.StateOf(world[places[i]]), learn) is not { } outcomes)
                {
                    return false;
                }

                boots[i] = outcomes;
            }

            for (var combination = 0; combination < Combinations(boots); combination++)
            {
                into.Begin(LabelNumber(StepKind.Restart, node), combination);
                if (!Boot(into, boots, combination, learn))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

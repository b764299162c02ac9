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
            if (!Layout.IsUp(world[_layout.PlacesOf[node][0]]) && !Restart(node, world, into, learn))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A node restarts, and where crashes are left, crashes again before all of its boots is on disk and under way.</summary>
    private bool Restart(int node, ReadOnlySpan<int> world, Successors into, bool learn)
    {
        if (Reboots(node, world, learn) is not { } boots)
        {
            return false;
        }

        var whole = Combinations(boots);
        for (var combination = 0; combination < whole; combination++)
        {
            into.Begin(LabelNumber(StepKind.Restart, node), combination);
            if (!Boot(into, boots, combination, learn))
            {
                return false;
            }
        }

        if (world[_layout.Faults + Layout.Crashes] == 0)
        {
            return true;
        }

        if (WithTorn(node, boots, world, learn) is not { } all)
        {
            return false;
        }

        for (var combination = 0; combination < Combinations(all); combination++)
        {
            var picked = Pick(all, combination);
            if (!Array.Exists(picked, boot => boot.Torn is not null) || Array.Exists(picked, boot => boot.Error is not null))
            {
                continue;
            }

            into.Begin(LabelNumber(StepKind.Restart, node), whole + combination);
            if ((_scenario.Network.NoOpDeliversVanish && !TakeOut(node, world, into, picked, learn))
                || !Boot(into, all, combination, learn))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For each place of a node the ways in which its next boot may end; null if some are to be learned.</summary>
    private Outcome[][]? Reboots(int node, ReadOnlySpan<int> world, bool learn)
    {
        var places = _layout.PlacesOf[node];
        var boots = new Outcome[places.Length][];
        for (var i = 0; i < places.Length; i++)
        {
            if (_turns.Reboot(places[i], Layout.StateOf(world[places[i]]), learn) is not { } outcomes)
            {
                return null;
            }

            boots[i] = outcomes;
        }

        return boots;
    }

    /// <summary>The same with the ways in which the node may crash within each boot; null if some are to be learned.</summary>
    private Outcome[][]? WithTorn(int node, Outcome[][] boots, ReadOnlySpan<int> world, bool learn)
    {
        var all = new Outcome[boots.Length][];
        for (var i = 0; i < boots.Length; i++)
        {
            var ways = new List<Outcome>(boots[i]);
            foreach (var boot in boots[i])
            {
                if (boot.Error is not null)
                {
                    continue;
                }

                if (_turns.TornOf(boot, Layout.StateOf(world[_layout.PlacesOf[node][i]]), learn) is not { } torn)
                {
                    return null;
                }

                ways.AddRange(torn);
            }

            all[i] = [.. ways];
        }

        return all;
    }
}

using ActorLab.Core;

namespace ActorLab.Simulation;

/// <content>Faults, and what follows from them.</content>
public sealed partial class SimulationRun
{
    private void Apply(FaultAction action, string? text)
    {
        switch (action)
        {
            case FaultAction.Crash crash:
                Crash(_places.NodeAt(crash.Node));
                break;
            case FaultAction.PowerCut:
                Array.ForEach(_places.Nodes, Crash);
                break;
            case FaultAction.Restart restart:
                Restart(_places.NodeAt(restart.Node));
                break;
            case FaultAction.RestartAll:
                Array.ForEach(_places.Nodes, Restart);
                break;
            case FaultAction.Cut cut:
                _counts.Partitions++;
                _network.Cut(cut.Links);
                break;
            case FaultAction.Heal:
                _network.Cut([]);
                break;
            case FaultAction.Lose lose:
                _network.Loss = lose.Probability;
                break;
            case FaultAction.Duplicate duplicate:
                _network.Duplication = duplicate.Probability;
                break;
            case FaultAction.Slow slow:
                _places.NodeAt(slow.Node).SlowBy = slow.By;
                break;
        }

        _recorder.Add(
            _timeline.Now, TraceKind.Fault, _places.All, detail: (ulong)_network.Cuts.Count, record: new EventRecord(text));
    }

    private void Crash(NodeSlot node)
    {
        if (!node.IsUp)
        {
            return;
        }

        _counts.Crashes++;
        node.IsUp = false;
        node.Incarnation++;
        node.DoomedInWrite = false;
        foreach (var role in node.Roles)
        {
            foreach (var turn in role.Disk.Crash(_tornWrites).Where(turn => !turn.IsShown))
            {
                Show(role, turn, []); // it happened, and nobody will ever hear of it from this node
            }

            role.DisarmAll();
            _changed |= SimulatedWorld.BitOfRole(role.Index);
        }

        var crash = _recorder.Add(_timeline.Now, TraceKind.Crash, _places.Of(node));
        _clients?.Crashed(node);
        Judge(crash, null);
    }

    private void Restart(NodeSlot node)
    {
        if (node.IsUp)
        {
            return;
        }

        node.IsUp = true;
        var restart = _recorder.Add(_timeline.Now, TraceKind.Restart, _places.Of(node));
        BootRoles(node, restart);
        _clients?.Restarted(node);
        Judge(restart, null);
    }

    private void BootRoles(NodeSlot node, long cause)
    {
        foreach (var role in node.Roles)
        {
            _changed |= SimulatedWorld.BitOfRole(role.Index);
            if (cause >= 0 && _options.Disk.ThroughCodec)
            {
                role.Disk.ReadBack(role.Binding);
            }

            Take(role, new TurnInput(TraceKind.Boot, role.Address, role.Disk.Synced, null) { Cause = cause });
        }
    }

    /// <summary>The quiet part begins: the network is whole and loses nothing, every node runs.</summary>
    private void CalmDown()
    {
        Strike(new FaultAction.Heal());
        Strike(new FaultAction.Lose(0));
        Strike(new FaultAction.Duplicate(0));
        foreach (var node in _places.Nodes)
        {
            node.DoomedInWrite = false;
            Strike(new FaultAction.Slow(node.Id, Wait.Zero));
        }

        Strike(new FaultAction.RestartAll());
    }
}

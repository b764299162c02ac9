using ActorLab.Core;

namespace ActorLab.Simulation;

/// <content>Disks: what waits for a sync, and what happens after it.</content>
public sealed partial class SimulationRun
{
    private void Queue(RoleSlot role, PendingTurn turn)
    {
        if (turn.Disk is null && role.Disk.IsIdle)
        {
            Release(role, turn);
            return;
        }

        role.Disk.Add(turn);
        if (!role.Disk.IsSyncing)
        {
            BeginSync(role);
        }
    }

    private void BeginSync(RoleSlot role)
    {
        role.Disk.BeginSync();
        _timeline.In(_draws.Sync(role), new Occurrence(Due.Sync, role.Index, role.Node.Incarnation));
        if (role.Node.DoomedInWrite)
        {
            _nemesis.WriteBegan(role.Node, _options.Disk.Sync);
        }
    }

    private void Synced(RoleSlot role, long incarnation)
    {
        if (incarnation != role.Node.Incarnation)
        {
            return;
        }

        _counts.Syncs++;
        while (role.Disk.TryRelease(out var turn))
        {
            Release(role, turn);
        }

        if (!role.Disk.IsIdle)
        {
            BeginSync(role);
        }
    }

    /// <summary>The disk is safe: the turn has happened, and what it asked for leaves.</summary>
    private void Release(RoleSlot role, PendingTurn turn)
    {
        if (!turn.IsShown)
        {
            Show(role, turn, turn.Effects);
            Judge(turn.Index, role.Address);
        }

        for (var i = 0; i < turn.Effects.Count && _violation is null; i++)
        {
            Leave(role, turn.Effects[i], turn.Index);
        }
    }

    /// <summary>Does what waited for the disk.</summary>
    private void Leave(RoleSlot role, Effect effect, long turn)
    {
        switch (effect)
        {
            case Effect.Send { Early: false } send:
                _network.Send(role, send.To, send.Message, turn);
                break;
            case Effect.Report { Event: not HistoryEvent.Invoked } report:
                Report(role, report.Event, turn);
                break;
            default: // done at once
                break;
        }
    }

    /// <summary>Lets observers and properties see a turn.</summary>
    private void Show(RoleSlot role, PendingTurn turn, IReadOnlyList<Effect> effects)
    {
        var before = role.Shown;
        role.Shown = turn.State;
        _changed |= ReferenceEquals(before, turn.State) ? 0 : SimulatedWorld.BitOfRole(role.Index);
        if (turn.Input is not null)
        {
            _changed |= _world.Observe(new Happening(role.Address, turn.Input, before, turn.State, effects));
        }
    }
}

using ActorLab.Core;

namespace ActorLab.Simulation;

/// <content>What comes due.</content>
public sealed partial class SimulationRun
{
    /// <summary>How long an operation waits before it tries a node again that was down or paused, in microseconds.</summary>
    internal const long PlannedRetry = 10_000;

    private void Do(Occurrence due)
    {
        if (due.What is Due.Delivery or Due.Expiry or Due.Sync && _places.Roles[due.Index].Node is { IsPaused: true } paused)
        {
            paused.Held.Enqueue(due);
            return;
        }

        switch (due.What)
        {
            case Due.Delivery:
                Deliver((Envelope)due.Subject!);
                break;
            case Due.Expiry:
                ComeDue(_places.Roles[due.Index], (ArmedTimer)due.Subject!, due.Stamp);
                break;
            case Due.Sync:
                Synced(_places.Roles[due.Index], due.Stamp);
                break;
            case Due.User:
                AskAsUser(due.Index);
                break;
            case Due.Planned:
                AskAsPlanned(due);
                break;
            case Due.Decided:
                AskAsDecided(_decided!.Decisions.Operations[due.Index]);
                break;
            case Due.Fault:
                _nemesis.Strike(due);
                break;
            case Due.Crash when _places.Nodes[due.Index] is { IsUp: true } node && node.Incarnation == due.Stamp:
                Strike(new FaultAction.Crash(node.Id));
                _nemesis.RestartLater(node);
                break;
            case Due.Restart when _places.Nodes[due.Index] is { IsUp: false } node && node.Incarnation == due.Stamp:
                Strike(new FaultAction.Restart(node.Id));
                break;
            case Due.Scripted:
                Strike(_script[due.Index].Action);
                break;
            case Due.Quiet when due.Index == 0:
                CalmDown();
                break;
            case Due.Quiet:
                _judge.BeginMiddle();
                _changed = ulong.MaxValue;
                Judge(_recorder.Count - 1, null);
                break;
            default: // a crash or restart of an earlier life of its node
                break;
        }
    }

    private void AskAsUser(int desk)
    {
        if (_clients!.TryNext(desk, out var client, out var message))
        {
            TakeOperation(client, message);
        }
    }

    private void AskAsPlanned(Occurrence due)
    {
        var planned = _scenario.Workload[due.Index];
        var role = _places.RoleAt(planned.Target);
        if (role.Node is { IsUp: true, IsPaused: false })
        {
            TakeOperation(role, planned.Message);
        }
        else
        {
            _timeline.In(PlannedRetry, due);
        }
    }

    private void AskAsDecided(DecidedOperation operation)
    {
        var role = _places.RoleAt(operation.Target);
        if (role.Node is { IsUp: true, IsPaused: false })
        {
            TakeOperation(role, role.Binding.ReadMessage(operation.Message));
        }
    }
}

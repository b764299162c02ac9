using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>One node's place in the supervisor: its present or last process, and how often it was started.</summary>
internal sealed class NodeSlot(string name)
{
    private readonly Queue<DateTimeOffset> _restarts = new();
    private int _starts;

    public string Name => name;

    public SemaphoreSlim Gate { get; } = new(1);

    public NodeProcess? Process { get; private set; }

    public NodeInfo Info => Process switch
    {
        null => new NodeInfo(name, NodeLife.Stopped, null, null, 0, null),
        { Alive: true } p => new NodeInfo(name, p.Paused ? NodeLife.Paused : NodeLife.Running, p.Pid, p.Started, _starts, null),
        { } p => new NodeInfo(name, p.EndExpected ? NodeLife.Stopped : NodeLife.Failed, null, null, _starts, NodeProcess.EndOf(p.Exited.Result))
        {
            Refused = p.Exited.Result == NodeProgram.Refused,
        },
    };

    public void Started(NodeProcess process)
    {
        Process = process;
        _starts++;
    }

    public bool MayRestart(DateTimeOffset now)
    {
        while (_restarts.TryPeek(out var first) && now - first > Supervisor.RestartWindow)
        {
            _restarts.Dequeue();
        }

        _restarts.Enqueue(now);
        return _restarts.Count <= Supervisor.MaxRestarts;
    }
}

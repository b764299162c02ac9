namespace ActorLab.Specs;

/// <summary>
/// Where the scripts of one <see cref="LabSpec.Run"/> meet. All of its nodes take part in every barrier: one that ends
/// without coming, or fails, breaks it for all at once, so that nobody waits for a limit to learn of it.
/// </summary>
public sealed class Barriers(Set<NodeId> nodes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = [];
    private readonly Dictionary<NodeId, string> _gone = [];

    /// <summary>Waits until all nodes have come to the barrier of this name.</summary>
    /// <param name="node">Who comes.</param>
    /// <param name="name">Each node passes a name once.</param>
    /// <param name="limit">How long it waits for the others.</param>
    /// <exception cref="SpecFailure">Somebody did not come; says who, and where they are.</exception>
    public async Task Meet(NodeId node, string name, TimeSpan limit)
    {
        Gate gate;
        lock (_lock)
        {
            gate = _gates.TryGetValue(name, out var known) ? known : _gates[name] = new Gate();
            if (gate.Arrived.Contains(node))
            {
                throw new SpecFailure($"{node} came to the barrier '{name}' before: give each barrier a name of its own.");
            }

            gate.Arrived = gate.Arrived.Add(node);
            if (gate.Arrived == nodes)
            {
                gate.Opened.TrySetResult();
            }
            else
            {
                BreakIfLost(name, gate);
            }
        }

        try
        {
            await gate.Opened.Task.WaitAsync(limit);
        }
        catch (TimeoutException e)
        {
            throw new SpecFailure($"{node} waited {limit.TotalSeconds:F1} s at the barrier '{name}'. {Missing(gate)}", e);
        }
    }

    /// <summary>A node's script is over: it comes to no barrier any more.</summary>
    /// <param name="node">Which.</param>
    /// <param name="how">Such as <c>failed</c>.</param>
    internal void Leave(NodeId node, string how)
    {
        lock (_lock)
        {
            _gone[node] = how;
            foreach (var (name, gate) in _gates)
            {
                BreakIfLost(name, gate);
            }
        }
    }

    private void BreakIfLost(string name, Gate gate)
    {
        if (gate.Arrived != nodes && nodes.Except(gate.Arrived).FirstOrDefault(_gone.ContainsKey) is { Name: not null } lost)
        {
            gate.Opened.TrySetException(new SpecFailure($"The barrier '{name}' never opens: {lost} {_gone[lost]} without coming."));
        }
    }

    private string Missing(Gate gate)
    {
        lock (_lock)
        {
            return string.Join(" ", nodes.Except(gate.Arrived).Select(node => $"Missing: {node}, {Whereabouts(node)}."));
        }
    }

    private string Whereabouts(NodeId node) =>
        _gates.Where(gate => gate.Value.Arrived.Contains(node) && !gate.Value.Opened.Task.IsCompleted)
            .Select(gate => $"which waits at '{gate.Key}'")
            .FirstOrDefault("which is on its way");

    private sealed class Gate
    {
        public Set<NodeId> Arrived { get; set; }

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

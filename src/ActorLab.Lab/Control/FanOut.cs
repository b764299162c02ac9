using System.Collections.Concurrent;

namespace ActorLab.Lab;

/// <summary>
/// Gives the newest version of a plan to every node that runs. A node that does not take it now (it is paused, or about to
/// start) gets it as soon as it answers.
/// </summary>
/// <param name="supervisor">Says which nodes run.</param>
/// <param name="newest">The version that all shall have; 0 for one that they have from their start.</param>
/// <param name="give">Gives the newest plan to a node, and says which version that was; throws <see cref="NodeSilent"/>.</param>
internal sealed class FanOut(Supervisor supervisor, Func<long> newest, Func<string, CancellationToken, Task<long>> give)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<string, (int Starts, long Version)> _given = new(StringComparer.Ordinal);

    /// <summary>Nodes that run and did not confirm the newest version.</summary>
    public IReadOnlyList<NodeInfo> Lagging => [.. supervisor.Nodes.Where(node =>
        node.Life == NodeLife.Running && newest() > 0 && _given.GetValueOrDefault(node.Name) != (node.Starts, newest()))];

    /// <summary>Gives it to all that lag, once.</summary>
    public Task Fan(CancellationToken stopped) => Task.WhenAll(Lagging.Select(node => Give(node, stopped)));

    /// <summary>Runs until it is stopped.</summary>
    public async Task Reconcile(CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, stopped).ConfigureAwait(false);
                await Fan(stopped).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The lab is ending.
        }
    }

    private async Task Give(NodeInfo node, CancellationToken stopped)
    {
        try
        {
            _given[node.Name] = (node.Starts, await give(node.Name, stopped).ConfigureAwait(false));
        }
        catch (NodeSilent)
        {
            // It lags: the next round tries again.
        }
    }
}

using System.Collections.Concurrent;

namespace ActorLab.Lab;

/// <summary>
/// Gives the newest version of a plan to every node that runs. A node that does not take it now (it is paused, or about to
/// start) gets it as soon as it answers.
/// </summary>
/// <param name="supervisor">Says which nodes run.</param>
/// <param name="plan">The plan that all shall have; of version 0 where they have it from their start.</param>
/// <param name="give">Gives a plan to a node, and says which version the node has then; throws <see cref="NodeSilent"/>.</param>
internal sealed class FanOut<T>(Supervisor supervisor, NewestPlan<T> plan, Func<string, T, CancellationToken, Task<long>> give)
    where T : class
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<string, (int Starts, long Version)> _given = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <summary>Nodes that run and did not confirm the newest version.</summary>
    public IReadOnlyList<NodeInfo> Lagging => [.. supervisor.Nodes.Where(node =>
        node.Life == NodeLife.Running && plan.Version > 0 && _given.GetValueOrDefault(node.Name) != (node.Starts, plan.Version))];

    /// <summary>What a node said when it last did not take a plan.</summary>
    public string WordOf(string node) => _words.GetValueOrDefault(node, $"{node} has not answered yet.");

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
            var version = await give(node.Name, plan.Current, stopped).ConfigureAwait(false);
            if (version > plan.Version)
            {
                _words[node.Name] = $"{node.Name} follows a plan of somebody else, of version {version}.";
                plan.Overtake(version);
            }
            else
            {
                _given[node.Name] = (node.Starts, version);
            }
        }
        catch (NodeSilent e)
        {
            _words[node.Name] = e.Message; // It lags: the next round tries again.
        }
    }
}

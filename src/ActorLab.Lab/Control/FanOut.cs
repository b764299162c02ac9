using System.Collections.Concurrent;

namespace ActorLab.Lab;

/// <summary>
/// Gives the newest version of a plan to every node that runs. A node that does not take it now (it is paused, or about to
/// start) gets it as soon as it answers.
/// </summary>
/// <param name="supervisor">Says which nodes run.</param>
/// <param name="newest">The version that all shall have; 0 for one that they have from their start.</param>
/// <param name="give">Gives the newest plan to a node, and says which version the node has then; throws <see cref="NodeSilent"/>.</param>
/// <param name="overtake">Told of a node with a newer version, which somebody else gave it: ours must become newer still.</param>
internal sealed class FanOut(
    Supervisor supervisor, Func<long> newest, Func<string, CancellationToken, Task<long>> give, Action<long> overtake)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<string, (int Starts, long Version)> _given = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <summary>Nodes that run and did not confirm the newest version.</summary>
    public IReadOnlyList<NodeInfo> Lagging => [.. supervisor.Nodes.Where(node =>
        node.Life == NodeLife.Running && newest() > 0 && _given.GetValueOrDefault(node.Name) != (node.Starts, newest()))];

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
            var version = await give(node.Name, stopped).ConfigureAwait(false);
            if (version > newest())
            {
                _words[node.Name] = $"{node.Name} follows a plan of somebody else, of version {version}.";
                overtake(version);
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

using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// What befell the processes of the nodes: starts after the first one, ends, pauses. A process that is killed takes its trace along,
/// so that only who ended it can tell. The latest ones are kept.
/// </summary>
public sealed class NodeLives
{
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<(string Node, long At, TraceKind Kind, string Text)> _known = new();
    private readonly HashSet<string> _started = new(StringComparer.Ordinal);

    /// <summary>A process of the node is about to begin.</summary>
    public void Starts(string node)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _started.Add(node);
        }

        if (!isFirst)
        {
            Add(node, TraceKind.Restart);
        }
    }

    public void Add(string node, TraceKind kind, string text = "")
    {
        lock (_lock)
        {
            _known.Enqueue((node, TraceRing.Now, kind, text));
            if (_known.Count > Most)
            {
                _known.Dequeue();
            }
        }
    }

    /// <summary>What befell a node, as lines of a trace of its own: numbered from 0, and caused by nothing.</summary>
    public IReadOnlyList<TraceLine> Of(string node)
    {
        lock (_lock)
        {
            return [.. _known.Where(one => one.Node == node).Select((one, i) => new TraceLine(
                i, one.At, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{one.Kind}"), node, null, 0, -1, one.Text))];
        }
    }
}

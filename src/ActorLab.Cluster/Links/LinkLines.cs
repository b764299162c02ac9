using System.Collections.Frozen;

namespace ActorLab.Cluster;

/// <summary>The links from this node to all others, while rules are in force.</summary>
internal sealed class LinkLines(NodeId here, IEnumerable<NodeId> peers, Func<FaultPlan> plan) : IDisposable
{
    private readonly FrozenDictionary<NodeId, LinkLine> _lines = peers.Where(peer => peer != here)
        .ToFrozenDictionary(peer => peer, peer => new LinkLine(new Link(here, peer), () => plan().IsCut(here, peer)));

    public LinkLine? Find(NodeId peer) => _lines.GetValueOrDefault(peer);

    public void Obey(FaultPlan plan)
    {
        foreach (var (peer, line) in _lines)
        {
            line.Obey(plan.RulesFor(here, peer));
        }
    }

    /// <inheritdoc cref="LinkLine.Close" />
    public void Close()
    {
        foreach (var line in _lines.Values)
        {
            line.Close();
        }

        Dispose();
    }

    public void Dispose()
    {
        foreach (var line in _lines.Values)
        {
            line.Dispose();
        }
    }

    public (IReadOnlyList<RuleCount> Rules, IReadOnlyList<LineStatus> Lines) Read()
    {
        var rules = new List<RuleCount>();
        var lines = new List<LineStatus>();
        foreach (var (peer, line) in _lines.OrderBy(entry => entry.Key))
        {
            var (counts, waiting, bytes, noRoom) = line.Read();
            rules.AddRange(counts.Select(count => new RuleCount(count.Rule, peer.Name, count.Seen, count.Hit)));
            lines.Add(new LineStatus(peer.Name, waiting, bytes, noRoom));
        }

        return (rules, lines);
    }
}

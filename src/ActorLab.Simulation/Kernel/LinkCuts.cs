using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Which links carry nothing, each direction on its own.</summary>
internal sealed class LinkCuts(Places places, Timeline timeline)
{
    private readonly bool[] _cut = new bool[places.Nodes.Length * places.Nodes.Length];
    private long _since;
    private long _period;

    public Set<Link> All { get; private set; }

    /// <summary>Cuts these links, and no others.</summary>
    /// <param name="links">The links.</param>
    /// <param name="period">They carry nothing for so many microseconds, then all for as many; 0 for nothing at all.</param>
    public void Cut(Set<Link> links, long period = 0)
    {
        (All, _since, _period) = (links, timeline.Now, period);
        Array.Clear(_cut);
        foreach (var link in links)
        {
            _cut[IndexOf(places.NodeAt(link.From), places.NodeAt(link.To))] = true;
        }
    }

    public bool IsCut(NodeSlot from, NodeSlot to) =>
        _cut[IndexOf(from, to)] && (_period == 0 || (timeline.Now - _since) / _period % 2 == 0);

    private int IndexOf(NodeSlot from, NodeSlot to) => (from.Index * places.Nodes.Length) + to.Index;
}

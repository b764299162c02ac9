namespace ActorLab.Cluster;

/// <summary>
/// Decides when a node gives up what connects it with a peer, so that both make a connection anew. Pure: the time, in
/// milliseconds of any clock that only rises, comes with each call.
///
/// A call that was begun into a cut link waits for an answer long after the heal, and the peer's own call waits behind it.
/// And two nodes that call each other while one of them is very busy may end with a connection that carries one direction
/// only. So a link is in doubt while it has not carried both directions since this node started, since a cut of it was
/// healed, since it was given up, or since the peer started anew; and while the peer is heard but says that it hears nothing
/// from here. A peer that falls silent later is paused, busy or dead: its connection is left alone, and with it what is
/// under way.
/// </summary>
/// <param name="redialAfter">How long a link that was cut may carry nothing, and no cut be in force any more.</param>
/// <param name="now">The time.</param>
internal sealed class LinkDoubt(TimeSpan redialAfter, long now)
{
    /// <summary>A peer that is heard lives, and is only busy perhaps: what it did not hear yet, it may hear soon.</summary>
    private const int IfHeard = 3;

    /// <summary>
    /// Where no cut explains the silence, the peer may be slow to start, or stopped for a while, and a call that is given up too
    /// early is itself what leaves one direction dead: Akka's own patience comes first. Nothing is waited for longer than this.
    /// </summary>
    private const int Most = 10;

    private long _since = now;
    private bool _carried;
    private bool _wasCut;
    private int _redials;

    /// <summary>How often in a row it was due.</summary>
    public int Redials => _redials;

    /// <param name="now">The time.</param>
    /// <param name="cut">Whether the lab cuts the link, in whichever direction: what it cuts is silent as asked.</param>
    /// <param name="heard">Whether the peer was heard lately.</param>
    /// <param name="hearsUs">Whether the peer said last that it hears this node.</param>
    /// <returns>Whether the connections with the peer shall be given up now.</returns>
    public bool IsDue(long now, bool cut, bool heard, bool hearsUs)
    {
        if (cut)
        {
            (_since, _carried, _wasCut, _redials) = (now, false, true, 0);
            return false;
        }

        _carried |= heard && hearsUs;
        var inDoubt = heard ? !hearsUs : !_carried;
        if (!inDoubt)
        {
            (_since, _wasCut, _redials) = (now, false, 0);
            return false;
        }

        if (now - _since < Patience(heard).TotalMilliseconds)
        {
            return false;
        }

        (_since, _carried) = (now, false); // whatever there was is given up: what comes must carry first
        _redials++;
        return true;
    }

    /// <summary>The peer has started anew: nothing of what was before counts.</summary>
    public void Renew(long now) => (_since, _carried, _redials) = (now, false, 0);

    /// <summary>This node itself did nothing for a while, so the silence says nothing about the peer.</summary>
    public void Excuse(long now) => _since = now;

    /// <summary>What did not help is repeated after twice the time.</summary>
    private TimeSpan Patience(bool heard) =>
        redialAfter * Math.Min(Most, (_wasCut ? 1 : heard ? IfHeard : Most) * Math.Pow(2, _redials));
}

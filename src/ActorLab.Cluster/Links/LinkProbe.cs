using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace ActorLab.Cluster;

/// <summary>
/// Tells all peers over remoting, every now and then, that this node is there, and keeps when each was last heard. That
/// observes each direction of each link on its own: a node's list says who reaches it.
///
/// Probes also tell when a peer has started anew. The throttling adapter hides that a connection was closed, so remoting
/// may go on writing to the dead one for two minutes: the peer would hear nobody, and be kept out of the cluster. A probe
/// of a new incarnation makes this node drop what it still has of the old one.
///
/// And they tell what connects two nodes and carries nothing, though no cut is in force: see <see cref="LinkDoubt"/>. Rules
/// for messages do not concern probes, so a link that is slow or lossy by a rule is never taken for such a one.
/// </summary>
internal sealed class LinkProbe : ReceiveActor, IWithTimers
{
    public const string ActorName = "links";

    private readonly TimeSpan _each;
    private readonly IReadOnlyDictionary<NodeId, AkkaAddress> _peers;
    private readonly IRemoteActorRefProvider _remoting;
    private readonly Dictionary<NodeId, int> _uids = [];
    private readonly HashSet<int> _gone = [];
    private readonly HashSet<NodeId> _hearUs = [];
    private readonly Dictionary<NodeId, LinkDoubt> _doubts;
    private readonly LinkControl _links;
    private readonly Heard _heard;
    private readonly TimeSpan _stall;
    private long _lastTick = Environment.TickCount64;

    public LinkProbe(
        NodeId here, IReadOnlyDictionary<NodeId, AkkaAddress> peers, TimeSpan each, TimeSpan redialAfter, Heard heard, LinkControl links)
    {
        _each = each;
        _peers = peers;
        _heard = heard;
        _links = links;
        _stall = redialAfter / 2;
        _remoting = (IRemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider;
        var uid = AddressUidExtension.Uid(Context.System);
        var probes = peers.Where(peer => peer.Key != here)
            .ToDictionary(peer => peer.Key, peer => _remoting.ResolveActorRef($"{peer.Value}/user/{ActorName}"));
        _doubts = probes.Keys.ToDictionary(peer => peer, _ => new LinkDoubt(redialAfter, _lastTick));
        Receive<Tick>(_ =>
        {
            foreach (var (peer, probe) in probes)
            {
                probe.Tell(new Ping(here, uid, heard.Hears(peer)), ActorRefs.NoSender);
            }

            Look(Environment.TickCount64);
        });
        Receive<Ping>(probe =>
        {
            heard.From(probe.From);
            Recognize(probe);
        });
        ReceiveAny(_ => { }); // damaged probes: the next one comes soon
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, _each);

    private void Look(long now)
    {
        var stalled = now - _lastTick > _stall.TotalMilliseconds;
        _lastTick = now;
        foreach (var (peer, doubt) in _doubts)
        {
            if (stalled)
            {
                doubt.Excuse(now);
            }

            if (doubt.IsDue(now, _links.IsCut(peer), _heard.Hears(peer), _hearUs.Contains(peer)))
            {
                Redial(peer, doubt.Redials);
            }
        }
    }

    private void Redial(NodeId peer, int times)
    {
        if (times == 1) // one line for each outage
        {
            Context.GetLogger().Info(
                "The link with {Peer} carries nothing in one direction at least, though it is not cut: connections with it are made anew", peer);
        }

        _links.Redial(peer);
    }

    private void Recognize(Ping probe)
    {
        if (!_doubts.ContainsKey(probe.From) || _gone.Contains(probe.Uid))
        {
            return; // a late probe of an incarnation that has ended says nothing about the present one
        }

        if (_uids.TryGetValue(probe.From, out var before) && before != probe.Uid)
        {
            _gone.Add(before);
            _doubts[probe.From].Renew(Environment.TickCount64);
            Context.GetLogger().Info(
                "{Peer} has started anew: connections to its earlier incarnation are dropped", probe.From);
            _remoting.Quarantine(_peers[probe.From], before);
        }

        _uids[probe.From] = probe.Uid;
        _ = probe.HearsYou ? _hearUs.Add(probe.From) : _hearUs.Remove(probe.From);
    }

    /// <param name="From">Who is there.</param>
    /// <param name="Uid">Of its actor system: another one after each start.</param>
    /// <param name="HearsYou">Whether it heard the one that it tells this, lately.</param>
    internal sealed record Ping(NodeId From, int Uid, bool HearsYou);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>When each peer was last heard.</summary>
    internal sealed class Heard
    {
        private readonly TimeSpan _reachableWithin;
        private readonly ConcurrentDictionary<NodeId, long> _at = new();

        public Heard(NodeId here, IEnumerable<NodeId> peers, TimeSpan probeEach)
        {
            _reachableWithin = (probeEach * 3) + TimeSpan.FromMilliseconds(250);
            foreach (var peer in peers.Where(peer => peer != here))
            {
                _at[peer] = -1;
            }
        }

        public void From(NodeId peer)
        {
            if (_at.ContainsKey(peer))
            {
                _at[peer] = Environment.TickCount64;
            }
        }

        /// <summary>Whether the peer was heard within the last few probes.</summary>
        public bool Hears(NodeId peer) => _at.TryGetValue(peer, out var at) && IsLately(at, Environment.TickCount64);

        public IReadOnlyList<LinkStatus> Read()
        {
            var now = Environment.TickCount64;
            return [.. _at.OrderBy(entry => entry.Key).Select(entry =>
                new LinkStatus(entry.Key.Name, entry.Value < 0 ? null : now - entry.Value, IsLately(entry.Value, now)))];
        }

        private bool IsLately(long at, long now) => at >= 0 && now - at <= _reachableWithin.TotalMilliseconds;
    }
}

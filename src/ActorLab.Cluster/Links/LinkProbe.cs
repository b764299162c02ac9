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
/// </summary>
internal sealed class LinkProbe : ReceiveActor, IWithTimers
{
    public const string ActorName = "links";

    private readonly TimeSpan _each;
    private readonly IReadOnlyDictionary<NodeId, AkkaAddress> _peers;
    private readonly IRemoteActorRefProvider _remoting;
    private readonly Dictionary<NodeId, int> _uids = [];
    private readonly HashSet<int> _gone = [];

    public LinkProbe(NodeId here, IReadOnlyDictionary<NodeId, AkkaAddress> peers, TimeSpan each, Heard heard)
    {
        _each = each;
        _peers = peers;
        _remoting = (IRemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider;
        var ping = new Ping(here, AddressUidExtension.Uid(Context.System));
        var probes = peers.Where(peer => peer.Key != here)
            .Select(peer => _remoting.ResolveActorRef($"{peer.Value}/user/{ActorName}"))
            .ToList();
        Receive<Tick>(_ => probes.ForEach(probe => probe.Tell(ping, ActorRefs.NoSender)));
        Receive<Ping>(probe =>
        {
            heard.From(probe.From);
            Recognize(probe);
        });
        ReceiveAny(_ => { }); // damaged probes: the next one comes soon
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, _each);

    private void Recognize(Ping probe)
    {
        if (!_peers.TryGetValue(probe.From, out var address) || _gone.Contains(probe.Uid))
        {
            return; // a late probe of an incarnation that has ended says nothing about the present one
        }

        if (_uids.TryGetValue(probe.From, out var before) && before != probe.Uid)
        {
            _gone.Add(before);
            Context.GetLogger().Info(
                "{Peer} has started anew: connections to its earlier incarnation are dropped", probe.From);
            _remoting.Quarantine(address, before);
        }

        _uids[probe.From] = probe.Uid;
    }

    /// <param name="From">Who is there.</param>
    /// <param name="Uid">Of its actor system: another one after each start.</param>
    internal sealed record Ping(NodeId From, int Uid);

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

        public IReadOnlyList<LinkStatus> Read()
        {
            var now = Environment.TickCount64;
            return [.. _at.OrderBy(entry => entry.Key).Select(entry => entry.Value < 0
                ? new LinkStatus(entry.Key.Name, null, false)
                : new LinkStatus(
                    entry.Key.Name, now - entry.Value, now - entry.Value <= _reachableWithin.TotalMilliseconds))];
        }
    }
}

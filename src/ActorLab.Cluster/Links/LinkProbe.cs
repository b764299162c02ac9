using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>
/// Tells all peers over remoting, every now and then, that this node is there, and keeps when each was last heard. That
/// observes each direction of each link on its own: a node's list says who reaches it.
/// </summary>
internal sealed class LinkProbe : ReceiveActor, IWithTimers
{
    public const string ActorName = "links";

    private readonly TimeSpan _each;

    public LinkProbe(NodeId here, IReadOnlyDictionary<NodeId, AkkaAddress> peers, TimeSpan each, Heard heard)
    {
        _each = each;
        var ping = new Ping(here);
        var provider = ((ExtendedActorSystem)Context.System).Provider;
        var probes = peers.Where(peer => peer.Key != here)
            .Select(peer => provider.ResolveActorRef($"{peer.Value}/user/{ActorName}"))
            .ToList();
        Receive<Tick>(_ => probes.ForEach(probe => probe.Tell(ping, ActorRefs.NoSender)));
        Receive<Ping>(from => heard.From(from.From));
        ReceiveAny(_ => { }); // damaged probes: the next one comes soon
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, _each);

    internal sealed record Ping(NodeId From);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>When each peer was last heard.</summary>
    internal sealed class Heard
    {
        private readonly NodeId _here;
        private readonly TimeSpan _reachableWithin;
        private readonly ConcurrentDictionary<NodeId, long> _at = new();

        public Heard(NodeId here, IEnumerable<NodeId> peers, TimeSpan probeEach)
        {
            _here = here;
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
                : new LinkStatus(entry.Key.Name, now - entry.Value, now - entry.Value <= _reachableWithin.TotalMilliseconds))];
        }

        public override string ToString() => $"heard by {_here}";
    }
}

using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;
using Direction = Akka.Remote.Transport.ThrottleTransportAdapter.Direction;

namespace ActorLab.Cluster;

/// <summary>
/// Cuts and heals the links of this node by Akka's throttling transport adapter, so that cluster membership feels the
/// cut as the roles do. What is sent into a cut link is lost: see also <see cref="RolePost.IsCut"/>. Rules for messages are
/// another matter: they strike envelopes of roles only (see <see cref="LinkLines"/>), and membership feels nothing of them.
/// </summary>
public sealed class LinkControl
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly RemoteTransport _transport;
    private readonly NodeId _here;
    private readonly IReadOnlyDictionary<NodeId, AkkaAddress> _peers;
    private readonly TraceRing _trace;
    private readonly ILoggingAdapter _log;
    private readonly Dictionary<NodeId, Direction?> _cut = [];
    private FaultPlan _plan = FaultPlan.None;
    private LinkLines? _lines;
    private long _refused;
    private long _redials;
    private bool _any;

    internal LinkControl(ActorSystem system, NodeId here, IReadOnlyDictionary<NodeId, AkkaAddress> peers, TraceRing trace)
    {
        _transport = ((IRemoteActorRefProvider)((ExtendedActorSystem)system).Provider).Transport;
        _here = here;
        _peers = peers;
        _trace = trace;
        _log = Logging.GetLogger(system, "ActorLab.Links");
        system.RegisterOnTermination(() => Lines?.Dispose());
    }

    /// <summary>The plan in force.</summary>
    public FaultPlan Plan => Volatile.Read(ref _plan);

    /// <summary>Where messages for other nodes pass; null while no rule is in force, which is mostly.</summary>
    internal LinkLines? Lines => Volatile.Read(ref _lines);

    /// <summary>How often this node gave up its connections with a peer, for a link that carried nothing though not cut.</summary>
    public long Redials => Interlocked.Read(ref _redials);

    /// <summary>Whether the plan in force cuts a direction of the link: a connection wants both to be made.</summary>
    internal bool IsCut(NodeId peer) => DirectionOf(Plan, peer) is not null;

    /// <summary>
    /// Gives up all connections with a peer, also those that are being made, and lets the peer know where that is possible:
    /// the next message, and probes come often, makes one anew. Not while the link is cut: a call into a cut link is lost,
    /// and its caller waits.
    /// </summary>
    internal void Redial(NodeId peer)
    {
        if (!IsCut(peer))
        {
            Interlocked.Increment(ref _redials);

            // Without a number of an incarnation nobody is quarantined: Akka stops what writes to and reads from the address, with
            // a good-bye to the peer, and begins anew. The throttler's ForceDisassociate says no good-bye, and finds only
            // connections that are whole.
            _transport.Quarantine(_peers[peer], null);
        }
    }

    /// <summary>A frame came that is none, or is damaged.</summary>
    internal void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>What the rules in force did to messages of this node, and how many frames it refused.</summary>
    public LinkFaultStatus Status()
    {
        var (rules, lines) = Lines?.Read() ?? ([], []);
        return new LinkFaultStatus(Plan.Version, rules, lines, Interlocked.Read(ref _refused));
    }

    /// <summary>Obeys a plan: all of it that concerns this node is in force when the task ends.</summary>
    /// <returns>False when a newer plan, or this one, is in force already.</returns>
    /// <exception cref="InvalidOperationException">The transport has no throttling adapter, or does not answer.</exception>
    public async Task<bool> ApplyAsync(FaultPlan plan)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_any && plan.Version <= _plan.Version)
            {
                return false;
            }

            foreach (var (peer, address) in _peers)
            {
                if (peer != _here)
                {
                    await SetAsync(peer, address, DirectionOf(plan, peer)).ConfigureAwait(false);
                }
            }

            var before = _plan;
            Volatile.Write(ref _plan, plan);
            ObeyRules(plan);
            Tell(before, plan);
            _any = true;
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    private void ObeyRules(FaultPlan plan)
    {
        var hasRules = _peers.Keys.Any(peer => peer != _here && !plan.RulesFor(_here, peer).IsEmpty);
        if (hasRules)
        {
            var lines = _lines ?? new LinkLines(_here, _peers.Keys, () => Plan);
            lines.Obey(plan);
            Volatile.Write(ref _lines, lines);
        }
        else if (_lines is { } lines)
        {
            lines.Close(); // first: what waits there leaves before what is sent from now on
            Volatile.Write(ref _lines, null);
        }
    }

    /// <summary>The cuts in any case, for pictures read them; of rules what changed.</summary>
    private void Tell(FaultPlan before, FaultPlan plan)
    {
        if (!_any || before.Cuts != plan.Cuts || (before.Links == plan.Links && before.Messages == plan.Messages))
        {
            Tell(plan, Describe(plan));
        }

        var rules = plan.Links.Where(rule => !before.Links.Contains(rule)).Select(rule => $"rule {rule}")
            .Concat(before.Links.Where(rule => plan.Links.All(one => one.Id != rule.Id)).Select(rule => $"rule {rule.Id} ends"))
            .ToList();
        if (before.Messages != plan.Messages)
        {
            rules.Add(plan.Messages.IsEmpty ? "no rates for messages" : $"rates for messages: {string.Join(", ", plan.Messages)}");
        }

        rules.ForEach(rule => Tell(plan, rule));
    }

    private void Tell(FaultPlan plan, string text)
    {
        _trace.Record(TraceRing.Now, TraceKind.Fault, new Address(_here, ""), text);
        _log.Info("Fault plan {Version} is in force: {Faults}", plan.Version, text);
    }

    private static string Describe(FaultPlan plan) => plan.Cuts.IsEmpty ? "no cut" : $"cut {string.Join(", ", plan.Cuts)}";

    /// <summary>What of the link this end must stop; null for nothing.</summary>
    private Direction? DirectionOf(FaultPlan plan, NodeId peer) => (plan.IsCut(_here, peer), plan.IsCut(peer, _here)) switch
    {
        (true, true) => Direction.Both,
        (true, false) => Direction.Send,
        (false, true) => Direction.Receive,
        _ => null,
    };

    private async Task SetAsync(NodeId peer, AkkaAddress address, Direction? cut)
    {
        var before = _cut.GetValueOrDefault(peer);
        if (before == cut)
        {
            return;
        }

        if (before is not null && cut is not Direction.Both)
        {
            // The adapter keeps one direction for an address: what the new one leaves out must be opened first.
            await CommandAsync(new SetThrottle(address, Direction.Both, Unthrottled.Instance)).ConfigureAwait(false);
        }

        if (cut is { } direction)
        {
            await CommandAsync(new SetThrottle(address, direction, Blackhole.Instance)).ConfigureAwait(false);
        }

        _cut[peer] = cut;
    }

    private async Task CommandAsync(SetThrottle command)
    {
        if (!await _transport.ManagementCommand(command).ConfigureAwait(false))
        {
            throw new InvalidOperationException(
                $"The transport did not obey the throttle for {command.Address}: "
                    + "akka.remote.dot-netty.tcp.applied-adapters must hold trttl.");
        }
    }
}

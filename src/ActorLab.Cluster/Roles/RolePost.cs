using System.Buffers;
using Akka.Actor;
using Akka.Event;

namespace ActorLab.Cluster;

/// <summary>
/// Takes the messages of one role to their targets: within the process as they are, to other nodes as frames, past the rules
/// for links where some are in force (what stays on a node is never struck). A message
/// that cannot be sent is lost with one line in the log, as links may lose any. One role's actor uses it, nobody else.
/// </summary>
internal sealed class RolePost
{
    private readonly ExtendedActorSystem _system;
    private readonly string _label;
    private readonly Scenario _scenario;
    private readonly NodeId _here;
    private readonly IReadOnlyDictionary<NodeId, AkkaAddress> _peers;
    private readonly LinkControl _links;
    private readonly RoleDirectory _directory;
    private readonly Dictionary<Address, (IActorRef Actor, RoleBinding Binding)?> _targets = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly QuietLog _log;
    private object? _encoded;

    public RolePost(
        ActorSystem system, string label, Scenario scenario, NodeId here, IReadOnlyDictionary<NodeId, AkkaAddress> peers, LinkControl links)
    {
        _system = (ExtendedActorSystem)system;
        _label = label;
        _scenario = scenario;
        _here = here;
        _peers = peers;
        _links = links;
        _directory = RoleDirectory.Of(system);
        _log = new QuietLog(Logging.GetLogger(system, "ActorLab.Post"), TimeSpan.FromSeconds(10));
    }

    /// <summary>
    /// Whether what is sent there is lost. The transport loses it too, but not what it holds back until its first connection:
    /// that would arrive once the link is healed.
    /// </summary>
    public bool IsCut(Address to) => _links.Plan.IsCut(_here, to.Node);

    /// <summary>Something came that is no message of an algorithm.</summary>
    public void Refused() => _links.Refused();

    /// <summary>Sends a message; rules for links may do something to it, and mostly there are none.</summary>
    /// <returns>The bytes that left; 0 for a message that stayed in the process, or was lost here.</returns>
    public int Send(
        Address from, Address to, object message, long incarnation, long number, long cause, ClockReading clock, out Passage passage)
    {
        passage = default;
        if (to.Node == _here)
        {
            _directory.ActorOf(_label, to)?.Tell(new RoleEnvelope(to, from, incarnation, number, cause, message, 0) { Clock = clock });
            return 0;
        }

        if (Target(to) is not { } target)
        {
            _log.Warning("A message was lost", $"{from} sent it to {to}, but {_scenario.Name} has no such role");
            return 0;
        }

        // A broadcast writes its message once.
        if (!ReferenceEquals(_encoded, message))
        {
            _buffer.ResetWrittenCount();
            target.Binding.WriteMessage(_buffer, message);
            _encoded = message;
        }

        var frame = FrameCodec.Write(_label, to, from, incarnation, number, cause, _buffer.WrittenSpan, clock);
        if (frame.Length > FrameCodec.MaxBytes)
        {
            _log.Warning("A message was lost", $"{from} sent {frame.Length} bytes to {to}; a frame holds {FrameCodec.MaxBytes}");
            Forget();
            return 0;
        }

        if (_links.Lines?.Find(to.Node) is { } line)
        {
            passage = line.Send(target.Actor, frame, _scenario.Name, MessageNames.Of(message));
        }
        else
        {
            target.Actor.Tell(new OutgoingFrame(frame), ActorRefs.NoSender);
        }

        return frame.Length;
    }

    /// <summary>Lets go of the last message, and of a buffer that a large one blew up.</summary>
    public void Forget()
    {
        _encoded = null;
        if (_buffer.Capacity > 256 * 1024)
        {
            _buffer.Clear();
        }
    }

    private (IActorRef Actor, RoleBinding Binding)? Target(Address to)
    {
        if (!_targets.TryGetValue(to, out var target))
        {
            target = _peers.TryGetValue(to.Node, out var node)
                && _scenario.Placements.FirstOrDefault(placement => placement.Address == to) is { } placement
                // A reference by path, without the unique id of one actor, stays good when the other process restarts.
                ? (_system.Provider.ResolveActorRef($"{node}/user/{_label}/{to.Role}"), placement.Role)
                : null;
            _targets[to] = target;
        }

        return target;
    }
}

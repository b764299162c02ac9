using MemoryPack;
using static ActorLab.Cluster.Crdt.GossipMessage;

namespace ActorLab.Cluster.Crdt;

/// <summary>What a replica has: all of it lies on the disk.</summary>
/// <param name="Replica">The projection of Akka's types.</param>
/// <param name="Versions">How many additions this node has numbered.</param>
/// <param name="Latest">Of all timestamps that it has seen, those of deleted values included.</param>
/// <param name="Known">The updates that are in it.</param>
/// <param name="Taken">How many updates of users this node has taken.</param>
[MemoryPackable]
public sealed partial record GossiperDisk(
    ReplicaProjection Replica, long Versions, long Latest, Set<UpdateId> Known, long Taken)
{
    public static readonly GossiperDisk Empty = new(ReplicaProjection.Empty, 0, 0, default, 0);
}

/// <inheritdoc cref="GossiperDisk"/>
public sealed record GossiperState(GossiperDisk Disk) : IOnDisk<GossiperDisk>
{
    public ReplicaProjection Replica => Disk.Replica;

    public Set<UpdateId> Known => Disk.Known;
}

/// <summary>
/// State-based replication (Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, 2011, section
/// 2.1): a replica takes updates at once, without asking anybody, sends the whole of its state to the others now and
/// then, and merges what it gets. Update and merge are those of Akka's own types.
/// </summary>
/// <param name="members">All replicas.</param>
/// <param name="interval">Between two rounds of gossip.</param>
public class Gossiper(Set<NodeId> members, TimeSpan interval) : IRole<GossiperState, GossiperDisk, GossipMessage>
{
    public const string RoleName = "replica";

    [ThreadStatic]
    private static Recent<ReadReplica>? _recent;

    private readonly Writers _writers = new(members);
    private readonly Timer _round = Timer.Fixed("gossip", interval);

    public static Address At(NodeId node) => new(node, RoleName);

    public GossiperDisk EmptyDisk => GossiperDisk.Empty;

    public virtual GossiperState Boot(GossiperDisk disk, Turn<GossipMessage> turn)
    {
        turn.Start(_round);
        return new GossiperState(disk);
    }

    public GossiperState Receive(GossiperState state, Address sender, GossipMessage message, Turn<GossipMessage> turn)
    {
        switch (message)
        {
            case Update update when sender == Address.Outside:
                return Take(state, update, turn);
            case Gossip gossip when Read(gossip.Replica).Replica is { } theirs:
                return Take(state, gossip, theirs, turn.Self.Node);
            default: // A state of strangers: it names writers that nobody here knows.
                return state;
        }
    }

    public virtual GossiperState Expire(GossiperState state, Timer timer, Turn<GossipMessage> turn)
    {
        Spread(state, turn);
        turn.Start(_round);
        return state;
    }

    /// <summary>Tells all others all there is.</summary>
    protected void Spread(GossiperState state, Turn<GossipMessage> turn) =>
        turn.Tell(members.Remove(turn.Self.Node).Select(At), new Gossip(state.Replica, state.Known));

    /// <summary>The least upper bound of two states.</summary>
    protected virtual Replica Merge(Replica mine, Replica theirs) => mine.Merge(theirs);

    /// <summary>Before an updated or merged replica becomes the state.</summary>
    protected virtual ReplicaProjection Keep(ReplicaProjection replica) => replica;

    private GossiperState Take(GossiperState state, Update update, Turn<GossipMessage> turn)
    {
        var self = turn.Self.Node;
        turn.Report(new HistoryEvent.Invoked(update.Operation, update.What));
        var (replica, versions) = new Projector(_writers, self, state.Disk.Versions)
            .Of(update.What.At(Mine(state), _writers[self], state.Disk.Latest));
        var id = new UpdateId(self, state.Disk.Taken + 1);
        var after = state with
        {
            Disk = new GossiperDisk(Keep(replica), versions, Later(state, replica), state.Known.Add(id), id.Number),
        };
        turn.Report(new HistoryEvent.Completed(update.Operation, Outcome.Ok, after.Replica.Value, ""));
        return after;
    }

    private GossiperState Take(GossiperState state, Gossip gossip, Replica theirs, NodeId self)
    {
        var merged = Keep(new Projector(_writers, self, state.Disk.Versions).Of(Merge(Mine(state), theirs)).Replica);
        var known = Union(state.Known, gossip.Known);
        return merged.Equals(state.Replica) && known == state.Known
            ? state // the disk has it already
            : state with { Disk = state.Disk with { Replica = merged, Latest = Later(state, gossip.Replica), Known = known } };
    }

    private Replica Mine(GossiperState state) => Read(state.Replica).Replica
        ?? throw new InvalidOperationException("The disk names writers that nobody here knows.");

    /// <summary>The same replica is told to many, again and again, and merged with what comes: it is read once.</summary>
    private ReadReplica Read(ReplicaProjection projection)
    {
        var recent = _recent ??= new Recent<ReadReplica>(16);
        return recent.Get(
            one => ReferenceEquals(one.From, projection) && ReferenceEquals(one.Writers, _writers),
            () => new ReadReplica(
                projection, _writers, projection.IsSound(members) ? Replica.Of(projection, _writers) : null));
    }

    /// <summary>Where one has all that the other has, it is that very set: next time the two compare at once.</summary>
    private static Set<UpdateId> Union(Set<UpdateId> mine, Set<UpdateId> theirs) =>
        theirs == mine ? mine : theirs.Count > mine.Count ? theirs.Union(mine) : mine.Union(theirs);

    private static long Later(GossiperState state, ReplicaProjection replica) =>
        Math.Max(state.Disk.Latest, replica.LatestTimestamp);

    /// <param name="From">Its projection.</param>
    /// <param name="Writers">Who may be in it.</param>
    /// <param name="Replica">Null where it is not sound.</param>
    private sealed record ReadReplica(ReplicaProjection From, Writers Writers, Replica? Replica);
}

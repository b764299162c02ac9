using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// Scenarios that begin in the middle, in a situation to which right servers come, so that all that can follow fits into a
/// checker.
/// </summary>
internal static class RaftStages
{
    /// <summary>
    /// The published error of single-server changes. n1 led term 1 of four servers, committed its no-op, and alone has its
    /// removal of n4. n2 is asked to remove n1, if it leads. n1 and n2 stand for election.
    /// </summary>
    public const int Members = 1;

    /// <summary>
    /// n1 and n2 hold a snapshot with a session and two values; n3 has nothing, and gets it in pieces. n1 stands for election.
    /// </summary>
    public const int Snapshot = 2;

    public static int Servers(int stage) => stage == Members ? 4 : 3;

    public static Map<NodeId, RaftDisk> Disks(int stage)
    {
        var entry = new LogEntry(1, LogCommand.NoOp.Instance);
        if (stage == Members)
        {
            var common = new RaftDisk(1, Node(1), Log.Empty.Add(entry));
            var removal = new LogEntry(1, new LogCommand.Configure([Node(1), Node(2), Node(3)], []));
            return NodeId.Range(4).ToMap(node => node, _ => common).Set(Node(1), common with { Log = common.Log.Add(removal) });
        }

        var client = new Address(Node(1), RaftServer.ClientRoleName);
        var log = Log.Empty.Add(entry).Add(new LogEntry(1, new LogCommand.OpenSession(client, 1)))
            .Add(new LogEntry(1, new LogCommand.Operation(client, 2, 1, 1, new KvCommand.Put("a", "1"))))
            .Add(new LogEntry(1, new LogCommand.Operation(client, 2, 2, 1, new KvCommand.Put("b", "2"))));
        var snapshot = Raft.Snapshot.Empty.Through(log, 4, RaftOptions.Default.MaxSessions);
        var disk = new RaftDisk(1, Node(1), log.CompactTo(4)) { Snapshot = snapshot };
        return Map.Of((Node(1), disk), (Node(2), disk), (Node(3), new RaftDisk(1, null, Log.Empty)));
    }

    public static Seq<PlannedOperation> Workload(int stage) => stage == Members
        ? [new PlannedOperation(new Address(Node(2), RaftServer.RoleName), new RaftMessage.Manage(0, new RaftChange.Remove(Node(1))))]
        : [];

    /// <summary>Who does not stand for election in it, and after which term nobody does.</summary>
    public static bool IsWithin(int stage, IWorld world) => world.All<RaftState>().All(server =>
    {
        var (node, state) = (server.Address.Node, server.State);
        var last = node == Node(1) ? (stage == Members ? 3 : 2) : node == Node(2) && stage == Members ? 2 : 0;
        return state.Role == ServerRole.Follower || state.CurrentTerm <= last;
    });

    private static NodeId Node(int number) => new($"n{number}");
}

using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>What whoever runs the servers may ask for, once for console, HTTP and workloads.</summary>
public static class RaftOperations
{
    private const int MostBytes = 64;

    /// <summary>Add, remove, transfer and snapshot, taken by a role of that name; they build a <see cref="RaftChange"/>.</summary>
    public static Seq<OperationKind> For(string role) =>
    [
        new("add", "Makes a server a member: a learner first, and a voter once it has caught up.", [Server("who joins")], role,
            given => new RaftChange.Add(NodeOf(given, "server"))),
        new("remove", "Removes a server from the members.", [Server("who leaves")], role,
            given => new RaftChange.Remove(NodeOf(given, "server"))),
        new("transfer", "Lets the leader make way for another member.",
            [new OperationParameter("to", "who is to lead", MostBytes, Example: "n3")], role,
            given => new RaftChange.Transfer(NodeOf(given, "to"))),
        new("snapshot", "Lets a server compact its log by a snapshot now.", [], role, _ => new RaftChange.TakeSnapshot()),
    ];

    private static OperationParameter Server(string who) => new("server", who, MostBytes, Example: "n4");

    private static NodeId NodeOf(Map<string, string> given, string name) => given.Find(name) switch
    {
        null or "" => throw new FormatException($"Say which server: --{name} n3."),
        var node => new NodeId(node),
    };
}

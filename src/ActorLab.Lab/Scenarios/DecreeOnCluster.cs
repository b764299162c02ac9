using System.Text.Json.Nodes;
using ActorLab.Algorithms.Paxos;
using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary>
/// Single-decree Paxos on the cluster: a client, a proposer, an acceptor and a learner on each node, and one value for good.
/// <c>paxos</c> is the log of them.
/// </summary>
internal static class DecreeOnCluster
{
    public const string Name = "decree";

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(Name, request => request.Parameters.Count == 0
            ? PaxosScenario.OnNodes(request.Nodes.Count) with { Name = Name }
            : throw new FormatException($"{Name} takes no parameters: check:{PaxosScenario.Name} takes those of lab check {PaxosScenario.Name}."))
        {
            Invoke = request => (PaxosMessage.Invoke)request.Command with { Operation = request.Number },
            Answer = reply => new OperationAnswer(200, new JsonObject { ["chosen"] = ((Decision)reply).Value }),
            Inspectors = new Dictionary<string, Inspector>
            {
                ["proposer"] = Inspect,
                ["acceptor"] = Inspect,
                ["learner"] = Inspect,
                [Client.RoleName] = Inspect,
            },
        },
        "Single-decree Paxos: proposers, acceptors and learners that choose one value, for good.",
        PaxosOperations.OfClients)
    {
        FirstCommand = "decree propose blue",
        Reads = command => command is PaxosMessage.Invoke { Value: null },
        Show = (c, body) => c.Line((string?)body["chosen"] switch
        {
            null => "nothing is chosen, as far as this node knows",
            "" => "chosen: the empty text", // a value like others, as it is in the store
            var value => $"chosen: {value}",
        }),
    };

    private static Dictionary<string, object?> Inspect(object state) => state switch
    {
        ProposerState proposer => new()
        {
            ["phase"] = proposer.Phase.ToString().ToLowerInvariant(),
            ["round"] = proposer.Disk.Round,
            ["asked for"] = proposer.Value ?? "nothing",
        },
        AcceptorState { Disk: var disk } => new()
        {
            ["promised"] = disk.Promised?.ToString() ?? "nothing",
            ["accepted"] = disk.Accepted is { } accepted ? $"{accepted.Value} under {accepted.Number}" : "nothing",
        },
        LearnerState learner => new() { ["learned"] = learner.Learned ?? "nothing" },
        ClientState client => new() { ["waiting"] = client.Waiting.Count },
        _ => [],
    };
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

/// <summary>How tests run Raft: under which faults and load, and what must be true at the end.</summary>
internal static class RaftRuns
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3.5);

    /// <summary>Operations from here on, well into the quiet part, must succeed.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan LastOperation = TimeSpan.FromSeconds(8);

    public static SimulationOptions Stormy(Scenario scenario) => new()
    {
        VirtualTime = Length,
        Quiet = Quiet,
        Faults = FaultOptions.Storm with
        {
            CrashEvery = TimeSpan.FromSeconds(1.2),
            PartitionEvery = TimeSpan.FromSeconds(1.5),
            Loss = 0.02,
        },
        Clients = Load(scenario),
    };

    /// <summary>Elections by the plain Figure 2, with timeouts that delays often exceed; one entry per message.</summary>
    public static readonly RaftOptions Nervous = RaftOptions.Default with
    {
        PreVote = false,
        CheckQuorum = false,
        ElectionTimeoutEarliest = TimeSpan.FromMilliseconds(40),
        ElectionTimeoutLatest = TimeSpan.FromMilliseconds(60),
        HeartbeatInterval = TimeSpan.FromMilliseconds(15),
        MaxBatchBytes = 1,
    };

    /// <summary>Appends of tokens that are each used once, and reads, on two keys.</summary>
    public static ClientLoad Load(Scenario scenario) => new(
        [.. scenario.Nodes.Select(node => new Address(node, RaftServer.ClientRoleName))],
        (random, client, number) =>
        {
            var key = $"k{random.Next(2)}";
            KvCommand command = random.Next(10) switch
            {
                < 6 => new KvCommand.Append(key, AppendHistory.Token(client, number)),
                < 9 => new KvCommand.Get(key),
                _ => new KvCommand.Get(key, MaybeStale: true),
            };
            return new RaftMessage.Invoke(number, command, TimeSpan.FromSeconds(2));
        })
    {
        Think = Wait.Millis(1, 60),
        Until = LastOperation,
    };

    /// <summary>The run ended as it must after a quiet part, and its history could be that of one store.</summary>
    public static string? Verify(SimulationResult result)
    {
        var servers = result.World.Running<RaftState>().Select(server => server.State).ToArray();
        var newest = servers.MaxBy(server => server.LastApplied)!;
        var late = result.History.Operations.Where(operation => operation.InvokedAt >= Settled.TotalMicroseconds).ToArray();
        return servers.Count(server => server.Role == ServerRole.Leader) != 1 ? "there is not one leader at the end"
            : servers.FirstOrDefault(server => server.CommitIndex != newest.CommitIndex) is not null
                ? "after the quiet part servers differ in what is committed"
            : late.Length == 0 ? "no operation was asked in the quiet part"
            : late.FirstOrDefault(operation => operation.Outcome != Outcome.Ok) is { } failed
                ? $"{failed.Client}'s operation {failed.Number} was asked in the quiet part at {failed.InvokedAt} µs, and"
                    + $" was not answered: {failed.Outcome} {failed.Reason}"
            : result.World.Running<ClientState<KvCommand>>().Any(client => !client.State.Idle)
                ? "operations were still open at the end"
            : AppendHistory.Fault(ClientsOnly(result.History), newest.Machine.Values);
    }

    /// <summary>The history could be that of one store, whatever became of the servers.</summary>
    public static string? VerifyHistory(SimulationResult result) => AppendHistory.Fault(
        ClientsOnly(result.History), result.World.All<RaftState>().MaxBy(server => server.State.LastApplied).State.Machine.Values);

    /// <summary>Without what whoever runs the servers asked for.</summary>
    private static History ClientsOnly(History history) =>
        new(history.Operations.Where(operation => operation.Command is KvCommand).ToSeq());
}

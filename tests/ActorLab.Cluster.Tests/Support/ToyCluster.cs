using Akka.Actor;
using Akka.Actor.Setup;

namespace ActorLab.Cluster.Tests;

/// <summary>The nodes of a toy scenario, each an actor system of this process, over real remoting on free ports.</summary>
internal sealed class ToyCluster : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (ActorSystem System, LabNode Node, JournalGate Gate)> _nodes = [];

    private ToyCluster()
    {
    }

    public LabNode this[string node] => _nodes[node].Node;

    public ActorSystem System(string node) => _nodes[node].System;

    public JournalGate Gate(string node) => _nodes[node].Gate;

    /// <summary>The durable state of a node's role; fails when it is down.</summary>
    public ToyState State(string node) => (ToyState)_nodes[node].Node.Toy().Role(ToyRole.Name)!.DurableState!;

    public static Task<ToyCluster> Start(params string[] nodes) => Start(nodes, null);

    /// <param name="nodes">Their names.</param>
    /// <param name="folder">A folder for SQLite journals; null for gated ones in memory.</param>
    /// <param name="pragmas">For SQLite.</param>
    /// <param name="plan">In force from the start.</param>
    /// <param name="settings">HOCON overrides.</param>
    /// <param name="nextIncarnation">Null: counted from 1.</param>
    /// <param name="recordings">A folder for recordings; null for none.</param>
    public static async Task<ToyCluster> Start(
        string[] nodes,
        string? folder,
        string pragmas = "",
        FaultPlan? plan = null,
        Dictionary<string, string>? settings = null,
        Func<long>? nextIncarnation = null,
        string? recordings = null)
    {
        if (recordings is not null)
        {
            settings = new(settings ?? []) { ["actorlab.trace.record"] = "on" };
        }

        var cluster = new ToyCluster();
        var systems = nodes.ToDictionary(node => node, node =>
        {
            var gate = new JournalGate();
            return (System: ActorSystem.Create(NodeSystem.Name, SetupOf(folder, node, pragmas, gate, settings)), Gate: gate);
        });
        var peers = systems.ToDictionary(entry => new NodeId(entry.Key), entry => ((ExtendedActorSystem)entry.Value.System).Provider.DefaultAddress);
        var scenario = ToyRole.Of(nodes);
        foreach (var (name, (system, gate)) in systems)
        {
            var node = await LabNode.Start(system, new NodeSetup
            {
                Node = new NodeId(name),
                Scenarios =
                [
                    new ScenarioSetup(scenario)
                    {
                        Recording = recordings is null ? null : new RecordingPlan(
                            RecordingOf(recordings, name),
                            new RecordedLine.Start(
                                0, RecordingFormat.Version, "test", scenario.Name, new Dictionary<string, int>(), new Dictionary<string, string>(), nodes, name)),
                    },
                ],
                Peers = peers,
                FaultPlan = plan ?? FaultPlan.None,
                NextIncarnation = nextIncarnation,
            });
            cluster._nodes[name] = (system, node, gate);
        }

        await Task.WhenAll(cluster._nodes.Values.Select(entry => entry.Node.Settled)).WaitAsync(Limit);
        return cluster;
    }

    public static string RecordingOf(string folder, string node) => Path.Combine(folder, $"{node}.jsonl");

    public Task<OperationResult> Put(string node, string text, TimeSpan? limit = null) =>
        this[node].Toy().Operations.SubmitAsync(ToyRole.Name, number => new ToyMessage.Put(number, text), limit ?? Limit);

    /// <summary>Sends without waiting for a report: the role gives none.</summary>
    public void Tell(string node, ToyMessage message) =>
        _ = this[node].Toy().Operations.SubmitAsync(ToyRole.Name, _ => message, TimeSpan.FromMilliseconds(1));

    public async ValueTask DisposeAsync()
    {
        foreach (var (system, node, gate) in _nodes.Values)
        {
            gate.Open();
            await system.Terminate();
            node.Dispose(); // as a node's process does it: nothing of its roles comes behind the end of its recording
        }
    }

    private static ActorSystemSetup SetupOf(
        string? folder, string node, string pragmas, JournalGate gate, Dictionary<string, string>? settings)
    {
        var all = new Dictionary<string, string>
        {
            ["akka.loglevel"] = "WARNING",
            ["akka.remote.dot-netty.tcp.hostname"] = "127.0.0.1",
            ["akka.remote.dot-netty.tcp.port"] = "0",
            ["akka.persistence.journal.plugin"] = folder is null ? "test-journal" : NodeSystem.JournalPlugin(StoreKind.Sqlite),
            ["akka.persistence.snapshot-store.plugin"] = NodeSystem.SnapshotPlugin(folder is null ? StoreKind.Memory : StoreKind.Sqlite),
            ["test-journal.class"] = "\"ActorLab.Cluster.Tests.GatedJournal, ActorLab.Cluster.Tests\"",
            ["actorlab.roles.restart-after"] = "50ms",
            ["actorlab.links.probe-each"] = "100ms",
        };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        var config = LabHocon.Load(all).WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), gate);
        if (folder is not null)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, node)).FullName;
            SqliteStore.Check(own);
            setup = setup.And(SqliteStore.Setup(own, pragmas));
        }

        return setup;
    }
}

internal static class ToyNode
{
    /// <summary>The toy scenario on a node.</summary>
    public static HostedScenario Toy(this LabNode node) => node.Find("toy")!;
}

internal static class Eventually
{
    /// <summary>Waits until a condition holds; fails after the limit.</summary>
    public static async Task True(Func<bool> condition, string claim)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(ToyCluster.Limit);
        while (!condition())
        {
            try
            {
                await looks.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Did not come true within {ToyCluster.Limit.TotalSeconds} s: {claim}");
            }
        }
    }
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actorlab-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

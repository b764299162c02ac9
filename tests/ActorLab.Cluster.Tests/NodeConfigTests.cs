using System.Collections;

namespace ActorLab.Cluster.Tests;

public sealed class NodeConfigTests
{
    private static readonly NodeConfig Config = new()
    {
        Name = "n2",
        RemotingPort = 5_002,
        ControlPort = 6_002,
        Peers = [new("n1", "127.0.0.1", 5_001, 6_001), new("n2", "127.0.0.1", 5_002, 6_002)],
        DataDir = "data",
        TokenFile = "token",
        FaultPlan = new FaultPlanJson(4, ["n1>n2"]),
        Settings = new Dictionary<string, string> { ["akka.loglevel"] = "DEBUG" },
    };

    [Fact]
    public void A_configuration_reads_back_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "node.json");
        Config.Write(path);
        var read = NodeConfig.Read(path);
        Assert.Equal(Config.Peers, read.Peers);
        Assert.Equal(Config.FaultPlan.ToPlan(), read.FaultPlan.ToPlan());
        Assert.Equal("DEBUG", read.Settings["akka.loglevel"]);
        Assert.Equal(StoreKind.Sqlite, read.Store);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"name\": \"n1\"}")]
    public void What_is_no_configuration_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "node.json");
        File.WriteAllText(path, content);
        Assert.Contains("is no node configuration", Assert.Throws<NodeRefusal>(() => NodeConfig.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n1-n2")]
    [InlineData("n1>")]
    [InlineData("n1>n1")]
    public void A_cut_that_is_no_link_is_refused(string cut) =>
        Assert.Throws<FormatException>(() => new FaultPlanJson(1, [cut]).ToPlan());

    [Fact]
    public void The_strongest_word_wins()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "own.hocon");
        File.WriteAllText(file, "akka.cluster { gossip-interval = 2s, leader-actions-interval = 2s, seed-node-timeout = 22s }");
        var environment = new Hashtable
        {
            ["AKKA__CLUSTER__LEADER_ACTIONS_INTERVAL"] = "3s",
            ["AKKA__CLUSTER__SEED_NODE_TIMEOUT"] = "33s",
            ["ACTORLAB__TRACE__EVENTS"] = "7",
            ["PATH"] = "/bin",
        };
        var settings = new Dictionary<string, string> { ["akka.cluster.seed-node-timeout"] = "44s" };
        var config = LabHocon.Load(settings, file, environment);

        Assert.Equal(TimeSpan.FromSeconds(2), config.GetTimeSpan("akka.cluster.gossip-interval"));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("akka.cluster.leader-actions-interval"));
        Assert.Equal(TimeSpan.FromSeconds(44), config.GetTimeSpan("akka.cluster.seed-node-timeout"));
        Assert.Equal(7, NodeLimits.From(config).TraceEvents);
        Assert.Equal(10_000, NodeLimits.From(config).OperationsWaiting);
    }

    [Fact]
    public void A_variable_that_sets_what_there_is_not_is_refused()
    {
        var environment = new Hashtable { ["ACTORLAB__JOURNAL__CHECKPOINT_ROW"] = "7" };
        var refusal = Assert.Throws<NodeRefusal>(() => LabHocon.Load(new Dictionary<string, string>(), environment: environment));
        Assert.StartsWith(
            "ACTORLAB__JOURNAL__CHECKPOINT_ROW: Unknown setting \"actorlab.journal.checkpoint-row\". Did you mean actorlab.journal.checkpoint-rows?",
            refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_cannot_be_read_is_named()
    {
        var config = LabHocon.Load(new Dictionary<string, string> { ["actorlab.trace.events"] = "plenty" });
        var refusal = Assert.Throws<NodeRefusal>(() => NodeLimits.From(config));
        Assert.Contains("actorlab.trace.events = plenty", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n1", null, false, 5_001)]
    [InlineData("n2", null, false, 5_001)]
    [InlineData("n1", false, false, 5_002)]
    [InlineData("n2", true, false, 5_002)]
    [InlineData("n1", null, true, 5_002)]
    public void Only_who_may_found_a_cluster_asks_itself_first(string name, bool? may, bool cut, int firstPort)
    {
        var config = Config with { Name = name, MayFoundCluster = may, FaultPlan = new FaultPlanJson(1, cut ? ["n2>n1"] : []) };
        Assert.Equal(firstPort, NodeSystem.Seeds(config)[0].Port);
        Assert.Equal(2, NodeSystem.Seeds(config).Count);
    }
}

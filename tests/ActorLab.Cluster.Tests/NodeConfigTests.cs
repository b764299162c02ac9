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

    [Theory]
    [InlineData("ACTORLAB__TRACE__EVNTS", "7", "ACTORLAB__TRACE__EVNTS: Unknown setting \"actorlab.trace.evnts\". Did you mean actorlab.trace.events?")]
    [InlineData("ACTORLAB__RAFT", "{ keep-entrys = 7 }", "ACTORLAB__RAFT: Unknown setting \"actorlab.raft.keep-entrys\". Did you mean actorlab.raft.keep-entries?")]
    [InlineData("ACTORLAB__OPERATIONS", "7", "ACTORLAB__OPERATIONS: actorlab.operations is a section of settings, and no setting: it has actorlab.operations.waiting.")]
    [InlineData("ACTORLAB_TRACE__EVENTS", "7", "ACTORLAB_TRACE__EVENTS sets nothing, for two underscores stand for a dot: actorlab.trace.events is set by ACTORLAB__TRACE__EVENTS.")]
    [InlineData("ACTORLAB_TRACE___EVENTS", "7", "ACTORLAB_TRACE___EVENTS sets nothing, ")]
    [InlineData("ACTORLAB_GATE_MESSAGES", "7", "ACTORLAB_GATE_MESSAGES sets nothing, for two underscores stand for a dot: actorlab.gate-messages is set by ACTORLAB__GATE_MESSAGES.")]
    [InlineData("ACTORLAB__TRACE__EVENTS", "${nowhere}", "The setting actorlab.trace.events = ${nowhere} is no HOCON: ")]
    public void A_variable_that_sets_what_there_is_not_is_refused(string name, string value, string sentence)
    {
        var environment = new Hashtable { ["ACTORLAB__GATES"] = "on", [name] = value };
        var refusal = Assert.Throws<NodeRefusal>(() => LabHocon.Load(new Dictionary<string, string>(), environment: environment));
        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_set_what_there_is_and_those_of_others_are_taken() => LabHocon.Load(
        new Dictionary<string, string>(),
        environment: new Hashtable
        {
            ["ACTORLAB__RAFT__HEARTBEAT_INTERVAL"] = "20ms",
            ["ACTORLAB__RAFT"] = "{ keep-entries = 7 }",
            ["ACTORLAB_POSTGRES"] = "Host=127.0.0.1",
            ["AKKA__MINE"] = "1",
            ["PATH"] = "/bin",
        });

    [Theory]
    [InlineData("links.redial-after", "0s")]
    [InlineData("links.redial-after", "1999ms")]
    [InlineData("links.probe-each", "0s")]
    [InlineData("links.probe-each", "751ms")]
    public void Links_that_would_never_or_always_be_made_anew_are_refused(string key, string value)
    {
        var config = LabHocon.Load(new Dictionary<string, string> { [$"actorlab.{key}"] = value });
        var refusal = Assert.Throws<NodeRefusal>(() => NodeLimits.From(config));
        Assert.StartsWith("The setting actorlab.links.redial-after must be at least 4 times actorlab.links.probe-each", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("links.redial-after", "2s")]
    [InlineData("links.probe-each", "750ms")]
    public void Links_that_miss_four_probes_may_be_made_anew(string key, string value) =>
        NodeLimits.From(LabHocon.Load(new Dictionary<string, string> { [$"actorlab.{key}"] = value }));

    [Theory]
    [InlineData("trace.events", "-1", 0)]
    [InlineData("trace.bytes", "-1", 0)]
    [InlineData("trace.busy-events", "0", 1)]
    [InlineData("trace.record-bytes", "-1", 0)]
    [InlineData("journal.batch-turns", "0", 1)]
    [InlineData("journal.batch-bytes", "-1", 1)]
    [InlineData("journal.checkpoint-rows", "0", 1)]
    [InlineData("journal.checkpoint-bytes", "0", 1)]
    [InlineData("journal.waiting-turns", "-1", 1)]
    [InlineData("journal.waiting-bytes", "0", 1)]
    [InlineData("operations.waiting", "0", 1)]
    [InlineData("gate-messages", "0", 1)]
    public void A_bound_with_which_nothing_would_go_on_is_refused(string key, string value, int least)
    {
        var refusal = Assert.Throws<NodeRefusal>(() => NodeLimits.From(LabHocon.Load(new Dictionary<string, string> { [$"actorlab.{key}"] = value })));
        Assert.Equal($"The setting actorlab.{key} = {value} is too small: it is {least} or more.", refusal.Message);
        NodeLimits.From(LabHocon.Load(new Dictionary<string, string> { [$"actorlab.{key}"] = $"{least}" }));
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

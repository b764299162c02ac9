using System.Collections.Concurrent;
using System.Diagnostics;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Lab;
using Akka.Configuration;

namespace ActorLab.Tests.Lab;

/// <summary>The plan of scenarios and its way to the nodes, which are processes that know nothing of it here.</summary>
public sealed class ScenarioBoardTests : IDisposable
{
    private static readonly Dictionary<string, int> Defaults = [];

    private readonly string _root = Directory.CreateTempSubdirectory("actorlab-test-").FullName;
    private readonly ConcurrentDictionary<string, long> _versions = new();
    private readonly ConcurrentDictionary<string, string> _refusals = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [LinuxFact]
    public async Task Every_node_that_runs_gets_the_plan_and_one_that_refuses_it_is_told_of()
    {
        using var folder = Folder();
        await using var supervisor = Nodes();
        await supervisor.Start("n1");
        await supervisor.Start("n2");
        var board = Board(folder, supervisor);
        board.Start("snapshot", Defaults, fresh: false);
        _refusals["n2"] = "n2: its disk is full.";

        Assert.Equal([("n2", "n2: its disk is full.")], await board.Fan(default));
        Assert.Equal([KeyValuePair.Create("n1", board.Current.Version)], _versions);

        _refusals.Clear();
        Assert.Empty(await board.Fan(default));
        Assert.Equal(board.Current.Version, _versions["n2"]);
    }

    /// <summary>Somebody else gave a node a plan of a higher version: it would take none of ours any more.</summary>
    [LinuxFact]
    public async Task A_plan_of_somebody_else_is_overtaken()
    {
        using var folder = Folder();
        await using var supervisor = Nodes();
        await supervisor.Start("n1");
        var board = Board(folder, supervisor);
        _versions["n1"] = 99;
        board.Start("snapshot", Defaults, fresh: false);

        Assert.Equal([("n1", "n1 follows a plan of somebody else, of version 99.")], await board.Fan(default));
        Assert.Empty(await board.Fan(default));
        Assert.Equal((100, 100), (board.Current.Version, _versions["n1"]));
    }

    [LinuxFact]
    public async Task A_scenario_goes_on_with_its_disks_or_begins_with_new_ones_but_not_with_those_of_another_shape()
    {
        using var folder = Folder();
        await using var supervisor = Nodes();
        var board = Board(folder, supervisor);
        Assert.Equal((1, 1), Run(board.Start("check:paxos", Defaults, fresh: false)));
        Assert.Equal(
            "check:paxos runs already: scenario stop check:paxos stops it.",
            Assert.Throws<CommandFailed>(() => board.Start("check:paxos", Defaults, fresh: false)).Message);
        board.Stop("check:paxos");
        Assert.Equal((1, 2), Run(board.Start("check:paxos", Defaults, fresh: false)));
        board.Stop("check:paxos");
        var two = new Dictionary<string, int> { ["proposers"] = 2 };
        Assert.StartsWith(
            "The disks of check:paxos were made with default parameters, and this would be with proposers=2",
            Assert.Throws<BadInput>(() => board.Start("check:paxos", two, fresh: false)).Message, StringComparison.Ordinal);
        Assert.Equal((2, 3), Run(board.Start("check:paxos", two, fresh: true)));
        Assert.Equal(2, folder.Run.Disks.Single().Run);

        static (int, int) Run(ScenarioPlan plan) => (plan.Run, plan.Start);
    }

    [LinuxFact]
    public async Task What_there_is_not_is_bad_input_and_what_does_not_run_says_how_it_starts()
    {
        using var folder = Folder();
        await using var supervisor = Nodes();
        var board = Board(folder, supervisor);
        Assert.StartsWith("There is no scenario 'xyz'.", Assert.Throws<BadInput>(() => board.Stop("xyz")).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no scenario 'xyz'.", Assert.Throws<BadInput>(() => board.RequireRunning("xyz")).Message, StringComparison.Ordinal);
        Assert.Equal("raft does not run.", Assert.Throws<CommandFailed>(() => board.Stop("raft")).Message);
        Assert.Equal("raft does not run: scenario start raft starts it.", Assert.Throws<CommandFailed>(() => board.RequireRunning("raft")).Message);
    }

    [Theory]
    [InlineData("no-such", "", "There is no scenario 'no-such'")]
    [InlineData("check:ben-or", "processes=3,faults=9", "")]
    [InlineData("generals", "round=5", "round=5 is out of range")]
    [InlineData("check:paxos", "acceptors=77", "")]
    public async Task What_cannot_be_built_is_bad_input_and_plans_nothing(string name, string parameters, string sentence)
    {
        using var folder = Folder();
        await using var supervisor = Nodes();
        var board = Board(folder, supervisor);
        var given = parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1]));
        Assert.StartsWith(sentence, Assert.Throws<BadInput>(() => board.Start(name, given, fresh: false)).Message, StringComparison.Ordinal);
        Assert.Empty(board.Current.Scenarios);
        Assert.Empty(folder.Run.Disks);
    }

    private DataFolder Folder() => DataFolder.Open(_root, new LabShape(3, "memory"), fresh: false);

    private Supervisor Nodes() => new(
        ["n1", "n2", "n3"],
        (_, _) => new ProcessStartInfo("sleep", ["60"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        node => Path.Combine(_root, $"{node}.out"),
        TimeSpan.FromSeconds(2));

    /// <summary>A node takes what is newer than what it has.</summary>
    private ScenarioBoard Board(DataFolder folder, Supervisor supervisor) => new(folder, supervisor, ConfigurationFactory.Empty, (node, plans, _) =>
        _refusals.TryGetValue(node, out var sentence)
            ? Task.FromException<long>(new NodeSilent(sentence))
            : Task.FromResult(_versions.AddOrUpdate(node, plans.Version, (_, version) => Math.Max(version, plans.Version))));
}

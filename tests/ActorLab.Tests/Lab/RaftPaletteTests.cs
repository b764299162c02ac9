using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class RaftPaletteTests
{
    private static readonly NodeInfo Node = new("n1", NodeLife.Running, 1, null, 1, null);

    private static readonly RoleState Leading = new("n1/server", 3, "", new Dictionary<string, object?> { ["role"] = "leader", ["term"] = 7 });

    private static NodeStatus StatusWith(params RoleStatus[] roles) =>
        new("n1", 3, 1, 1, "lab", "", "Up", [], null, [], roles, 0, null!);

    [Fact]
    public void A_halted_server_is_no_silent_one()
    {
        Assert.Equal(Cell.Bad("halted"), RaftPalette.Row(Node, null, null, halted: true)[2]);
        Assert.Equal(Cell.Dim("no answer"), RaftPalette.Row(Node, null, null, halted: false)[2]);
    }

    [Fact]
    public void A_halted_server_leads_nobody()
    {
        Assert.Equal(Cell.Bad("halted"), RaftPalette.Row(Node, Leading, "n1", halted: true)[2]);
        Assert.Equal(Cell.Good("leader"), RaftPalette.Row(Node, Leading, "n1", halted: false)[2]);
    }

    [Fact]
    public void The_reason_is_that_of_the_role_that_halted()
    {
        var client = new RoleStatus("raft", "n1/client", 3, true, false, null);
        Assert.Null(RaftPalette.HaltOf(StatusWith(client)));
        Assert.Equal("The disk is full.", RaftPalette.HaltOf(StatusWith(client, new RoleStatus("raft", "n1/server", 3, false, true, "The disk is full."))));
        Assert.Equal("n1/server is halted.", RaftPalette.HaltOf(StatusWith(client, new RoleStatus("raft", "n1/server", 3, false, true, null))));
    }

    [Theory]
    [InlineData("add", "raft add n4", "raft add wants server: who joins. Example: raft add n4")]
    [InlineData("remove", "raft remove n4", "raft remove wants server: who leaves. Example: raft remove n4")]
    [InlineData("transfer", "raft transfer n3", "raft transfer wants to: who is to lead. Example: raft transfer n3")]
    public void A_change_of_the_members_names_its_server_by_place_or_by_name(string name, string example, string sentence)
    {
        var command = OperationCommands.For(null!, RaftOnCluster.Scenario, RaftOnCluster.Scenario.Operations.First(kind => kind.Name == name));
        Assert.Equal(example, command.Example);
        Assert.Equal(sentence, Assert.Throws<BadInput>(() => Bind([])).Message);
        var server = command.Parameters[0].Name;
        Assert.Equal("n4", Bind(new() { [server] = ["n4"] }).Get<string>(server));
        Assert.True(command.Parameters[0].Positional);

        Arguments Bind(Dictionary<string, IReadOnlyList<string>> given) => ArgumentBinder.Bind("raft", command, given, ["n1", "n4"]);
    }

    [Theory]
    [InlineData("raft", "members", 11, "members=11 names n1 twice: write the number of each node once, such as members=123 for n1, n2 and n3.")]
    [InlineData("raft", "members", 1231, "members=1231 names n1 twice")]
    [InlineData("raft", "members", 0, "members=0 names no nodes")]
    [InlineData("raft", "members", 14, "The members are 1 to 9 of the servers n1, n2, n3, not n1, n4.")]
    [InlineData("paxos", "acceptors", 335, "acceptors=335 names n3 twice")]
    public void A_node_is_a_member_once(string scenario, string parameter, int digits, string sentence)
    {
        var request = new ScenarioRequest(
            ["n1", "n2", "n3"], new Dictionary<string, int> { [parameter] = digits }, LabHocon.Defaults());
        var refusal = Assert.Throws<FormatException>(() => Scenarios.Find(scenario)!.Entry.Build(request));
        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
    }
}

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
}

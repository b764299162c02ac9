using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>One process of Lai and Yang; the test speaks as the other one.</summary>
public sealed class LaiYangTests
{
    private static readonly NodeId Self = new("n1");
    private static readonly NodeId Other = new("n2");

    /// <summary>Of snapshots that it did not hear of it takes as many as there may be, and no more for a colour that is made up.</summary>
    [Theory]
    [InlineData("n2", LaiYangProcess.MostAhead, true)]
    [InlineData("n2", LaiYangProcess.MostAhead + 1, false)]
    [InlineData("n9", 1, false)]
    public void A_colour_makes_it_record_what_may_have_been_begun(string initiator, int number, bool isTaken)
    {
        var role = RoleBinding.Of(new LaiYangProcess(new AccountOptions(5, [Other], [Other], [Self, Other])));
        var context = new TurnContext(Account.At(Self), new NoChoices(), () => default);
        var booted = role.Boot(role.EmptyDisk, context);
        BankMessage[] messages =
        [
            new Transfer(3, Map.Of((new NodeId(initiator), number))), new Marker(new SnapshotId(new NodeId(initiator), number), 0),
        ];
        foreach (var message in messages)
        {
            var step = role.Receive(booted.State, Account.At(Other), message, context);
            Assert.Equal(isTaken ? number : 0, step.Effects.Count(effect => effect is Effect.Send { Message: Marker }));
            Assert.Equal(isTaken, step.DiskChanged);
        }
    }

    /// <summary>Links that repeat are not its assumption; they break totals, not the process.</summary>
    [Fact]
    public void A_second_copy_of_a_marker_is_passed_over()
    {
        var role = RoleBinding.Of(new LaiYangProcess(new AccountOptions(5, [Other], [Other], [Self, Other])));
        var context = new TurnContext(Account.At(Self), new NoChoices(), () => default);
        var marker = new Marker(new SnapshotId(Other, 1), 0);
        var once = role.Receive(role.Boot(role.EmptyDisk, context).State, Account.At(Other), marker, context);
        Assert.True(once.DiskChanged);
        Assert.False(role.Receive(once.State, Account.At(Other), marker, context).DiskChanged);
    }

    private sealed class NoChoices : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException();
    }
}

using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Registers, their histories, and what happens to them when a line of the algorithm is missing.</summary>
public sealed class RegisterTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");

    /// <summary>The shortest way to it in the original has four deliveries too: see its tests.</summary>
    [Fact]
    public void Two_copies_are_no_register()
    {
        var result = ModelChecker.Check(SingleCopyRegister.Family.With(("servers", 2)));
        Assert.Equal(VerdictKind.Violated, result["Linearizable"].Kind);
        Assert.Equal(
            ["Put", "PutOk", "Get", "GetOk"],
            result.Counterexample!.Steps.Select(step => ((Input.Deliver)step.Input!).Message.GetType().Name));
    }

    [Fact]
    public void Abd_with_a_quorum_that_is_no_majority_is_caught() =>
        AssertCaught(Abd.Of(Arguments(Abd.Family, ("servers", 2)), quorum: 1));

    [Fact]
    public void Paxos_that_ignores_what_was_accepted_is_caught() =>
        AssertCaught(RegisterPaxos.Of(Arguments(RegisterPaxos.Family), ignoresAccepted: true));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Abd_holds_on_other_networks_too(bool lossy, bool fifo)
    {
        var scenario = Abd.Family.With() with
        {
            Network = new Network(FifoPerLink: fifo, Lossy: lossy, NoOpDeliversStay: true),
        };
        Assert.True(ModelChecker.Check(scenario).Passed);
    }

    [Fact]
    public void Clients_may_write_more_than_once() =>
        Assert.True(ModelChecker.Check(SingleCopyRegister.Family.With(("puts", 2))).Passed);

    [Fact]
    public void A_read_of_what_nobody_wrote_is_not_linearizable() =>
        Assert.False(Of([(A, null, "x")], []).IsLinearizable);

    [Fact]
    public void An_open_write_may_be_read_and_need_not() => Assert.All((string?[])[null, "x"], read =>
        Assert.True(Of([(B, null, read)], [(A, "x")]).IsLinearizable));

    [Fact]
    public void A_read_after_a_write_must_see_it()
    {
        RegisterHistory.Operation read = new(Map.Of((A, 1)), null, null);
        var history = Of([(A, "x", null)], []);
        Assert.False((history with { Done = history.Done.Set(B, [read]) }).IsLinearizable);
        Assert.True((history with { Done = history.Done.Set(B, [read with { Read = "x" }]) }).IsLinearizable);
        Assert.True((history with { Done = history.Done.Set(B, [read with { Before = default }]) }).IsLinearizable);
    }

    /// <summary>Two readers that see two writes in different orders agree with no order at all.</summary>
    [Fact]
    public void Readers_agree_on_the_order_of_writes()
    {
        NodeId c = new("c"), d = new("d");
        var history = Of([(A, "x", null), (B, "y", null), (c, null, "x"), (c, null, "y"), (d, null, "y"), (d, null, "x")], []);
        Assert.False(history.IsLinearizable);
        Assert.True((history with { Done = history.Done.Remove(d) }).IsLinearizable);
    }

    private static void AssertCaught(Scenario mutant)
    {
        var result = ModelChecker.Check(mutant);
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result["Linearizable"].Kind);
    }

    private static ScenarioArguments Arguments(ScenarioFamily family, params ReadOnlySpan<(string, int)> given) =>
        new(family.Name, family.Parameters, Map.Of(given));

    /// <summary>A history in which all operations overlap, but for those of one client.</summary>
    private static RegisterHistory Of((NodeId Client, string? Write, string? Read)[] done, (NodeId Client, string? Write)[] open) => new(
        done.GroupBy(one => one.Client).ToMap(
            group => group.Key,
            group => Seq.ToSeq(group.Select(one => new RegisterHistory.Operation(default, one.Write, one.Read)))),
        open.ToMap(one => one.Client, one => new RegisterHistory.Operation(default, one.Write, null)));
}

using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.Termination;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: who asks for the end of the work is told when it is done and not before, though work lies behind a cut and the node
/// that watches crashes (Chandy and Lamport 1985, section 5).
/// </summary>
public sealed class TerminationSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task The_end_of_the_work_is_found_when_it_is_done_and_not_before()
    {
        await using var spec = await LabSpec.Start(
            output, new SpecOptions { Scenario = names => TerminationScenario.OnNodes(names.Count), Store = StoreKind.Sqlite });
        await Ask(spec[n1], new BankMessage.Work(0, 40));
        await spec.Isolate(n3);
        var end = Ask(spec[n2], new BankMessage.Detect(0));
        await Patience.AwaitAssert(() => Assert.All(spec.Nodes, node => Assert.Equal(0, StateOf(node).Balance)));
        Assert.False(end.IsCompleted, "n3 is behind a cut: nobody can know whether it works");

        await spec.Heal();
        var done = Assert.IsType<WorkDone>((await end).Reply);
        spec.Say($"{done.By} found the end, after {done.Looks} snapshots");
        Assert.All(spec.Nodes, node => Assert.Equal(0, StateOf(node).Balance));

        await Ask(spec[n3], new BankMessage.Work(0, 30));
        var lost = spec[n2].Submit(Account.RoleName, number => Say(new BankMessage.Detect(number)), Limit);
        await Patience.AwaitAssert(() => Assert.Equal(new Watch(done.By.Number + 1, null), StateOf(spec[n2]).Watch));
        await spec.Crash(n2);
        await spec.Restart(n2);
        Assert.NotEqual(Outcome.Ok, (await lost).Outcome);
        await Patience.AwaitAssert(() => Assert.NotNull(StateOf(spec[n2]).Watch?.Found)); // It watches on, for nobody.
        Assert.All(spec.Nodes, node => Assert.Equal(0, StateOf(node).Balance));
    }

    private static AccountDisk StateOf(SpecNode node) =>
        SnapshotProperties.AccountIn(node.Hosted.Role(Account.RoleName)?.DurableState)?.Disk ?? throw new SpecFailure($"{node} boots.");

    private static Frame<BankMessage> Say(BankMessage message) => Frame<BankMessage>.Plain(message);

    private static async Task<OperationResult> Ask(SpecNode node, BankMessage wish)
    {
        var result = await node.Submit(Account.RoleName, number => Say(BankOperations.Numbered(wish, number)), Limit);
        Assert.True(result.Outcome == Outcome.Ok, result.Reason);
        return result;
    }
}

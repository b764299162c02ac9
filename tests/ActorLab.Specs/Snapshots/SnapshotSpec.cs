using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a global state that is recorded while money is under way has all of it, whoever begins and however many at once, over
/// links that lose what is sent into them (Chandy and Lamport 1985, with reliable links).
/// </summary>
public sealed class SnapshotSpec(ITestOutputHelper output)
{
    private const long Money = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task The_recorded_total_is_the_true_total_under_load_and_across_a_cut()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Scenario = names => SnapshotScenario.OnNodes(names.Count, Money) });
        await Task.WhenAll(spec.Nodes.Select(node => Ask(node, new BankMessage.Load(0, 100))));
        var before = await Task.WhenAll(spec.Nodes.Select(Take));

        await spec.Isolate(n3);
        var during = spec.Nodes.ToList().ConvertAll(Take);
        await Patience.AwaitAssert(() => Assert.All(spec.Nodes, node => Assert.True(StateOf(node).Parts.Count > 0, "it recorded its part")));
        Assert.DoesNotContain(during, snapshot => snapshot.IsCompleted);
        await spec.Heal();

        GlobalSnapshot[] all = [.. before, .. await Task.WhenAll(during), .. await Task.WhenAll(spec.Nodes.Select(Take))];
        spec.Say($"on their way: {string.Join(", ", all.Select(snapshot => snapshot.InFlight))}");
        Assert.All(all, snapshot => Assert.Equal((3, 3 * Money), (snapshot.Parts.Count, snapshot.Total)));
        Assert.Contains(all, snapshot => snapshot.InFlight > 0);
    }

    private static AccountDisk StateOf(SpecNode node) =>
        SnapshotProperties.AccountIn(node.Hosted.Role(Account.RoleName)?.DurableState)?.Disk ?? throw new SpecFailure($"{node} boots.");

    private static async Task<GlobalSnapshot> Take(SpecNode node) =>
        Assert.IsType<GlobalSnapshot>((await Ask(node, new BankMessage.Take(0))).Reply);

    private static async Task<OperationResult> Ask(SpecNode node, BankMessage wish)
    {
        var result = await node.Submit(
            Account.RoleName, number => SnapshotScenario.MessageOf(wearsLinks: true, BankOperations.Numbered(wish, number)), Limit);
        Assert.True(result.Outcome == Outcome.Ok, result.Reason);
        return result;
    }
}

using ActorLab.Algorithms.Paxos;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: one value is chosen, whoever asks and wherever; it stays though all crash, and a learner that missed it learns it
/// (Lamport, Paxos Made Simple, section 2).
/// </summary>
public sealed class DecreeSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_learner_that_was_cut_off_learns_what_was_chosen_and_so_do_all_after_a_crash()
    {
        await using var spec = await LabSpec.Start(
            output, new SpecOptions { Scenario = names => PaxosScenario.OnNodes(names.Count), Store = StoreKind.Sqlite });
        await spec.Isolate(n3);
        Assert.Null((await Ask(spec[n3], null)).Value);
        var lost = Ask(spec[n3], "of n3");
        var both = await Task.WhenAll(Ask(spec[n1], "of n1"), Ask(spec[n2], "of n2"));
        var chosen = Assert.Single(both.Select(decision => decision.Value).Distinct());
        Assert.Contains(chosen, new[] { "of n1", "of n2" });
        Assert.Null(Learned(spec[n3]));

        await spec.Heal();
        Assert.Equal(chosen, (await lost).Value);
        await AwaitAllLearned(spec, chosen!);

        await spec.Crash(n1, n2, n3);
        await spec.Restart(n1, n2, n3);
        await AwaitAllLearned(spec, chosen!);
        Assert.Equal(chosen, (await Ask(spec[n2], "too late")).Value);
    }

    private static async Task<Decision> Ask(SpecNode node, string? value)
    {
        var result = await node.Submit(Client.RoleName, number => new PaxosMessage.Invoke(number, value), Limit);
        Assert.True(result.Outcome == Outcome.Ok, result.Reason);
        return Assert.IsType<Decision>(result.Reply);
    }

    /// <summary>As far as it is on no disk: the state that the role shows.</summary>
    private static string? Learned(SpecNode node) => (node.Hosted.Role("learner")?.DurableState as LearnerState)?.Learned;

    private static Task AwaitAllLearned(LabSpec spec, string value) =>
        Patience.AwaitAssert(() => Assert.All(spec.Nodes, node => Assert.Equal(value, Learned(node))));
}

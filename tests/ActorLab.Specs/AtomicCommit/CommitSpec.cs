using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a transfer over three nodes happens on all of them or on none, wherever its coordinator crashes and however links are
/// cut (AC1 to AC5, Bernstein et al. 1987), and no money is made or lost.
/// </summary>
public sealed class CommitSpec(ITestOutputHelper output)
{
    private const long Funds = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>It wrote no decision, so it presumes an abort: those in doubt ask, and give back what they held.</summary>
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_coordinator_that_crashes_after_the_votes_has_decided_nothing()
    {
        await using var spec = await Start();
        spec[n1].Hosted.CrashAt = new CrashPoint(Coordinator.RoleName, Coordinator.VotesPoint, AfterDisk: false);

        Assert.Equal(Outcome.Unknown, (await Transfer(spec[n1], 10)).Outcome);
        spec[n1].Hosted.CrashAt = null;

        await Settle(spec);
        Assert.All(spec.Nodes, node => Assert.Equal(Funds, BalanceOf(node)));
    }

    /// <summary>The decision is on its disk: it tells it when it is back, and nobody who voted Yes decided otherwise.</summary>
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_coordinator_that_crashes_after_its_decision_keeps_it()
    {
        await using var spec = await Start();
        spec[n1].Hosted.CrashAt = new CrashPoint(Coordinator.RoleName, Coordinator.DecisionPoint, AfterDisk: true);

        Assert.Equal(Outcome.Unknown, (await Transfer(spec[n1], 10)).Outcome);
        spec[n1].Hosted.CrashAt = null;

        await Settle(spec);
        Assert.Equal((Funds - 20, Funds + 10, Funds + 10), (BalanceOf(spec[n1]), BalanceOf(spec[n2]), BalanceOf(spec[n3])));
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Nodes_that_crash_and_links_that_are_cut_under_load_make_no_money_and_lose_none()
    {
        await using var spec = await Start();
        var users = spec.Nodes.ToList().ConvertAll(async node =>
        {
            var committed = 0;
            for (var i = 0; i < 15; i++)
            {
                committed += (await Transfer(node, 1)).Outcome == Outcome.Ok ? 1 : 0;
            }

            return committed;
        });
        await spec.Isolate(n3);
        await spec.Crash(n1);
        await spec.Restart(n1);
        await spec.Heal();
        var committed = await Task.WhenAll(users);
        spec.Say($"committed by {string.Join(", ", committed)} of 15 each");

        await Settle(spec);
        Assert.Equal(3 * Funds, spec.Nodes.Sum(BalanceOf));
        Assert.Equal(Outcome.Ok, (await Transfer(spec[n1], 1)).Outcome);
    }

    private Task<LabSpec> Start() => LabSpec.Start(output, new SpecOptions
    {
        Scenario = names => CommitScenario.Of(names.Count, CommitOptions.Default with { Funds = Funds, AccountsEach = 1 }),
        Store = StoreKind.Sqlite,
    });

    /// <summary>From the account of this node to those of both others.</summary>
    private static Task<OperationResult> Transfer(SpecNode node, long amount)
    {
        var transfer = new CommitCommand.Transfer(
            new Account("a", node.Name), [.. NodeId.Range(3).Remove(node.Name).Select(other => new Account("a", other))], amount);
        return node.Submit(Coordinator.RoleName, number => new CommitMessage.Invoke(number, transfer), Limit);
    }

    private static ParticipantState? Accounts(SpecNode node) => node.Hosted.Role(Participant.RoleName)?.DurableState as ParticipantState;

    private static long BalanceOf(SpecNode node) => Accounts(node)!.Disk.Balances["a"];

    /// <summary>Waits until nobody is in doubt and no coordinator has a transaction that is open.</summary>
    private static Task Settle(LabSpec spec) => Patience.AwaitAssert(() => Assert.All(spec.Nodes, node =>
    {
        Assert.Equal(0, Accounts(node)?.Disk.Prepared.Count);
        var coordinator = node.Hosted.Role(Coordinator.RoleName)?.DurableState as CoordinatorState;
        Assert.Equal((0, 0), (coordinator?.Open.Count, coordinator?.Disk.Committed.Count));
    }));
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// Claim: what was chosen stays chosen and is the same on every learner, whoever leads, though a leader is cut off or crashes in
/// the middle (Lamport, Paxos Made Simple, sections 2 and 3).
/// </summary>
public sealed class MultiPaxosSpec(ITestOutputHelper output)
{
    /// <summary>Twice the usual timeouts: on a busy machine a turn may come late by a hundred milliseconds.</summary>
    private static readonly MultiPaxosOptions Patient = new()
    {
        LeaderTimeoutEarliest = TimeSpan.FromMilliseconds(300),
        LeaderTimeoutLatest = TimeSpan.FromMilliseconds(600),
        HeartbeatInterval = TimeSpan.FromMilliseconds(60),
    };

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_majority_goes_on_without_the_leader_that_is_cut_off_and_it_learns_what_was_chosen()
    {
        await using var spec = await LabSpec.Start(output, new SpecOptions { Scenario = names => MultiPaxosScenario.Of(names.Count, Patient) });
        var old = await AwaitLeader(spec);
        await Put(spec[old], "before");

        await spec.Isolate(old);
        var cutOff = Ask(spec[old], new KvCommand.Append("log", "lost;"), TimeSpan.FromSeconds(2));
        var leader = await AwaitLeader(spec, but: old);
        await Put(spec[leader], "after");
        Assert.NotEqual(Outcome.Ok, (await cutOff).Outcome);

        await spec.Heal();
        await AwaitSame(spec, "before;after;");
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task What_was_acknowledged_survives_the_crash_of_its_leader_and_of_all()
    {
        await using var spec = await LabSpec.Start(
            output, new SpecOptions { Scenario = names => MultiPaxosScenario.Of(names.Count, Patient), Store = StoreKind.Sqlite });
        var old = await AwaitLeader(spec);
        await Put(spec[old], "one");

        await spec.Crash(old);
        var leader = await AwaitLeader(spec, but: old);
        await Put(spec[leader], "two");
        await spec.Restart(old);
        await AwaitSame(spec, "one;two;");

        await spec.Crash(n1, n2, n3);
        await spec.Restart(n1, n2, n3);
        await Put(spec[await AwaitLeader(spec)], "three");
        await AwaitSame(spec, "one;two;three;");
    }

    private static T? StateOf<T>(SpecNode node, string role)
        where T : class => node.Hosted.Role(role)?.DurableState as T;

    /// <summary>Waits until the highest ballot that anybody leads is led by one of those who are asked.</summary>
    private static async Task<NodeId> AwaitLeader(LabSpec spec, NodeId? but = null)
    {
        var leader = default(NodeId);
        await Patience.AwaitAssert(() => leader = Assert.Single(spec.Nodes, node => node.Name != but
            && StateOf<LeaderState>(node, MultiPaxosPlaces.LeaderRole) is { Phase: LeaderPhase.Leading }).Name);
        spec.Say($"{leader} leads");
        return leader;
    }

    private static async Task Put(SpecNode node, string word) => await Patience.AwaitAssert(async () =>
    {
        // Written only where it is not the last word yet: an attempt without an answer may have taken effect.
        var value = (await Ask(node, new KvCommand.Get("log"), Limit)).Reply is KvReply.Found found ? found.Value : "";
        if (!value.EndsWith($"{word};", StringComparison.Ordinal))
        {
            var swapped = await Ask(node, new KvCommand.CompareAndSet("log", value.Length == 0 ? null : value, $"{value}{word};"), Limit);
            Assert.True(swapped.Outcome == Outcome.Ok, swapped.Reason);
        }
    });

    private static Task<OperationResult> Ask(SpecNode node, KvCommand command, TimeSpan limit) =>
        node.Submit(MultiPaxosPlaces.ClientRole, number => new MultiPaxosMessage.Invoke(number, command, limit), limit);

    private static Task AwaitSame(LabSpec spec, string value) => Patience.AwaitAssert(() => Assert.All(spec.Nodes, node =>
        Assert.Equal(value, StateOf<LearnerState>(node, MultiPaxosPlaces.LearnerRole)?.Store.Machine.Values.FindOr("log", ""))));
}

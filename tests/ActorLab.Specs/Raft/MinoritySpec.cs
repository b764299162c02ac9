using ActorLab.Algorithms.KeyValue;

namespace ActorLab.Specs;

/// <summary>
/// Claim: a leader cut off with a minority commits nothing, a majority goes on without it, and when the cut heals what the
/// old leader took is replaced by what the majority agreed on (Raft, 5.3, 5.4).
/// </summary>
public sealed class MinoritySpec(ITestOutputHelper output)
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Without CheckQuorum, as in the paper: the old leader goes on taking commands until it hears of the new term.
    /// </summary>
    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_leader_cut_off_with_a_minority_commits_nothing_and_steps_down_on_heal()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 5, RaftSpec.Patient with { CheckQuorum = false });
        var old = await spec.AwaitLeader();
        await spec[old].Put("k", "before");
        await spec.AwaitSameLogs();
        var (term, committed) = (spec[old].Server()!.CurrentTerm, spec[old].Server()!.CommitIndex);

        var companion = spec.Others(old)[0];
        var majority = spec.Others(old, companion);
        await spec.Split([old, companion], majority);
        var lost = spec[old].Ask(new KvCommand.Put("k", "lost"), TwoSeconds);
        var leader = await spec.AwaitLeader(among: majority);
        await spec[leader].Put("k", "after");

        Assert.Equal(Outcome.Unknown, (await lost).Outcome);
        Assert.All([old, companion], node => Assert.True(spec[node].Server()!.Log.LastIndex > committed, "it was in the log"));
        Assert.All([old, companion], node => Assert.Equal(committed, spec[node].Server()!.CommitIndex));
        Assert.True(spec[old].Leads());
        Assert.Equal(term, spec[old].Server()!.CurrentTerm);

        await spec.Heal();
        await spec.AwaitLeader();
        Assert.True(spec[old].Server()!.CurrentTerm > term);
        await spec.AwaitSameLogs();
        Assert.All(spec.Nodes, node => Assert.False(node.HoldsValue("lost")));
        Assert.All(spec.Nodes, node => Assert.Equal("after", node.Applied("k")));
        spec.CheckOneLeaderPerTerm();
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task With_CheckQuorum_it_steps_down_before_anybody_tells_it()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var old = await spec.AwaitLeader();
        var term = spec[old].Server()!.CurrentTerm;

        await spec.Isolate(old);

        await Patience.AwaitAssert(() => Assert.False(spec[old].Leads()));
        Assert.Equal(term, spec[old].Server()!.CurrentTerm);
    }

    [Fact(Timeout = LabSpec.Limit)]
    public async Task A_minority_answers_within_the_limit_with_the_reason()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        var old = await spec.AwaitLeader();
        await spec[old].Put("k", "before");
        await spec.Isolate(old);
        await Patience.AwaitAssert(() => Assert.Null(spec[old].LeaderKnownToClient()));

        await Patience.Within(TwoSeconds + TwoSeconds, async () =>
        {
            var write = spec[old].Ask(new KvCommand.Put("k", "no"), TwoSeconds);
            var read = await spec[old].Ask(new KvCommand.Get("k"), TwoSeconds);
            Assert.Equal(Outcome.Failed, read.Outcome);
            Assert.Contains("majority", read.Reason);
            Assert.Equal(Outcome.Failed, (await write).Outcome);
            Assert.Contains("took no effect", (await write).Reason);
        });

        await spec.Heal();
        await spec.AwaitLeader();
        Assert.Equal("before", await spec[old].Get("k"));
    }
}

namespace ActorLab.Specs;

/// <summary>Claim: the words that specs are written in mean what they say, and fail with a sentence when they should.</summary>
public sealed class FrameworkSpecs
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_barrier_opens_when_all_have_come()
    {
        var barriers = new Barriers([n1, n2]);
        var first = barriers.Meet(n1, "here", Patience.Usual);
        Assert.False(first.IsCompleted);
        await barriers.Meet(n2, "here", Patience.Usual);
        await first;
    }

    [Fact]
    public async Task A_barrier_names_who_did_not_come_and_where_they_are()
    {
        var barriers = new Barriers([n1, n2, n3]);
        var elsewhere = barriers.Meet(n3, "there", Patience.Usual);
        var failure = await Assert.ThrowsAsync<SpecFailure>(() => barriers.Meet(n1, "here", Short));
        Assert.Equal(
            "n1 waited 0.2 s at the barrier 'here'. Missing: n2, which is on its way. Missing: n3, which waits at 'there'.",
            failure.Message);
        Assert.False(elsewhere.IsCompleted);
    }

    [Fact]
    public async Task A_script_that_ends_early_breaks_the_barriers_of_the_others_at_once()
    {
        var barriers = new Barriers([n1, n2]);
        var waiting = barriers.Meet(n1, "here", Patience.Usual);
        barriers.Leave(n2, "failed (no such key)");
        var failure = await Assert.ThrowsAsync<SpecFailure>(() => waiting);
        Assert.Equal("The barrier 'here' never opens: n2 failed (no such key) without coming.", failure.Message);
    }

    [Fact]
    public async Task A_node_passes_each_barrier_once()
    {
        var barriers = new Barriers([n1]);
        await barriers.Meet(n1, "here", Short);
        await Assert.ThrowsAsync<SpecFailure>(() => barriers.Meet(n1, "here", Short));
    }

    [Fact]
    public async Task AwaitAssert_waits_until_it_holds()
    {
        var looks = 0;
        await Patience.AwaitAssert(() => Assert.True(++looks == 3));
        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task AwaitAssert_says_what_was_wrong_last()
    {
        var failure = await Assert.ThrowsAsync<SpecFailure>(
            () => Patience.AwaitAssert(() => throw new SpecFailure("Still no leader."), Short));
        Assert.EndsWith("Last: Still no leader.", failure.Message);
    }

    [Fact]
    public async Task Within_bounds_what_waits_inside()
    {
        var failure = await Assert.ThrowsAsync<SpecFailure>(() => Patience.Within(
            Short, () => Patience.AwaitAssert(() => throw new SpecFailure("Still no leader."), TimeSpan.FromHours(1))));
        Assert.EndsWith("Last: Still no leader.", failure.Message);
    }

    [Fact]
    public async Task Within_fails_what_never_ends() =>
        await Assert.ThrowsAsync<SpecFailure>(() => Patience.Within(Short, () => new TaskCompletionSource().Task));

    [Fact]
    public void The_example_of_the_guide_is_a_spec_that_runs()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "ActorLab.sln")))
        {
            root = root.Parent ?? throw new SpecFailure("This test looks for the sources, above its own folder.");
        }

        var guide = File.ReadAllText(Path.Combine(root.FullName, "docs", "writing-specs.md"));
        Assert.Contains(File.ReadAllText(Path.Combine(root.FullName, "tests", "ActorLab.Specs", "Raft", "ReplicationSpec.cs")), guide);
    }
}

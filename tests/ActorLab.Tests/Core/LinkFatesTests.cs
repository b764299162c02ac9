using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Core;

public sealed class LinkFatesTests
{
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeId N2 = new("n2");
    private static readonly NodeId N3 = new("n3");

    private static readonly Seq<LinkRule> Rough =
    [
        new LinkRule.Drop { Id = "a", Probability = 0.2, Seed = 7 },
        new LinkRule.Delay { Id = "b", By = Millis(50), Jitter = Millis(20), Seed = 7 },
        new LinkRule.Duplicate { Id = "c", Probability = 0.3, Seed = 7 },
        new LinkRule.Reorder { Id = "d", Within = Millis(30), Probability = 0.3, Seed = 7 },
        new LinkRule.Corrupt { Id = "e", Probability = 0.1, Seed = 7 },
    ];

    [Fact]
    public void The_nth_message_of_a_link_meets_the_same_fate_each_time_and_another_on_another_link_or_seed()
    {
        var once = Fates(Rough, N1, N2, 200);
        Assert.Equal(once, Fates(Rough, N1, N2, 200));
        Assert.NotEqual(once, Fates(Rough, N2, N1, 200));
        Assert.NotEqual(once, Fates(Rough, N1, N3, 200));
        Assert.NotEqual(once, Fates(Rough.Select(rule => rule with { Seed = 8 }).ToSeq(), N1, N2, 200));
    }

    /// <summary>A seed means the same in every build. These were worked out apart, from SplitMix64 and FNV-1a as they are specified.</summary>
    [Fact]
    public void A_seed_strikes_the_messages_that_it_always_struck()
    {
        var struck = Fates([new LinkRule.Drop { Id = "x", Probability = 0.1, Seed = 42 }], N1, N2, 100)
            .Select((fate, i) => (fate, n: i + 1)).Where(one => one.fate.LostTo is not null).Select(one => one.n);
        Assert.Equal([20, 26, 36, 38, 43, 62, 75, 76, 100], struck);
    }

    [Fact]
    public void A_rule_strikes_at_its_rate_and_counts_what_it_saw_and_struck()
    {
        var fates = new LinkFates(N1, N2);
        fates.Obey(Rough);
        var lost = Enumerable.Range(0, 10_000).Count(_ => fates.Next("raft", "Vote", 0, 0).LostTo is "a");
        var count = fates.Counts.First();
        Assert.Equal(new LinkCount("a", 10_000, lost), count);
        Assert.InRange(lost, 1_850, 2_150);
        Assert.All(fates.Counts, other => Assert.Equal(10_000, other.Seen)); // each looks, whatever the others do
    }

    [Fact]
    public void A_limit_ends_a_rule_on_each_link_and_shifts_no_fate()
    {
        var rule = new LinkRule.Drop { Id = "a", Probability = 0.5, Seed = 3 };
        var free = Lost([rule], N1, N2);
        Assert.Equal(free.Take(5), Lost([rule with { Limit = 5 }], N1, N2));
        Assert.Equal(5, Lost([rule with { Limit = 5 }], N2, N1).Count);
    }

    [Fact]
    public void A_rule_sees_only_the_messages_that_it_concerns()
    {
        var fates = new LinkFates(N1, N2);
        fates.Obey(
        [
            new LinkRule.Drop { Id = "type", Message = "Vote" },
            new LinkRule.Drop { Id = "scenario", Scenario = "raft" },
            new LinkRule.Drop { Id = "other", From = N2, To = N1 },
            new LinkRule.Drop { Id = "back", From = N2, To = N1, BothWays = true, Scenario = "no" },
        ]);
        fates.Next("paxos", "Vote", 0, 0);
        fates.Next("raft:forgets-its-vote", "Append", 0, 0);
        fates.Next("rafter", "Append", 0, 0);
        Assert.Equal([new LinkCount("type", 1, 1), new LinkCount("scenario", 1, 1), new LinkCount("back", 0, 0)], fates.Counts);
    }

    [Fact]
    public void A_rule_that_stays_goes_on_counting_and_a_changed_one_begins_anew()
    {
        var fates = new LinkFates(N1, N2);
        var (stays, changes) = (new LinkRule.Drop { Id = "a" }, new LinkRule.Corrupt { Id = "b" });
        fates.Obey([stays, changes]);
        fates.Next("raft", "Vote", 0, 0);
        fates.Obey([changes with { Probability = 0.5 }, stays]);
        fates.Next("raft", "Vote", 0, 0);
        Assert.Equal([1, 2], fates.Counts.Select(count => count.Seen));
    }

    [Fact]
    public void A_delay_is_within_its_jitter_and_its_tail_is_mostly_short()
    {
        var even = Fates([new LinkRule.Delay { Id = "b", By = Millis(50), Jitter = Millis(20) }], N1, N2, 1_000).Select(fate => fate.Delay).ToList();
        Assert.All(even, delay => Assert.InRange(delay, 30_000, 70_000));
        Assert.InRange(even.Average(), 48_000, 52_000);
        var tail = Fates([new LinkRule.Delay { Id = "b", By = Millis(50), Jitter = Millis(50), HasTail = true }], N1, N2, 1_000).Select(fate => fate.Delay).ToList();
        Assert.All(tail, delay => Assert.InRange(delay, 0, 100_000));
        Assert.InRange(tail.Average(), 3_000, 8_000);
        Assert.Contains(tail, delay => delay > 20_000);
    }

    [Fact]
    public void A_bandwidth_lets_messages_pass_one_after_the_other()
    {
        var fates = new LinkFates(N1, N2);
        fates.Obey([new LinkRule.Bandwidth { Id = "w", BytesPerSecond = 1_000, Message = "Append" }]);
        Assert.True(fates.NeedsBytes);
        Assert.Equal(100_000, fates.Next("raft", "Append", 100, 0).Delay);
        Assert.Equal(200_000, fates.Next("raft", "Append", 100, 0).Delay);
        Assert.Equal(0, fates.Next("raft", "Vote", 100, 0).Delay);
        Assert.Equal(150_000, fates.Next("raft", "Append", 50, 100_000).Delay); // 100 ms have passed, 100 are to come
        Assert.Equal(100_000, fates.Next("raft", "Append", 100, 9_000_000).Delay);
    }

    [Fact]
    public void Rates_of_a_link_become_rules_and_the_first_that_concerns_it_counts()
    {
        var plan = FaultPlan.None with
        {
            Links = [new LinkRule.Drop { Id = "a", To = N3 }],
            Messages =
            [
                new LinkFaults(N1, null, new MessageFaults { Drop = 0.5, Delay = new MessageDelay(Wait.Millis(2, 10)) }),
                new LinkFaults(null, null, new MessageFaults { Corrupt = 0.1 }),
            ],
        };
        Assert.Equal(["a", "messages.drop", "messages.delay"], plan.RulesFor(N1, N3).Select(rule => rule.Id));
        Assert.Equal(["messages.corrupt"], plan.RulesFor(N3, N2).Select(rule => rule.Id));
        var delay = plan.RulesFor(N1, N2).OfType<LinkRule.Delay>().Single();
        Assert.Equal((Millis(6), Millis(4)), (delay.By, delay.Jitter));
        Assert.All(plan.RulesFor(N1, N2), rule => Assert.Null(rule.Mistake()));
    }

    [Fact]
    public void Messages_have_the_names_of_their_types()
    {
        var raft = RaftScenario.Of(3, RaftOptions.Default);
        Assert.Superset(new HashSet<string> { "AppendEntries", "RequestVote" }, MessageNames.Of(raft).ToHashSet());
        Assert.Equal("Heal", MessageNames.Of(Frame<FaultAction>.Data(1, new FaultAction.Heal())));
        Assert.Equal("Acknowledge", MessageNames.Of(Frame<FaultAction>.Acknowledge(1)));
    }

    [Fact]
    public void A_plan_with_rules_reads_back_from_its_JSON_with_names_for_those_that_have_none()
    {
        const string text = """
            {"links": [{"do": "drop", "from": "n1", "to": "n2", "bothWays": true, "message": "AppendEntries", "probability": 0.1, "limit": 5, "seed": 9},
                       {"do": "reorder", "id": "r1", "within": "00:00:00.05"}],
             "schedule": [{"at": "00:00:01", "action": {"do": "links", "rules": [{"do": "bandwidth", "bytesPerSecond": 1000}]}}]}
            """;
        var plan = FaultJson.Read(text);
        Assert.Equal(["r2", "r1"], plan.Links.Select(rule => rule.Id));
        Assert.Equal(
            new LinkRule.Drop { Id = "r2", From = N1, To = N2, BothWays = true, Message = "AppendEntries", Probability = 0.1, Limit = 5, Seed = 9 }, plan.Links[0]);
        Assert.Equal("r3", Assert.IsType<FaultAction.SetLinks>(plan.Schedule[0].Action).Rules[0].Id);
        Assert.Equal(plan, FaultJson.Read(System.Text.Json.JsonSerializer.Serialize(plan, FaultJson.Options)));
        Assert.Equal(plan.Links, MemoryPack.MemoryPackSerializer.Deserialize<FaultPlan>(MemoryPack.MemoryPackSerializer.Serialize(plan))!.Links);
    }

    private static List<LinkFate> Fates(Seq<LinkRule> rules, NodeId from, NodeId to, int count)
    {
        var fates = new LinkFates(from, to);
        fates.Obey(rules);
        return [.. Enumerable.Range(0, count).Select(_ => fates.Next("raft", "AppendEntries", 0, 0))];
    }

    private static List<int> Lost(Seq<LinkRule> rules, NodeId from, NodeId to) =>
        [.. Fates(rules, from, to, 200).Select((fate, i) => (fate, i)).Where(one => one.fate.LostTo is not null).Select(one => one.i)];

    private static TimeSpan Millis(double count) => TimeSpan.FromMilliseconds(count);
}

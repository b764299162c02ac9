using System.Diagnostics;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Lab;

namespace ActorLab.Specs;

/// <summary>
/// Claim: links that lose, delay, repeat, reorder and damage messages, all at once, keep Raft from no promise: what users saw is
/// linearizable, and no term has two leaders.
/// </summary>
public sealed class RoughLinksSpec(ITestOutputHelper output)
{
    private static readonly TimeSpan PerCommand = TimeSpan.FromSeconds(3);

    [Fact(Timeout = LabSpec.Limit)]
    public async Task Users_of_Raft_see_a_linearizable_store_over_links_that_do_all_there_is()
    {
        await using var spec = await RaftSpec.Start(output, nodes: 3);
        await spec.AwaitLeader();
        Seq<LinkRule> rules =
        [
            new LinkRule.Drop { Id = "lost", Probability = 0.05, Seed = spec.Dice.Next() },
            new LinkRule.Delay { Id = "late", By = Millis(5), Jitter = Millis(5), Seed = spec.Dice.Next() },
            new LinkRule.Duplicate { Id = "twice", Probability = 0.1, Seed = spec.Dice.Next() },
            new LinkRule.Reorder { Id = "mixed", Within = Millis(20), Probability = 0.1, Seed = spec.Dice.Next() },
            new LinkRule.Corrupt { Id = "torn", Probability = 0.03, Seed = spec.Dice.Next() },
        ];
        await spec.Obey(rules);

        var users = new Users();
        var over = new TaskCompletionSource();
        var load = Task.WhenAll(spec.Nodes.Select(node => users.AskUntil(over.Task, node, new Random(spec.Dice.Next()))));
        try
        {
            await Patience.AwaitAssert(() => Assert.True(users.Acknowledged >= 300, $"{users.Acknowledged} of 300 are acknowledged."), TimeSpan.FromSeconds(60));
        }
        finally
        {
            over.SetResult();
            await load;
        }

        var status = spec.Nodes.Select(node => node.Lab.Links.Status()).ToList();
        Assert.All(rules, rule => Assert.True(status.Sum(one => one.Rules.Where(count => count.Rule == rule.Id).Sum(count => count.Hit)) > 0, $"{rule.Id} struck"));
        await spec.Obey();
        var torn = status.Sum(one => one.Rules.Where(count => count.Rule == "torn").Sum(count => count.Hit));
        var refused = spec.Nodes.Sum(node => node.Lab.Links.Status().Refused);
        Assert.InRange(refused, 1, long.MaxValue); // not the same number: of repeated ones both copies are refused, dropped ones never come
        await spec.AwaitLeader();
        await spec.AwaitSameLogs();
        spec.CheckOneLeaderPerTerm();
        var judged = LinearizabilityChecker.Check(users.History, KvStoreModel.Instance);
        spec.Say($"{users.Acknowledged} of {users.History.Operations.Count} operations acknowledged; {torn} frames damaged and {refused} refused; {judged.Verdict}");
        Assert.Equal(LinearizabilityVerdict.Linearizable, judged.Verdict);
    }

    private static TimeSpan Millis(double count) => TimeSpan.FromMilliseconds(count);

    /// <summary>One user on each node, who puts, appends, compares and reads two keys; and what they saw.</summary>
    private sealed class Users
    {
        private readonly Lock _lock = new();
        private readonly HistoryBuilder _history = new();
        private int _acknowledged;

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public History History
        {
            get
            {
                lock (_lock)
                {
                    return _history.ToHistory();
                }
            }
        }

        public async Task AskUntil(Task over, SpecNode node, Random dice)
        {
            var user = new Address(node.Name, "user");
            for (var number = 1L; !over.IsCompleted; number++)
            {
                var command = Next(dice, $"{node.Name}-{number};");
                Note(user, new HistoryEvent.Invoked(number, command));
                var result = await node.Ask(command, PerCommand);
                Note(user, new HistoryEvent.Completed(number, result.Outcome, result.Reply, result.Reason));
                Interlocked.Add(ref _acknowledged, result.Outcome == Outcome.Ok ? 1 : 0);
            }
        }

        private static KvCommand Next(Random dice, string value)
        {
            var key = dice.Next(2) == 0 ? "a" : "b";
            return dice.Next(6) switch
            {
                0 => new KvCommand.Put(key, value),
                1 => new KvCommand.CompareAndSet(key, null, value),
                2 => new KvCommand.Delete(key),
                3 => new KvCommand.Append(key, value),
                _ => new KvCommand.Get(key),
            };
        }

        private void Note(Address user, HistoryEvent happening)
        {
            lock (_lock)
            {
                _history.Add(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000), user, happening);
            }
        }
    }
}

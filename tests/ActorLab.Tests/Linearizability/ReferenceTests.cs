using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Linearizability;

/// <summary>The checker against the definition, on random histories of few operations.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Models() => [.. JudgeModels.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_verdict_is_that_of_the_definition(string name)
    {
        var model = JudgeModels.Find(name);
        var counts = new Dictionary<LinearizabilityVerdict, int>();
        for (var seed = 1; seed <= 3000; seed++)
        {
            var shape = ShapeOf(name, seed);
            var history = HistoryGenerator.Of(seed, shape);
            for (var corruptions = seed % 4; corruptions > 0; corruptions--)
            {
                history = HistoryGenerator.Corrupt((seed * 10L) + corruptions, history);
            }

            var result = LinearizabilityChecker.Check(history, model);
            var expected = NaiveJudge.IsLinearizable(history, LiveObject.Of(name));
            Assert.True(
                expected == (result.Verdict == LinearizabilityVerdict.Linearizable),
                $"{name}, seed {seed}: the checker says {result.Verdict}:\n{string.Join("\n", history.Operations)}");
            Assert.True(seed % 4 != 0 || expected, $"{name}, seed {seed}: the generator's history is not linearizable");
            counts[result.Verdict] = counts.GetValueOrDefault(result.Verdict) + 1;
            Judgements(history, result, name, seed);
        }

        Assert.True(counts[LinearizabilityVerdict.NotLinearizable] > 150, string.Join(" ", counts));
        Assert.True(counts[LinearizabilityVerdict.Linearizable] > 1000, string.Join(" ", counts));
    }

    private static void Judgements(History history, LinearizabilityResult result, string name, int seed)
    {
        foreach (var one in result.Objects)
        {
            Assert.True(NaiveJudge.IsWitness(history, one.Order, LiveObject.Of(name)), $"{name}, seed {seed}: no witness");
            var own = new History(history.Operations
                .Where(operation => one.Object is null || JudgeModels.Find(name).ObjectOf(operation) == one.Object).ToSeq());
            if (one.Broken is { } broken)
            {
                var returns = own.Operations.Where(operation => operation.Outcome == Outcome.Ok).OrderBy(operation => operation.CompletedAt).ToList();
                var culprit = returns[NaiveJudge.Prefix(own, LiveObject.Of(name))];
                Assert.True(broken.IsLongest);
                Assert.True(culprit == history.Operations[broken.Operation], $"{name}, seed {seed}: {culprit} is what cannot be placed");
                Assert.DoesNotContain(broken.Operation, broken.Open);
                Assert.Empty(broken.Open.Intersect(one.Order));
            }
            else
            {
                var answered = own.Operations.Count(operation => operation.Outcome == Outcome.Ok);
                Assert.Equal(answered, one.Order.Count(place => history.Operations[place].Outcome == Outcome.Ok));
            }
        }
    }

    private static HistoryShape ShapeOf(string name, int seed) => new(name)
    {
        Operations = 2 + (seed % 7),
        Clients = 2 + (seed % 3),
        Keys = name is "mutex" or "queue" ? 1 : 1 + (seed / 5 % 2),
        Values = seed % 2 == 0 ? 3 : 0,
        Reads = 0.5,
        Writes = seed % 3 == 0 ? 0.2 : 0.6,
        Unknown = seed % 5 == 0 ? 0.25 : 0.05,
        Failed = 0.05,
    };
}

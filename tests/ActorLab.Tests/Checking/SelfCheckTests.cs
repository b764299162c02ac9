using ActorLab.Checking;

namespace ActorLab.Tests.Checking;

/// <summary>The engine agrees with the naive reference on random models: counts, verdicts, lassos.</summary>
public sealed class SelfCheckTests
{
    private const int Models = 300;

    [Fact]
    public void Counts_verdicts_and_lassos_agree_on_random_models()
    {
        var (violated, held) = (0, 0);
        for (var seed = 1; seed <= Models; seed++)
        {
            var reference = new NaiveReference(new Random(seed));
            var result = ModelChecker.Check(
                reference.Build(), new CheckOptions { StopAtViolation = false, Threads = 1 + (seed % 2) });
            Assert.True(
                (reference.Counts, reference.AlwaysQ)
                    == (((int)result.Distinct, result.Generated), result["Q"].Kind == VerdictKind.Holds), $"Seed {seed}: counts.");
            for (var formula = 0; formula < NaiveReference.Formulas.Count; formula++)
            {
                var verdict = result[$"F{formula}"];
                Assert.True(
                    reference.Violates(formula) == (verdict.Kind == VerdictKind.Violated), $"Seed {seed}, formula {formula}: {verdict.Kind}.");
                _ = verdict.Story is null ? held++ : violated++;
                if (verdict.Story is { } story)
                {
                    Judge(reference, story, formula, $"Seed {seed}, formula {formula}:\n{story}");
                }
            }
        }

        Assert.True(violated > 200 && held > 200, $"{violated} violated, {held} held: too one-sided to tell much.");
    }

    /// <summary>The cycle closes, is fair, and is no excuse for the formula.</summary>
    private static void Judge(NaiveReference reference, Story story, int formula, string what)
    {
        var worlds = new List<int[]> { Apply([0, 0], story.Boots[0]) };
        foreach (var step in story.Steps)
        {
            worlds.Add(Apply(worlds[^1], step));
        }

        var cycle = worlds[story.LoopsTo!.Value..];
        Assert.True(cycle[0].SequenceEqual(cycle[^1]), $"The cycle does not close. {what}");
        var visited = cycle.DistinctBy(world => (world[0], world[1])).ToList();
        Assert.True(reference.IsFair(visited), $"The cycle is not fair. {what}");
        Assert.True(
            formula == 2 ? visited.Any(world => !reference.Q(world)) : visited.All(world => !reference.Q(world)),
            $"The cycle does not break the formula. {what}");
    }

    private static int[] Apply(int[] world, StoryStep step)
    {
        var next = (int[])world.Clone();
        foreach (var change in step.Changes)
        {
            next[change.Path[1] - '0'] = int.Parse(change.After);
        }

        return next;
    }
}

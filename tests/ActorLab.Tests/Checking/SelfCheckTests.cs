using ActorLab.Checking;
using ActorLab.Core;

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
            var model = reference.Build();
            var result = ModelChecker.Check(
                model, new CheckOptions { StopAtViolation = false, Threads = 1 + (seed % 2) });
            Assert.Equal(reference.Counts, ((int)result.Distinct, result.Generated));
            Assert.True(reference.Verdicts == VerdictsOf(result), $"Seed {seed}: {VerdictsOf(result)}.");
            for (var formula = 0; formula < NaiveReference.Formulas.Count; formula++)
            {
                var verdict = result[$"F{formula}"];
                Assert.True(
                    reference.Violates(formula) == (verdict.Kind == VerdictKind.Violated), $"Seed {seed}, formula {formula}: {verdict.Kind}.");
                _ = verdict.Story is null ? held++ : violated++;
                if (verdict.Story is { } story)
                {
                    JudgeByAll(result, ModelChecker.Replay(model, story.Ordinals, story.LoopsTo), $"Seed {seed}:\n{story}");
                    Judge(reference, story, formula, $"Seed {seed}, formula {formula}:\n{story}");
                }
            }
        }

        Assert.True(violated > 200 && held > 200, $"{violated} violated, {held} held: too one-sided to tell much.");
    }

    /// <summary>
    /// Of models with more worlds, many of them outside the constraint: those break properties and show what never comes within.
    /// </summary>
    [Fact]
    public void What_lies_outside_a_constraint_decides_nothing()
    {
        var (high, low) = (0, 0);
        for (var seed = 1; seed <= 500; seed++)
        {
            var reference = new NaiveReference(new Random(seed), size: 12);
            var model = reference.Build();
            var result = ModelChecker.Check(model, new CheckOptions
            {
                StopAtViolation = false,
                Threads = 1 + (seed % 2),
                Properties = ["Q", "Low", "High"],
            });
            Assert.Equal(reference.Counts, ((int)result.Distinct, result.Generated));
            Assert.True(reference.Verdicts == VerdictsOf(result), $"Seed {seed}: {VerdictsOf(result)} instead of {reference.Verdicts}.");
            Assert.Equal(result["High"].Kind == VerdictKind.Reached, result["Low"].Kind == VerdictKind.Violated);
            _ = reference.Verdicts.SometimesHigh ? high++ : low++;
        }

        Assert.True(high > 100 && low > 100, $"{high} reach what {low} do not: too one-sided to tell much.");
    }

    private static (bool AlwaysQ, bool SometimesHigh) VerdictsOf(CheckResult result) =>
        (result["Q"].Kind == VerdictKind.Holds, result["High"].Kind == VerdictKind.Reached);

    /// <summary>The same of roles: random tables of turns, over every network, timing and fault; counts and verdicts.</summary>
    [Fact]
    public void Counts_and_verdicts_agree_on_random_roles()
    {
        var (violated, held) = (0, 0);
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var (one, other) = (random.Next(3), random.Next(3));
            bool Holds(IEnumerable<object> states) => states.Select(state => ((Mind)state).Value).ToArray() is not [var a, var b] || a != one || b != other;
            var scenario = RandomRole.Draw(random) with
            {
                Properties = [new Property.Always("Q", "-", world => Holds(world.Addresses.Select(world.StateAt)))],
            };
            var naive = new NaiveExplorer(scenario);
            var result = ModelChecker.Check(
                scenario, new CheckOptions { StopAtViolation = false, Threads = 1 + (seed % 2), MaxStates = 3_000 });
            if (!result.Complete)
            {
                continue; // The naive explorer would take minutes.
            }

            Assert.True(naive.Count() == (result.Distinct, result.Generated), $"Seed {seed}: {naive.Count()} and {result.Distinct}, {result.Generated}.");
            Assert.True(naive.Always(states => Holds(states)) == (result["Q"].Kind == VerdictKind.Holds), $"Seed {seed}: {result["Q"].Kind}.");
            _ = result["Q"].Story is null ? held++ : violated++;
            if (result["Q"].Story is { } story)
            {
                Assert.Null(ModelChecker.Replay(scenario, story.Ordinals).WhyNot(scenario.Properties[0]));
            }
        }

        Assert.True(violated > 20 && held > 20, $"{violated} violated, {held} held: too one-sided to tell much.");
    }

    /// <summary>With a second crash for the boot after the first one; of the roles with few worlds.</summary>
    [Fact]
    public void Counts_agree_on_random_roles_that_crash_twice()
    {
        var compared = 0;
        for (var seed = 1; seed <= 150; seed++)
        {
            var scenario = RandomRole.Draw(new Random(seed)) with { Faults = new FaultBudget(2) };
            var result = ModelChecker.Check(scenario, new CheckOptions { MaxStates = 1_500, Threads = 1 });
            if (result.Complete)
            {
                compared++;
                var naive = new NaiveExplorer(scenario).Count();
                Assert.True(naive == (result.Distinct, result.Generated), $"Seed {seed}: {naive} and {result.Distinct}, {result.Generated}.");
            }
        }

        Assert.True(compared > 20, $"{compared} compared: too few to tell much.");
    }

    /// <summary>The judge of stories takes it for broken properties only, and for the one that it was told for.</summary>
    private static void JudgeByAll(CheckResult result, Replayed replayed, string what)
    {
        foreach (var verdict in result.Verdicts.Where(verdict => verdict.Property is Property.Temporal))
        {
            var reason = replayed.WhyNot(verdict.Property);
            Assert.True(verdict.Kind == VerdictKind.Violated || reason is not null, $"It breaks {verdict.Property.Name}, which holds. {what}");
            Assert.True(
                verdict.Story?.ToString() != replayed.ToString() || reason is null, $"{verdict.Property.Name} is told by it: {reason}. {what}");
        }
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

using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Which lock breaks which of Dijkstra's conditions, with how many worlds; and the counter that needs one.</summary>
public sealed class LockTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };

    [Theory]
    [InlineData("lock-naive", 2, false, "14", 37)]
    [InlineData("lock-naive", 3, false, "14", 215)]
    [InlineData("lock-turn", 2, false, "2", 16)]
    [InlineData("lock-turn", 3, false, "2", 48)]
    [InlineData("lock-flags", 2, false, "3", 21)]
    [InlineData("lock-flags", 3, false, "23", 132)]
    [InlineData("lock-test-and-set", 2, false, "4", 26)]
    [InlineData("lock-test-and-set", 2, true, "4", 26)]
    [InlineData("lock-test-and-set", 3, true, "4", 107)]
    [InlineData("lock-semaphore", 2, false, "4", 12)]
    [InlineData("lock-semaphore", 3, false, "4", 32)]
    [InlineData("lock-semaphore", 2, true, "", 12)]
    [InlineData("lock-semaphore", 3, true, "", 32)]
    [InlineData("lock-ticket", 2, false, "", 44)]
    [InlineData("lock-ticket", 3, false, "", 294)]
    [InlineData("lock-peterson", 0, false, "", 42)]
    [InlineData("lock-dijkstra", 2, false, "4", 264)]
    [InlineData("lock-dijkstra", 3, false, "4", 8084)]
    [InlineData("lock-bakery", 2, false, "", 115)]
    [InlineData("lock-bakery", 3, false, "", 4218)]
    public void A_lock_breaks_what_it_is_known_to_break_and_its_stories_show_it(
        string name, int processes, bool strong, string broken, long worlds)
    {
        var known = LockModel.All.First(one => one.Family.Name == name);
        var given = processes > 0 ? Map.Of(("processes", processes)) : Map<string, int>.Empty;
        var arguments = new ScenarioArguments(name, known.Family.Parameters, strong ? given.Set("strong", 1) : given);
        var model = known.Family.Build(arguments);
        var result = ModelChecker.Check(model, Whole);

        Assert.Equal((broken, worlds, true), (Broken(result), result.Distinct, result.Complete));
        Assert.Equal(
            known.Breaks(arguments), DijkstraConditions.All.Where((_, i) => broken.Contains((char)('1' + i))).ToSet());
        Assert.Equal(VerdictKind.Reached, result[DijkstraConditions.SomebodyInside].Kind);
        foreach (var verdict in result.Verdicts.Where(verdict => verdict.Kind == VerdictKind.Violated))
        {
            LockStories.Judge(verdict.Story!, verdict.Property.Name);
            var replayed = ModelChecker.Replay(model, verdict.Story!.Ordinals, verdict.Story.LoopsTo);
            Assert.Equal(verdict.Story.ToString(), replayed.ToString());
            Assert.Null(replayed.WhyNot(verdict.Property));
            Assert.Equal("no step of it fails", replayed.WhyNot(null));
            Assert.All(
                result.Verdicts.Where(other => other.Kind == VerdictKind.Holds), other => Assert.NotNull(replayed.WhyNot(other.Property)));
        }
    }

    [Fact]
    public void The_turn_lock_keeps_the_second_waiting_while_the_first_never_comes()
    {
        var story = ModelChecker.Check(TurnLock.Of(2), Whole)[DijkstraConditions.NoWaitForOutsiders].Story!;
        Assert.Equal(["p 2: ncs", StoryStep.Stutter.Text], story.Steps.Select(step => step.Text).Distinct());
    }

    /// <summary>The wrong variant breaks the first condition, and the lock does not: so the condition sees the difference.</summary>
    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_wrong_variant_lets_two_in(string name)
    {
        var result = ModelChecker.Check(Wrong[name], Whole);
        Assert.Equal(VerdictKind.Violated, result[DijkstraConditions.MutualExclusion].Kind);
        LockStories.Judge(result[DijkstraConditions.MutualExclusion].Story!, DijkstraConditions.MutualExclusion);
    }

    [Fact]
    public void Each_condition_is_broken_alone_by_some_lock() => Assert.Equal(
        ["1", "2", "3", "4"],
        new[] { SemaphorePV.Of(2, strong: true, permits: 2), TurnLock.Of(2), FlagsLock.Of(2), SemaphorePV.Of(2) }
            .Select(model => Broken(ModelChecker.Check(model, Whole))));

    [Fact]
    public void A_lock_that_nobody_opens_is_seen_to_be_one()
    {
        var result = ModelChecker.Check(SemaphorePV.Of(2, permits: 0), Whole);
        Assert.Equal(VerdictKind.NeverReached, result[DijkstraConditions.SomebodyInside].Kind);
        Assert.Equal("23", Broken(result));
    }

    /// <summary>
    /// The conditions split the common form, by what is to blame: "one in the entry code, then somebody inside" is the second
    /// and the third, and "each in the entry code gets in" is all three. Where nobody gets in, "nobody stays outside for ever"
    /// may be said of each or of all at once.
    /// </summary>
    [Fact]
    public void Together_the_conditions_say_the_same_as_the_common_form()
    {
        var models = LockModel.All.Select(known => known.Family.With()).Concat(Wrong.Values)
            .Concat([SemaphorePV.Of(2, permits: 0), SemaphorePV.Of(3, strong: true)])
            .Concat([FlagsLock.Of(3), TurnLock.Of(3), TestAndSet.Of(3)]);
        Assert.All(models, model =>
        {
            Formula.Or FormulaOf(string name) =>
                (Formula.Or)((Property.Temporal)model.Properties.First(property => property.Name == name)).Formula;
            var somebodyServed = FormulaOf(DijkstraConditions.NoDeadlock).Right;
            var everybodyServed = FormulaOf(DijkstraConditions.NoStarvation).Right;
            var oneStaysOutside = ((Formula.Not)FormulaOf(DijkstraConditions.NoWaitForOutsiders).Left).Of;
            var result = ModelChecker.Check(
                With(
                    model, ("somebody", somebodyServed), ("everybody", everybodyServed),
                    ("of each", oneStaysOutside | somebodyServed)),
                Whole);
            bool Holds(params string[] names) => names.All(name => result[name].Kind == VerdictKind.Holds);
            var (second, third, fourth) =
                (DijkstraConditions.NoWaitForOutsiders, DijkstraConditions.NoDeadlock, DijkstraConditions.NoStarvation);

            Assert.Equal((model.Name, Holds(second, third)), (model.Name, Holds("somebody")));
            Assert.Equal((model.Name, Holds(second, third, fourth)), (model.Name, Holds("everybody")));
            Assert.Equal((model.Name, Holds(third)), (model.Name, Holds("of each")));
        });
    }

    /// <summary>Each world of the original, its numbers replaced by their ranks, is a world of the model by ranks.</summary>
    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 6)]
    public void The_ranks_of_Bakery_cover_its_numbers(int processes, int numbers)
    {
        HashSet<string> byRanks = [], byNumbers = [];
        var options = Whole with { Threads = 1, Properties = ["Seen", DijkstraConditions.MutualExclusion] };
        var ranks = ModelChecker.Check(BakeryLock.Of(processes, seen: world => byRanks.Add(world)), options);
        var original = ModelChecker.Check(BakeryLock.Of(processes, numbers, seen: world => byNumbers.Add(world)), options);
        Assert.True(ranks.Passed && original.Passed);
        Assert.Equal(ranks.Distinct, byRanks.Count);
        Assert.True(original.Distinct > byNumbers.Count, "No two worlds have the same ranks: this shows nothing.");
        Assert.Subset(byRanks, byNumbers);
    }

    [Fact]
    public void A_lock_without_entry_code_is_refused() => Assert.Contains(
        "entry code", Assert.Throws<ArgumentException>(() => new LockBuilder("nothing", 2).Build()).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_counter_reaches_the_number_of_its_threads_only_with_a_lock(int threads)
    {
        var without = ModelChecker.Check(Increment.Of(threads, locked: false), Whole)["eventually N"];
        Assert.Equal(VerdictKind.Violated, without.Kind);
        var writes = without.Story!.Steps.Where(step => step.Text.EndsWith(": write", StringComparison.Ordinal)).ToList();
        Assert.Equal(threads, writes.Count);
        Assert.Contains(writes, write => !write.Changes.Any(change =>
            change.Path == "x" && int.Parse(change.After) == int.Parse(change.Before) + 1)); // The lost update.

        var with = ModelChecker.Check(Increment.Of(threads, locked: true), Whole);
        Assert.True(with.Passed);
        Assert.Equal(VerdictKind.Holds, with["no interloping"].Kind);
    }

    public static TheoryData<string> Mutants() => [.. Wrong.Keys];

    private static readonly SortedDictionary<string, Model> Wrong = new(StringComparer.Ordinal)
    {
        ["a lock looked at before it is taken"] = NaiveLock.Of(2),
        ["a turn passed on entry"] = TurnLock.Of(2, passesAtOnce: true),
        ["a flag raised after the look"] = FlagsLock.Of(2, looksFirst: true),
        ["an instruction that is not atomic"] = TestAndSet.Of(2, isTorn: true),
        ["a semaphore of two"] = SemaphorePV.Of(2, permits: 2),
        ["two tickets for three"] = TicketLock.Of(3, 2),
        ["a turn kept"] = PetersonLock.Of(keepsTurn: true),
        ["k alone"] = DijkstraLock.Of(2, ignoresOthers: true),
        ["no wait for one who chooses"] = BakeryLock.Of(2, ignoresChoosing: true),
    };

    private static string Broken(CheckResult result) => string.Concat(DijkstraConditions.All.Select((name, i) =>
        result[name].Kind switch { VerdictKind.Violated => $"{i + 1}", VerdictKind.Holds => "", _ => "?" }));

    /// <summary>The same model with more to judge.</summary>
    private static Model With(Model model, params (string Name, Formula Formula)[] more) => new()
    {
        Name = model.Name,
        Properties = Seq.ToSeq(model.Properties.Concat(more.Select(one => new Property.Temporal(one.Name, "-", one.Formula)))),
        Fairness = model.Fairness,
        Interchangeable = model.Interchangeable,
        Constraint = model.Constraint,
        Slots = model.Slots,
        Variables = model.Variables,
        Steps = model.Steps,
        StartsWhere = model.StartsWhere,
    };
}

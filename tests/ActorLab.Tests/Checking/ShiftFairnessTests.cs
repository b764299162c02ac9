using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// Fair behaviours modulo a shift: what is called Tick 1 before a shift is another message than what is called so afterwards.
/// </summary>
public sealed class ShiftFairnessTests
{
    private const int Modulo = 8; // more than two ticks are ever apart

    private static readonly Fairness StrongDelivery = new(
        "every message that can be delivered again and again is", true, step => step.Kind == StepKind.Deliver ? step : null);

    private static readonly Observer<bool> Flips = new("flips", false, (side, happening) => happening.Input is Input.Deliver ? !side : side);

    /// <summary>In order it goes on for ever; out of order its mood turns and it stops.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_in_order_for_ever_is_fair_with_a_shift_as_it_is_without(bool flips)
    {
        foreach (int? modulo in (int?[])[null, 6])
        {
            var scenario = Of(modulo, (mood, ahead) => mood == 0 && ahead == 0 ? new(0, true, 1) : new(1, false, null), [0, 1])
                with
            { Observers = flips ? [Flips] : [], Properties = [Eventually(1)] };
            var verdict = ModelChecker.Check(scenario)["Eventually"];
            Assert.Equal(VerdictKind.Violated, verdict.Kind);
            Assert.Null(ModelChecker.Replay(scenario, verdict.Story!.Ordinals, verdict.Story.LoopsTo).WhyNot(scenario.Properties[0]));
            Assert.NotNull(ModelChecker.Valency(scenario with
            {
                Decision = state => state is TickerState { Mood: 1 } ? 1 : null,
                Properties = [],
            }).Undecided);
        }
    }

    /// <summary>The cycle through a shift takes no message that has no number: that is passed over still, and not fair.</summary>
    [Fact]
    public void A_shift_takes_no_step_without_a_number()
    {
        var walker = Address.Parse("n2/walker");
        var scenario = Of(null, (_, _) => new(0, true, 1), [0, 1]) with
        {
            Workload = [new PlannedOperation(walker, new WalkerMessage.Hint())],
            Properties =
            [
                new Property.Temporal("Asked", "-", new Formula.Eventually(new Formula.Now("asked", world =>
                    ((WalkerState)world.StateAt(walker)).Steps > 0))),
            ],
        };
        scenario = scenario with
        {
            Placements = scenario.Placements.Add(new Placement(walker, RoleBinding.Of(new Listener()))),
            Fairness = scenario.Fairness.Add(Fairness.EveryOperation),
        };
        Assert.Equal(VerdictKind.Holds, ModelChecker.Check(scenario)["Asked"].Kind);
        Assert.Equal(VerdictKind.Violated, ModelChecker.Check(scenario with { Fairness = [Fairness.EveryDelivery] })["Asked"].Kind);
    }

    /// <summary>Random tables: modulo a shift every formula has the verdict that it has of the same role with few rounds.</summary>
    [Fact]
    public void Verdicts_modulo_a_shift_are_those_of_rounds_that_come_again()
    {
        var (violated, held, shifted) = (0, 0, 0);
        for (var seed = 1; seed <= 80; seed++)
        {
            var random = new Random(seed);
            var table = Enumerable.Range(0, 9).Select(_ => new Ticker.Turnout(
                random.Next(3), random.Next(3) > 0, random.Next(4) == 0 ? null : random.Next(3))).ToArray();
            Seq<int> first = [0, .. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => random.Next(3)).Order()];
            Seq<Fairness> fairness = random.Next(3) switch
            {
                0 => [Fairness.EveryDelivery],
                1 => [StrongDelivery],
                _ => [Fairness.PerProcess()],
            };
            var mood = random.Next(3);
            var results = ((int?[])[null, Modulo]).Select(modulo => ModelChecker.Check(
                Of(modulo, (now, ahead) => table[(now * 3) + ahead], first) with { Fairness = fairness, Properties = [.. Formulas(mood)] },
                new CheckOptions { StopAtViolation = false })).ToList();
            Assert.All(results, result => Assert.True(result.Complete && result.Failure is null, $"Seed {seed}: {result.Failure?.Message}"));
            Assert.True(
                Kinds(results[0]).SequenceEqual(Kinds(results[1])),
                $"Seed {seed}: {string.Join(", ", Kinds(results[0]))} instead of {string.Join(", ", Kinds(results[1]))}.");
            shifted += results[0].Distinct < results[1].Distinct ? 1 : 0;
            held += Kinds(results[0]).Count(kind => kind == VerdictKind.Holds);
            var scenario = Of(null, (now, ahead) => table[(now * 3) + ahead], first) with { Fairness = fairness };
            foreach (var verdict in results[0].Verdicts.Where(verdict => verdict.Story is not null))
            {
                violated++;
                var why = ModelChecker.Replay(scenario, verdict.Story!.Ordinals, verdict.Story.LoopsTo).WhyNot(verdict.Property);
                Assert.True(why is null, $"Seed {seed}, {verdict.Property.Name}: {why}.\n{verdict.Story}");
            }
        }

        Assert.True(violated > 40 && held > 40 && shifted > 40, $"{violated} violated, {held} held, {shifted} shifted: too few to tell much.");
    }

    private static List<VerdictKind> Kinds(CheckResult result) => [.. result.Verdicts.Select(verdict => verdict.Kind)];

    private static IEnumerable<Property> Formulas(int mood)
    {
        var now = Mood(mood);
        yield return Eventually(mood);
        yield return new Property.Temporal("Again", "-", Formula.AlwaysEventually(now));
        yield return new Property.Temporal("Stays", "-", Formula.EventuallyAlways(now));
        yield return new Property.Temporal("Follows", "-", Mood((mood + 1) % 3).LeadsTo(now));
    }

    private static Property Eventually(int mood) => new Property.Temporal("Eventually", "-", new Formula.Eventually(Mood(mood)));

    private static Formula Mood(int mood) => new Formula.Now($"mood {mood}", world => world.All<TickerState>().Any(ticker => ticker.State.Mood == mood));

    private static Scenario Of(int? modulo, Func<int, int, Ticker.Turnout> table, Seq<int> first) => new()
    {
        Name = "ticker",
        Placements = [new Placement(Address.Parse("n1/ticker"), RoleBinding.Of(new Ticker(modulo, table, first)))],
        Fairness = [Fairness.EveryDelivery],
        Normalisation = modulo is null ? Ticker.Rounds : null,
    };

    private sealed class Listener : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state with { Steps = 1 };
    }
}

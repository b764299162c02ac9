using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class JudgementTests
{
    [Fact]
    public void A_broken_property_ends_the_run_at_the_event_that_broke_it()
    {
        var scenario = Toys.Conversation() with
        {
            Properties = [new Property.Always("Short", "Nobody hears 3.", world => !Listener(world).Heard.Contains(3))],
        };
        var result = Simulator.Run(scenario, new SimulationOptions { Record = true });
        Assert.Equal(Ending.Violation, result.Ending);
        Assert.Equal(Finding.Violated, result.FindingOf("Short"));
        Assert.Equal([1, 2, 3], result.Heard());
        var broke = result.Trace[(int)result.Violation!.TraceIndex];
        Assert.Equal((TraceKind.Deliver, Toys.Listener), (broke.Kind, broke.Where));
        Assert.Equal(TraceKind.Violation, result.Trace.Last.Kind);
    }

    [Fact]
    public void An_exception_in_a_role_is_a_violation()
    {
        var run = new SimulationRun(Toys.Bookkeeping(), new SimulationOptions());
        run.Operate(Toys.Server, new Ledger.Ask(1)); // a server casts what it gets to Keep
        Assert.False(run.Step());
        Assert.Equal(nameof(InvalidCastException), run.Violation!.Property);
        Assert.Equal(Toys.Server, run.Violation.Where);
    }

    [Fact]
    public void A_property_that_throws_is_broken()
    {
        var scenario = Toys.Conversation() with
        {
            Properties = [new Property.Always("Typed", "All is well.", world => world.StateAt(Toys.Server) is not null)],
        };
        var violation = Simulator.Run(scenario, new SimulationOptions()).Violation!;
        Assert.Contains("the property itself threw", violation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_reached_is_found_and_what_is_not_is_not()
    {
        var scenario = Toys.Conversation() with
        {
            Properties =
            [
                new Property.Sometimes("Early", "5 is heard.", world => Listener(world).Heard.Contains(5)),
                new Property.Sometimes("Never", "0 is heard.", world => Listener(world).Heard.Contains(0)),
            ],
        };
        var result = Simulator.Run(scenario, new SimulationOptions { VirtualTime = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(Finding.Reached, result.FindingOf("Early"));
        Assert.Equal(Finding.NotReached, result.FindingOf("Never"));
        Assert.Equal(Ending.TimeIsUp, result.Ending);
    }

    [Fact]
    public void Of_several_properties_that_are_broken_at_once_none_is_said_to_hold()
    {
        var scenario = Toys.Conversation() with
        {
            Properties =
            [
                new Property.Always("Short", "Nobody hears 3.", world => !Listener(world).Heard.Contains(3)),
                new Property.Always("Calm", "All is well.", _ => true),
                new Property.Always("Brief", "Nobody hears three.", world => Listener(world).Heard.Count < 3),
            ],
        };
        var result = Simulator.Run(scenario, new SimulationOptions());
        Assert.Equal("Short", result.Violation!.Property);
        Assert.Equal([Finding.Violated, Finding.Held, Finding.Violated], result.Verdicts.Select(verdict => verdict.Finding));
        var summary = Simulator.RunMany(scenario, new SimulationOptions(), [1, 2]);
        Assert.Equal((2, 0, 2), (summary.RunsThatViolated("Short"), summary.RunsThatViolated("Calm"), summary.RunsThatViolated("Brief")));
    }

    [Fact]
    public void Nothing_is_judged_once_what_the_properties_take_for_granted_is_false()
    {
        var scenario = Toys.Conversation() with
        {
            Assumption = new Assumption("nobody hears 3", world => !Listener(world).Heard.Contains(3)),
            Properties =
            [
                new Property.Always("Short", "Nobody hears 3.", world => !Listener(world).Heard.Contains(3)),
                new Property.Sometimes("Early", "2 is heard.", world => Listener(world).Heard.Contains(2)),
                new Property.OfHistory("Polite", "Nobody asks.", _ => new HistoryJudgement(null)),
            ],
        };
        var result = Simulator.Run(scenario, new SimulationOptions());
        Assert.Equal((Ending.OutsideAssumption, null), (result.Ending, result.Violation));
        Assert.Equal([1, 2, 3], result.Heard());
        Assert.Equal([Finding.NotJudged, Finding.Reached, Finding.NotJudged], result.Verdicts.Select(verdict => verdict.Finding));
        Assert.Equal(2, Simulator.RunMany(scenario, new SimulationOptions(), [1, 2]).Outside);
    }

    [Fact]
    public void A_property_is_evaluated_only_when_what_it_read_has_changed()
    {
        var (ofSpeaker, ofListener) = (0, 0);
        var scenario = Toys.Conversation() with
        {
            Properties =
            [
                new Property.Always("Speaker", "", world => world.StateAt(Toys.Speaker) is ChatState && ++ofSpeaker > 0),
                new Property.Always("Listener", "", world => world.IsUp(Toys.Listener) && ++ofListener > 0),
            ],
        };
        var result = Simulator.Run(scenario, new SimulationOptions());
        var said = ((ChatState)result.World.StateAt(Toys.Speaker)).Said;
        Assert.Equal((said + 1, result.Heard().Count + 1), (ofSpeaker, ofListener));
    }

    [Fact]
    public void A_run_ends_when_its_condition_holds_or_its_turns_are_up()
    {
        var options = new SimulationOptions { Until = world => Listener(world).Heard.Count == 7 };
        var result = Simulator.Run(Toys.Conversation(), options);
        Assert.Equal((Ending.ConditionReached, 7), (result.Ending, result.Heard().Count));
        var short10 = Simulator.Run(Toys.Conversation(), new SimulationOptions { MaxTurns = 10 });
        Assert.Equal((Ending.TurnsAreUp, 10), (short10.Ending, short10.Turns));
    }

    [Fact]
    public void What_is_judged_when_the_time_is_up_is_not_judged_in_a_run_that_ends_before()
    {
        var scenario = Toys.Conversation() with
        {
            Properties =
            [
                new Property.Temporal("Late", "100 is heard.", new Formula.Eventually(new Formula.Now("", world => Listener(world).Heard.Count >= 100))),
                new Property.OfHistory("Polite", "Nobody asks.", _ => new HistoryJudgement(null)),
                new Property.OfHistory("Hard", "Nobody knows.", _ => new HistoryJudgement(null, "It takes too long.")),
                new Property.Always("Calm", "All is well.", _ => true),
            ],
        };
        var options = new SimulationOptions { VirtualTime = TimeSpan.FromSeconds(1), Quiet = TimeSpan.FromMilliseconds(500) };
        Assert.Equal(
            [Finding.Held, Finding.Held, Finding.NotJudged, Finding.Held],
            Simulator.Run(scenario, options).Verdicts.Select(verdict => verdict.Finding));
        foreach (var early in new[] { options with { MaxTurns = 10 }, options with { Until = world => Listener(world).Heard.Count == 7 } })
        {
            Assert.Equal(
                [Finding.NotJudged, Finding.NotJudged, Finding.NotJudged, Finding.Held],
                Simulator.Run(scenario, early).Verdicts.Select(verdict => verdict.Finding));
        }

        var many = Simulator.RunMany(scenario, options, [1, 2, 3]);
        Assert.Equal((3, 3, 0, 3), (many.RunsThatHeld("Late"), many.RunsThatHeld("Polite"), many.RunsThatHeld("Hard"), many.RunsThatHeld("Calm")));
        Assert.Equal(["held", "held", "not judged", "held"], scenario.Properties.Select(property => SimulateView.CellOf(property, many).Text));
    }

    [Fact]
    public void What_is_judged_in_some_runs_only_is_said_of_those()
    {
        var judged = 0;
        var scenario = Toys.Conversation() with
        {
            Properties = [new Property.OfHistory("Hard", "Nobody knows.", _ => new HistoryJudgement(null, Interlocked.Increment(ref judged) == 1 ? null : "It takes too long."))],
        };
        var many = Simulator.RunMany(scenario, new SimulationOptions { VirtualTime = TimeSpan.FromMilliseconds(20) }, [1, 2, 3]);
        Assert.Equal("held in 1, not judged in 2", SimulateView.CellOf(scenario.Properties[0], many).Text);
    }

    [Fact]
    public void A_failed_summary_says_how_to_see_the_first_failure_again()
    {
        var summary = Simulator.RunMany(
            Toys.Conversation(), new SimulationOptions { VirtualTime = TimeSpan.FromMilliseconds(20) }, [3, 1, 2],
            result => result.Seed >= 2 ? "not liked" : null);
        Assert.Equal(2, summary.Failed);
        Assert.Equal([2, 3], summary.Failures.Select(failure => failure.Seed));
        var error = Assert.Throws<SimulationFailedException>(() => summary.RequireAllWell("run --seed {seed}"));
        Assert.Contains("2 of 3 runs failed. Seed 2: not liked", error.Message, StringComparison.Ordinal);
        Assert.Contains("run --seed 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("Say { Number = 10 }", error.Message, StringComparison.Ordinal);
    }

    private static ChatState Listener(IWorld world) => (ChatState)world.StateAt(Toys.Listener);
}

using ActorLab.Algorithms.PingPong;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;

namespace ActorLab.Tests.Diagram;

/// <summary>What pictures say of a claim that was false: the claim that was judged, of the world in which it was.</summary>
public sealed class ViolationTests
{
    private static readonly SimulationOptions Short = new()
    {
        VirtualTime = TimeSpan.FromSeconds(1),
        Quiet = TimeSpan.FromSeconds(0.5),
    };

    [Fact]
    public void A_promise_that_the_options_add_is_told_as_it_was_judged_and_has_no_event()
    {
        var promise = new Property.Temporal(
            "Never Kept", "In the end something happens that cannot.", Formula.AlwaysEventually(new Formula.Now("no", _ => false)));
        var picture = PictureOf(Samples.RaftScenarioOf5, Short with { Properties = [promise] });
        Assert.Equal((promise.Name, promise.Claim, -1), (picture.Violation!.Property, picture.Violation.Claim, picture.Violation.Event));
        Assert.StartsWith("It was not so again", picture.Violation.Reason, StringComparison.Ordinal);
        Assert.Equal(-1, new Drawing(picture).ViolationAt);
    }

    [Fact]
    public void A_history_is_wrong_from_the_last_event_on_that_its_fault_knows()
    {
        var picture = PictureOf(Samples.RaftScenarioOf5, Short with
        {
            Properties = [new Property.OfHistory("Told Right", "No client is told a lie.", _ => new HistoryJudgement(new HistoryFault("a lie", 300_000)))],
        });
        var at = picture.Violation!.Event;
        Assert.InRange(picture.Events[at].Trace.At, 1, 300_000);
        Assert.True(picture.Events[at + 1].Trace.At > 300_000);
        Assert.Equal("a lie", picture.Violation.Reason);
    }

    /// <summary>Nineteen turns wait for one sync, and are shown one after the other: in the second of them the claim is false.</summary>
    [Fact]
    public void The_values_are_those_of_the_world_that_was_judged()
    {
        var scenario = Toys.Bookkeeping() with
        {
            Workload = [.. Enumerable.Range(1, 20).Select(number => new PlannedOperation(Toys.Client, new Ledger.Ask(number)))],
        };
        var picture = PictureOf(scenario, new SimulationOptions
        {
            VirtualTime = TimeSpan.FromMilliseconds(40),
            Quiet = TimeSpan.FromMilliseconds(38),
            Disk = new DiskOptions { Sync = Wait.Millis(10, 10) },
            Properties = [new Property.Always("Few", "Few numbers are kept.", world => world.DiskOfServer().Numbers.Count < 3)],
        });
        Assert.Equal(("Few", "Few numbers are kept."), (picture.Violation!.Property, picture.Violation.Claim));
        var numbers = picture.Violation.Facts.Where(fact => fact.Path.StartsWith("Disk.Numbers", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(numbers);
        var kept = string.Join(' ', numbers.Select(fact => fact.Value));
        Assert.True(numbers.Count == 3 || kept.Count(letter => letter == ',') == 2, kept);
        Assert.All(picture.Violation.Facts, fact => Assert.True(fact.Matters));
    }

    [Fact]
    public void An_observer_sees_no_turn_that_a_crash_took_before_the_disk_had_it()
    {
        var heard = new Observer<Seq<string>>("heard", [], (before, happening) => before.Add($"{happening.Where}"));
        var silent = new Property.Always("Silence", "Nobody is heard.", world => world.Observed(heard).IsEmpty);
        var scenario = PingPongScenario.Family.With() with { Observers = [heard], Properties = [silent] };
        var state = new Count(0);
        var taken = new StoryStep(
            StepKind.Deliver, PingPongScenario.Ponger, new Input.Deliver(PingPongScenario.Pinger, new PingPongMessage.Ping(0)), state, state, []);
        var picture = StoryPicture.Of(
            "ping-pong", scenario, new Story([], [taken with { Torn = "crashes before the disk is written", Counts = false }, taken]), silent, null);
        Assert.Equal($"\"{PingPongScenario.Ponger}\"", Assert.Single(picture.Violation!.Facts).Value);
    }

    private static Picture PictureOf(Scenario scenario, SimulationOptions options) =>
        SimulationPicture.Of(RecordedRun.Of(scenario, options), null);
}

using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Staging;

/// <summary>Stories of the checker and traces of the simulator as schedules, which the pure roles go through again.</summary>
public sealed class GateScriptTests
{
    [Theory]
    [InlineData("deliver n1/a n2/b Ping { Value = 1 }")]
    [InlineData("drop n1/a n2/b Ping")]
    [InlineData("duplicate n1/a n2/b Ping")]
    [InlineData("expire n1/server election")]
    [InlineData("operate n1/server AAEC/w==")]
    [InlineData("crash n1")]
    [InlineData("restart n1")]
    public void A_step_reads_as_it_was_written(string text) => Assert.Equal(text, GateStep.Parse(text).ToString());

    [Theory]
    [InlineData("deliver n1 n2/b Ping", "is not an address")]
    [InlineData("deliver n1/a n2/b", "write it as deliver FROM TO MESSAGE")]
    [InlineData("explode n1", "write it as deliver FROM TO MESSAGE")]
    [InlineData("operate n1/server %%", "is no step")]
    public void What_is_no_step_is_a_sentence(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => GateStep.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_counterexample_is_a_schedule_that_breaks_the_same_property()
    {
        var scenario = RaftMutants.All.Single(mutant => mutant.Name == "forgets-its-vote").Family.With(
            ("servers", 3), ("clients", 0), ("prevote", 0), ("lossy", 0), ("terms", 1), ("rounds", 0), ("operations", 0)) with
        {
            Network = new Network(OneCopy: true, NoOpDeliversStay: true),
        };
        var story = ModelChecker.Check(scenario, new CheckOptions { Threads = 1 }).Counterexample!;

        var stage = new PureStage(scenario).Run(GateScript.Of(scenario, story));

        Assert.Equal(story.Steps.Count, stage.Script.Steps.Count);
        Assert.Equal(
            VerdictKind.Violated, stage.Verdicts.Single(verdict => verdict.Property == RaftProperties.ElectionSafety).Kind);
        foreach (var step in story.Steps.GroupBy(step => step.Where).Select(steps => steps.Last()))
        {
            Assert.Equal(step.After, stage.World.StateAt(step.Where));
        }
    }

    [Fact]
    public void A_crash_in_a_story_is_a_step()
    {
        var scenario = PingPongScenario.Family.With() with
        {
            Faults = new FaultBudget(Crashes: 1),
            Properties =
            [
                // The pinger takes no turn before it is answered, so that nothing shorter is torn.
                new Property.Always("never", "The pinger is never down.", world => world.IsUp(PingPongScenario.Pinger)),
            ],
        };
        var script = GateScript.Of(scenario, ModelChecker.Check(scenario, new CheckOptions { Threads = 1 }).Counterexample!);

        Assert.Contains(script.Steps, step => step is GateStep.Crash);
        Assert.Equal(VerdictKind.Violated, new PureStage(scenario).Run(script).Verdicts.Single().Kind);
    }

    [Fact]
    public void A_second_copy_arrives_again_and_a_lost_one_does_not()
    {
        var stage = new PureStage(PingPongScenario.Family.With());
        stage.Do(GateStep.Parse("duplicate n1/pinger n2/ponger Ping"));
        stage.Do(GateStep.Parse("deliver n1/pinger n2/ponger Ping"));
        Assert.Single(stage.HeldAt(PingPongScenario.Ponger));
        stage.Do(GateStep.Parse("drop n1/pinger n2/ponger Ping"));
        Assert.Empty(stage.HeldAt(PingPongScenario.Ponger));
        Assert.Single(stage.HeldAt(PingPongScenario.Pinger));
    }

    /// <summary>Its node crashes within a turn, before the disk was written, and starts again in term 0.</summary>
    [Fact]
    public void A_turn_that_a_crash_took_is_a_lost_message_and_a_crash()
    {
        var scenario = RaftMutants.All.Single(mutant => mutant.Name == "forgets-its-term").Family.With(
            ("servers", 3), ("clients", 0), ("prevote", 0), ("lossy", 0), ("terms", 1), ("rounds", 0), ("operations", 0), ("crashes", 1)) with
        {
            Network = new Network(OneCopy: true, NoOpDeliversStay: true),
        };
        var story = ModelChecker.Check(scenario).Counterexample!;
        Assert.Contains(story.Steps, step => step.Torn is not null);

        var stage = new PureStage(scenario).Run(GateScript.Of(scenario, story));

        Assert.Contains(stage.Script.Steps, step => step is GateStep.Restart);
        Assert.Equal(
            VerdictKind.Violated, stage.Verdicts.Single(verdict => verdict.Property == RaftProperties.ElectionSafety).Kind);
    }

    [Fact]
    public void A_crash_between_an_early_message_and_the_disk_and_a_lasso_are_refused_in_a_sentence()
    {
        var scenario = PingPongScenario.Family.With();
        var state = new Count(0);
        var step = new StoryStep(
            StepKind.Deliver, PingPongScenario.Ponger, new Input.Deliver(PingPongScenario.Pinger, new PingPongMessage.Ping(0)), state, state,
            [new Effect.Send(PingPongScenario.Pinger, new PingPongMessage.Pong(0), Early: true)],
            Torn: "crashes before the disk is written");

        Assert.Contains(
            "cannot be stopped within a turn",
            Assert.Throws<StagingFailed>(() => GateScript.Of(scenario, new Story([], [step]))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "goes on for ever",
            Assert.Throws<StagingFailed>(() => GateScript.Of(scenario, new Story([], [step]) { LoopsTo = 0 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deliver n2/ponger n1/pinger Pong { Value = 7", "Step 1, deliver n2/ponger n1/pinger Pong { Value = 7: no such message is under way; for n1/pinger there are: .")]
    [InlineData("expire n1/pinger tick", "no such timer is armed")]
    [InlineData("restart n1", "n1 runs")]
    [InlineData("crash n9", "has no node n9")]
    [InlineData("expire n1/nobody tick", "has no role at n1/nobody")]
    public void A_step_that_is_not_possible_is_a_sentence(string step, string sentence)
    {
        var stage = new PureStage(PingPongScenario.Family.With());
        var failed = Assert.Throws<StagingFailed>(() => stage.Do(GateStep.Parse(step)));
        Assert.Contains(sentence, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_wants_its_node_up_and_a_message_that_can_be_read()
    {
        var stage = new PureStage(RaftScenario.Family.With(("servers", 1), ("clients", 0)));
        Assert.Contains("the payload is no RaftMessage", Assert.Throws<StagingFailed>(
            () => stage.Do(GateStep.Parse("operate n1/server AAEC/w=="))).Message, StringComparison.Ordinal);
        stage.Do(GateStep.Parse("crash n1"));
        Assert.Contains("n1 is down", Assert.Throws<StagingFailed>(
            () => stage.Do(GateStep.Parse("operate n1/server AAEC/w=="))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_under_way_while_its_receiver_and_its_sender_are_down()
    {
        var stage = new PureStage(PingPongScenario.Family.With());
        stage.Do(GateStep.Parse("crash n2"));
        Assert.Single(stage.HeldAt(PingPongScenario.Ponger));
        Assert.Contains("n2 is down", Assert.Throws<StagingFailed>(
            () => stage.Do(GateStep.Parse("deliver n1/pinger n2/ponger Ping"))).Message, StringComparison.Ordinal);
        stage.Do(GateStep.Parse("restart n2"));
        stage.Do(GateStep.Parse("crash n1"));
        stage.Do(GateStep.Parse("deliver n1/pinger n2/ponger Ping"));
        stage.Do(GateStep.Parse("restart n1"));
        stage.Do(GateStep.Parse("deliver n2/ponger n1/pinger Pong"));
        Assert.Equal(1, ((Count)stage.World.StateAt(PingPongScenario.Pinger)).Value);
    }
}

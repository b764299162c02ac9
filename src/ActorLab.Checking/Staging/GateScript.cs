using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A schedule cannot be staged; the sentence says at which step, and why.</summary>
public sealed class StagingFailed(string sentence) : Exception(sentence);

/// <summary>A schedule that the pure roles and the real cluster can go through alike.</summary>
public sealed record GateScript(Seq<GateStep> Steps)
{
    /// <summary>Of a counterexample of the checker.</summary>
    /// <exception cref="StagingFailed">It has something that cannot be done to processes.</exception>
    public static GateScript Of(Scenario scenario, Story story)
    {
        if (story.LoopsTo is not null)
        {
            throw new StagingFailed("The story goes on for ever: only one that ends can be staged.");
        }

        var steps = new List<GateStep>();
        for (var i = 0; i < story.Steps.Count; i++)
        {
            try
            {
                steps.AddRange(StepsOf(scenario, story.Steps[i]));
            }
            catch (StagingFailed failed)
            {
                throw new StagingFailed($"Step {i + 1} of the story, \"{story.Steps[i].Text}\", {failed.Message}");
            }
        }

        return new GateScript(steps.ToSeq());
    }

    private static IEnumerable<GateStep> StepsOf(Scenario scenario, StoryStep step)
    {
        if (step.Kind == StepKind.Lost)
        {
            return []; // what reaches a node that is down is gone without anybody's doing
        }

        if (step.Boots.Any(boot => boot.Torn is not null))
        {
            throw new StagingFailed("crashes as it boots: a process cannot be stopped there, so it cannot be staged.");
        }

        return step.Torn is null ? [StepOf(scenario, step)] : Torn(scenario, step);
    }

    /// <summary>
    /// A turn in which its node crashes. One that kept and sent nothing never was: its message is lost with the node. One that
    /// was kept, or after which messages left, is as a whole turn before the crash; messages that did not leave are messages that
    /// nobody delivers. Only where early messages left and the disk was not written a process would have to stop within a turn.
    /// </summary>
    private static IEnumerable<GateStep> Torn(Scenario scenario, StoryStep step)
    {
        var crash = new GateStep.Crash(step.Where.Node);
        var sent = step.Effects.OfType<Effect.Send>().ToList();
        if (!Canonical.Differences(step.Before, step.After).IsEmpty || (sent.Count > 0 && !sent.Exists(send => send.Early)))
        {
            return [StepOf(scenario, step), crash];
        }

        return sent.Count > 0
            ? throw new StagingFailed(
                $"{step.Torn} and messages have left: a process cannot be stopped within a turn, so it cannot be staged.")
            : (step.Kind, step.Input) is (StepKind.Deliver, Input.Deliver deliver)
                ? [new GateStep.Drop(deliver.Sender, step.Where, Canonical.Text(deliver.Message)), crash]
                : [crash];
    }

    private static GateStep StepOf(Scenario scenario, StoryStep step) => (step.Kind, step.Input) switch
    {
        (StepKind.Operation, Input.Deliver deliver) => GateStep.OfOperation(scenario, step.Where, deliver.Message),
        (StepKind.Deliver, Input.Deliver deliver) => new GateStep.Deliver(deliver.Sender, step.Where, Canonical.Text(deliver.Message)),
        (StepKind.Drop, Input.Deliver deliver) => new GateStep.Drop(deliver.Sender, step.Where, Canonical.Text(deliver.Message)),
        (StepKind.Duplicate, Input.Deliver deliver) => new GateStep.Duplicate(deliver.Sender, step.Where, Canonical.Text(deliver.Message)),
        (StepKind.Expire, Input.Expire expire) => new GateStep.Expire(step.Where, expire.Timer.Name),
        (StepKind.Crash, _) => new GateStep.Crash(step.Where.Node),
        (StepKind.Restart, _) => new GateStep.Restart(step.Where.Node),
        _ => throw new StagingFailed("is nothing that can be done to processes."),
    };
}

using System.Text;
using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>One step of a story.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Where">The address that took the turn or that the message was for; of a node, its first address.</param>
/// <param name="Input">What started the turn, or the message that met its fate; null for crashes.</param>
/// <param name="Before">The state before the turn; null where there was none, or no turn.</param>
/// <param name="After">The state after the turn; null where there was no turn.</param>
/// <param name="Effects">What left the turn.</param>
/// <param name="Torn">Where in the turn the node crashed, in a sentence; null if it did not.</param>
/// <param name="Error">What the turn threw; null if it did not.</param>
public sealed record StoryStep(
    StepKind Kind, Address Where, Input? Input, object? Before, object? After, Seq<Effect> Effects,
    string? Torn = null, string? Error = null)
{
    /// <summary>A world that stays as it is for ever: nobody has to move.</summary>
    public static readonly StoryStep Stutter = Of("nothing happens any more", []);

    /// <summary>A step of a model over shared variables, in words.</summary>
    /// <param name="label">Such as <c>p1: enter</c>.</param>
    /// <param name="changes">The variables that it changed.</param>
    /// <param name="error">What it threw; null if it did not.</param>
    public static StoryStep Of(string label, Seq<Difference> changes, string? error = null) =>
        new(StepKind.Step, default, null, null, null, [], Error: error) { Label = label, Changed = changes };

    /// <summary>Of a model's step its label; null for a role's.</summary>
    public string? Label { get; init; }

    /// <summary>Of a model's step the process that took it; null for a role's.</summary>
    public string? Process { get; init; }

    /// <summary>Of a model's step the variables that it changed.</summary>
    public Seq<Difference> Changed { get; init; }

    /// <summary>False for a turn that a crash took before the disk had it: observers never see it.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>At a restart, the first turn of each role of the node.</summary>
    public Seq<StoryStep> Boots { get; init; }

    public string BeforeText => Canonical.Text(Before);

    public string AfterText => Canonical.Text(After);

    /// <summary>What the turn changed; empty where there was no turn, and at a boot.</summary>
    public Seq<Difference> Changes =>
        Label is not null ? Changed : Before is null || After is null ? Seq<Difference>.Empty : Canonical.Differences(Before, After);

    /// <summary>The step in a line, such as <c>n1/acceptor receives Prepare { .. } from n4/proposer</c>.</summary>
    public string Text => (Kind, Input) switch
    {
        (StepKind.Step, _) => Label!,
        (StepKind.Operation, Input.Deliver deliver) => $"{Where} is asked for {Canonical.Text(deliver.Message)}",
        (StepKind.Deliver, Input.Deliver deliver) =>
            $"{Where} receives {Canonical.Text(deliver.Message)} from {deliver.Sender}",
        (StepKind.Drop, Input.Deliver deliver) => $"{Letter(deliver)} is lost",
        (StepKind.Duplicate, Input.Deliver deliver) => $"{Letter(deliver)} gets a second copy",
        (StepKind.Lost, Input.Deliver deliver) => $"{Letter(deliver)} finds the node down",
        (StepKind.Expire, Input.Expire expire) => $"{Where}: timer {expire.Timer.Name} expires",
        (StepKind.Crash, _) => $"{Where.Node} crashes",
        (StepKind.Restart, _) => $"{Where.Node} restarts",
        _ => $"{Where} boots",
    };

    private string Letter(Input.Deliver deliver) => $"{Canonical.Text(deliver.Message)} from {deliver.Sender} to {Where}";
}

/// <summary>A story whose steps were taken again.</summary>
public sealed class Replayed
{
    private readonly StoryJudge _judge;
    private readonly Seq<Fairness> _fairness;

    internal Replayed(Story story, StoryJudge judge, Seq<Fairness> fairness) => (Story, _judge, _fairness) = (story, judge, fairness);

    public Story Story { get; }

    /// <summary>Why the story does not break a property, in half a sentence; null if it does.</summary>
    /// <param name="property">The property; null for a step that fails.</param>
    /// <param name="fairness">By which a behaviour is fair; null for that of the scenario.</param>
    public string? WhyNot(Property? property, Seq<Fairness>? fairness = null) => _judge.WhyNot(property, fairness ?? _fairness);

    public override string ToString() => Story.ToString();
}

/// <summary>A way through the worlds of a scenario.</summary>
/// <param name="Boots">The first turn of every role, in the order of the placements.</param>
/// <param name="Steps">What happened then.</param>
public sealed record Story(Seq<StoryStep> Boots, Seq<StoryStep> Steps)
{
    /// <summary>Which of the starts, and then which of the steps out of each world: what a replay needs.</summary>
    public Seq<int> Ordinals { get; init; }

    /// <summary>
    /// Of a lasso, after how many steps the cycle begins that repeats for ever; null for a story that ends.
    /// </summary>
    public int? LoopsTo { get; init; }

    /// <summary>The story for people, a step to a line, with what it changed and sent below.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Boots.Where(step => !step.Effects.IsEmpty || !step.Changed.IsEmpty || step.Error is not null))
        {
            Append(text, "-", step);
        }

        for (var i = 0; i < Steps.Count; i++)
        {
            if (LoopsTo == i)
            {
                text.Append("    the rest repeats for ever:\n");
            }

            Append(text, $"{i + 1}", Steps[i]);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string number, StoryStep step)
    {
        text.Append(number.PadLeft(3)).Append(' ').Append(step.Text).Append('\n');
        foreach (var line in Details(step).Concat(step.Boots.SelectMany(Details)).Where(line => line is not null))
        {
            text.Append("      ").Append(line).Append('\n');
        }
    }

    private static IEnumerable<string?> Details(StoryStep step) =>
        step.Changes.Select(change => change.ToString()).Concat(step.Effects.Select(TextOf))
            .Append(step.Torn).Append(step.Error);

    private static string TextOf(Effect effect) => effect switch
    {
        Effect.Send send => $"sends {Canonical.Text(send.Message)} to {send.To}",
        Effect.StartTimer start => $"starts timer {start.Timer.Name}",
        Effect.CancelTimer cancel => $"cancels timer {cancel.Name}",
        Effect.Report report => $"reports {Canonical.Text(report.Event)}",
        Effect.Note note => $"# {note.Text}",
        _ => effect.ToString(),
    };
}

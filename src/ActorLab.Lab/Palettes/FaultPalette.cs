using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>fault</c>: plans of faults with times, as <c>lab simulate --plan</c> plays them.</summary>
internal static class FaultPalette
{
    /// <summary>The largest plan that is read.</summary>
    public const int MostBytes = 512 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static Palette For(LabContext lab) => new("fault", "Plays faults at given times, from a file that lab simulate --plan plays too.",
    [
        new Command("run", "Plays a fault plan: what is in force from its start, then its schedule. What it put in force stays until fault stop.")
        {
            Parameters =
            [
                Parameter.File("plan", "a JSON file, read where pbm runs", MostBytes),
                Parameter.Flag("wait", "end when the schedule is over; to stop waiting does not stop the plan"),
            ],
            Example = "fault run plan.json",
            TimeLimit = Longest + TimeSpan.FromMinutes(1),
            Handler = (c, stopped) => Run(lab, c, stopped),
        },
        new Command("show", "How far the plan is, and which faults are in force.")
        {
            Example = "fault show",
            Handler = (c, _) => Show(lab, c),
        },
        new Command("stop", "Plays no further, and takes back the plan's cuts, rules and pauses. Nodes that it ended stay down.")
        {
            Example = "fault stop",
            Handler = (c, stopped) => Stop(lab, c, stopped),
        },
    ]);

    /// <summary>The plan in a text, if it can strike this lab.</summary>
    /// <exception cref="BadInput">It cannot; says what, and where.</exception>
    private static FaultPlan Read(LabContext lab, string text)
    {
        FaultPlan plan;
        try
        {
            plan = FaultJson.Read(text);
        }
        catch (FormatException e)
        {
            throw new BadInput(e.Message);
        }

        FaultPlanCheck.Of(lab).Require(plan);
        var forgets = lab.Options.Shape.Store == "memory";
        if (FaultStriker.Obstacle(new FaultAction.Messages(plan.Messages), forgets) is { } wrong)
        {
            throw new BadInput($"The fault plan cannot be played: messages: {wrong}");
        }

        foreach (var (fault, i) in plan.Schedule.Select((fault, i) => (fault, i)))
        {
            var obstacle = fault.At > Longest
                ? $"it strikes after {Durations.Format(fault.At)}; a plan lasts {Durations.Format(Longest)} at most."
                : FaultStriker.Obstacle(fault.Action, forgets);
            if (obstacle is not null)
            {
                throw new BadInput($"The fault plan cannot be played: schedule[{i.ToString(CultureInfo.InvariantCulture)}]: {obstacle}");
            }
        }

        var mine = plan.Schedule.SelectMany(fault => (fault.Action as FaultAction.SetLinks)?.Rules ?? []).Concat(plan.Links).Select(rule => rule.Id).ToSet();
        var others = lab.Faults.Current.Links.Select(rule => rule.Id).ToSet().Except(lab.Striker.Rules);
        return mine.FirstOrDefault(others.Contains) is { } both
            ? throw new BadInput($"The fault plan has a rule {both}, and another of that id is in force: link clear {both} takes it away, or name the plan's otherwise.")
            : plan;
    }

    private static async Task Run(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var plan = Read(lab, c.Text("plan"));
        await lab.Player.Start(plan, stopped).ConfigureAwait(false);
        var faults = lab.Player.Faults;
        var struck = faults.Count(fault => fault.Struck is not null);
        c.Line(faults.Count == 0 ? "The plan has no faults in it." : $"{struck} in force from the start, {faults.Count - struck} to come"
            + $"{(faults.Count > struck ? $" within {Durations.Format(faults[^1].At)}: fault show tells how far it is, fault stop ends it" : "; fault stop takes it back")}");
        if (c.Flag("wait"))
        {
            await lab.Player.Playing.WaitAsync(stopped).ConfigureAwait(false);
            await Show(lab, c).ConfigureAwait(false);
            if (lab.Player.Faults.FirstOrDefault(fault => fault.Trouble is not null) is { } failed)
            {
                throw new CommandFailed($"Not all could strike: {FaultWords.Of(failed.Action)}: {failed.Trouble}");
            }
        }
    }

    private static Task Show(LabContext lab, CommandContext c)
    {
        var faults = lab.Player.Faults;
        if (faults.Count > 0)
        {
            c.Table(
                [Column.Right("at"), "fault", "struck"],
                faults.Select(fault => new Cell[]
                {
                    Text(fault.At),
                    SafeText.Shorten(FaultWords.Of(fault.Action), 120),
                    (fault.Struck, fault.Trouble) switch
                    {
                        (null, _) => Cell.Dim(lab.Player.IsPlaying ? "to come" : "stopped before"),
                        ({ } at, null) => Cell.Good($"at {Text(at)}"),
                        (_, { } trouble) => Cell.Bad(trouble),
                    },
                }),
                lab.Player.IsPlaying ? $"played for {Text(lab.Player.Elapsed)}" : "the plan is over; fault stop takes back what is in force");
        }
        else
        {
            c.Line("No fault plan is played: fault run FILE plays one.");
        }

        var plan = lab.Faults.Current;
        c.Line(lab.Faults.Flapping is { } flapping
            ? $"cuts: {(flapping.Drawn is null ? "" : "some of ")}{flapping.Links.Count} of {lab.Ids.Count * (lab.Ids.Count - 1)} directions come and go every {Durations.Format(flapping.Period)}"
            : $"cuts: {(plan.Cuts.IsEmpty ? "none" : string.Join(", ", plan.Cuts))}");
        c.Line($"rules for links: {(plan.Links.IsEmpty ? "none" : $"{plan.Links.Count}; link show tells what they did")}");
        if (!plan.Messages.IsEmpty)
        {
            c.Line($"rates for messages: {Counted.Of(plan.Messages.Count, "rate", "rates")}");
        }

        return Task.CompletedTask;
    }

    private static async Task Stop(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var down = await lab.Player.Stop(stopped).ConfigureAwait(false);
        c.Line("The plan is stopped; its cuts and rules are out of force, and the nodes that it paused go on.");
        if (down.Count > 0)
        {
            c.Line($"{string.Join(", ", down)} stay down: node start {string.Join(",", down)} starts them", Tone.Warn);
        }
    }

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.00} s");
}

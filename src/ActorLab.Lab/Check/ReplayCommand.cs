using System.CommandLine;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab replay</c>.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> Path = new("file") { Description = "A counterexample that lab check kept, or a run that lab simulate kept" };

    public static Command Build()
    {
        var command = new Command("replay", "Take the steps of a counterexample again and show each. Ends with the exit code of the check or the simulation.");
        command.Arguments.Add(Path);
        DiagramOutputs.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(Path);
        if (SimulationFile.IsOne(path))
        {
            return RunReplay.Run(path, parsed);
        }

        var file = ReplayFile.Load(path);
        var renderer = Renderers.For(PbmIo.OfProcess(), json: false);
        if (file.Build != ReplayFile.ThisBuild)
        {
            renderer.Show(new Output.Line([Cell.Warn("Another build of the lab wrote this file: the steps may be others now.")]));
        }

        var target = Checkable.Find(file.Name).With(file.Values, file.World);
        Replayed replayed;
        try
        {
            replayed = target.Replay(Seq.ToSeq(file.Ordinals), file.LoopsTo);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailed($"The file does not replay with this build: {error.Message}");
        }

        var story = replayed.Story;
        var steps = story.Steps.Select(step => step.Text).ToList();
        for (var i = 0; i < Math.Max(steps.Count, file.Steps.Length); i++)
        {
            if (steps.ElementAtOrDefault(i) != file.Steps.ElementAtOrDefault(i))
            {
                throw new CommandFailed(
                    $"The file does not replay with this build: step {i + 1} was \"{SafeText.Shorten(file.Steps.ElementAtOrDefault(i) ?? "nothing", 200)}\" "
                    + $"and is \"{SafeText.Shorten(steps.ElementAtOrDefault(i) ?? "nothing", 200)}\" now.");
            }
        }

        if (WhyNot(file, target, replayed) is { } reason)
        {
            throw new CommandFailed($"The file does not show what it says: {reason}.");
        }

        renderer.Show(new Output.Line([file.Property is null
            ? Cell.Bad($"{file.Name}: a step fails.")
            : Cell.Bad($"{file.Name}: {file.Property} is violated.")]));
        if (!DiagramOutputs.WantsText(parsed))
        {
            foreach (var line in story.ToString().Split('\n').Where(line => line.Length > 0))
            {
                renderer.Show(new Output.Line([line]));
            }
        }

        var violated = target.Properties.FirstOrDefault(property => property.Name == file.Property);
        DiagramOutputs.Show(
            parsed, StoryRecording.Of(file.Name, target.Scenario, story, violated, $"lab replay {DiagramOutputs.Quoted(path)}"), renderer);

        // An undecided run is a finding of valency, and no violation.
        return target.Undecided is var (claim, _) && claim.Name == file.Property ? ExitCode.Success : ExitCode.Failed;
    }

    /// <summary>Why the story does not show what the file says; null if it does.</summary>
    private static string? WhyNot(ReplayFile file, CheckTarget target, Replayed replayed)
    {
        if (target.Undecided is var (claim, fairness) && claim.Name == file.Property)
        {
            return replayed.WhyNot(claim, fairness);
        }

        var property = target.Properties.FirstOrDefault(property => property.Name == file.Property);
        return property is null && file.Property is { } name
            ? throw new BadInput(Suggest.Unknown($"property of {file.Name}", name, target.Properties.Select(known => known.Name)))
            : replayed.WhyNot(property);
    }
}

using System.CommandLine;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab replay</c>.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string[]> Path = new("file")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "A counterexample that lab check kept, a run that lab simulate kept, a schedule, or what a lab recorded: its data folder, or recording.jsonl of its nodes",
    };

    private static readonly Option<bool> OnCluster = Switches.Flag(
        "--on-cluster", "Take the steps on a cluster of processes whose messages and timers wait for them");

    private static readonly Option<bool> Keep = Switches.Flag("--keep", "Keep the folder of that cluster");

    public static Command Build()
    {
        var command = new Command("replay", "Take the steps of a counterexample again and show each. Ends with the exit code of the check or the simulation.\n"
            + "Of a recording: every turn through the pure roles. 0 all turns the same and all properties hold; 1 not; 2 bad input.\n"
            + "With --on-cluster: the exit code of the file where its property is violated on processes too; 3 where it is not; so also of a schedule that is taken on the pure roles.");
        command.Arguments.Add(Path);
        command.Options.Add(OnCluster);
        command.Options.Add(Keep);
        DiagramOutputs.AddTo(command);
        command.SetAction(Choose);
        return command;
    }

    private static Task<int> Choose(ParseResult parsed)
    {
        var paths = parsed.GetRequiredValue(Path);
        var renderer = Renderers.For(PbmIo.OfProcess(), json: false);
        var onCluster = parsed.GetRequiredValue(OnCluster);
        DiagramOutputs.RequireWritable(parsed);
        if (RecordingReplay.Takes(paths))
        {
            return onCluster
                ? throw new BadInput("A recording was made on a cluster: it is replayed without --on-cluster.")
                : Task.FromResult(RecordingReplay.Run(paths, parsed, renderer));
        }

        if (paths is not [var path])
        {
            throw new BadInput("lab replay takes one counterexample at a time; several files must all be recordings.");
        }

        if (SimulationFile.IsOne(path))
        {
            return onCluster
                ? throw new BadInput("A run of the simulator has times of its own, and no order for a cluster: give a counterexample of lab check.")
                : Task.FromResult(RunReplay.Run(path, parsed));
        }

        var script = ScriptFile.Load(path);
        if (onCluster && DiagramOutputs.AnyWanted(parsed))
        {
            throw new BadInput("What happens on processes is drawn from their recordings: keep the folder with --on-cluster --keep, and lab replay draws it.");
        }

        if (onCluster)
        {
            var keep = parsed.GetRequiredValue(Keep);
            return script is null ? StageCommand.Run(ReplayFile.Load(path), keep, renderer) : StageCommand.Run(script, keep, renderer);
        }

        return Task.FromResult(script is null ? Run(path, parsed, renderer) : RunPure(path, script, parsed, renderer));
    }

    private static int RunPure(string path, ScriptFile script, ParseResult parsed, IRenderer renderer)
    {
        var (exit, scenario, stage) = StageCommand.RunPure(script, showSteps: !DiagramOutputs.WantsText(parsed), renderer);
        var violated = scenario.Properties.FirstOrDefault(property => stage.BrokenAfter(property.Name) is not null
            && (script.Property is null || script.Property == property.Name));
        var command = $"lab replay {DiagramOutputs.Quoted(path)}";
        DiagramOutputs.Show(
            parsed, StoryPicture.Of(script.Scenario, scenario, stage.Story, violated, command, stage.BrokenAfter(violated?.Name)), renderer);
        return exit;
    }

    private static int Run(string path, ParseResult parsed, IRenderer renderer)
    {
        var file = ReplayFile.Load(path);
        var (target, story) = StoryReplay.Of(file, renderer);
        var isUndecided = target.Undecided is var (claim, _) && claim.Name == file.Property; // A finding of valency, and no violation.
        renderer.Show(new Output.Line([file.Property is null
            ? Cell.Bad($"{file.Name}: a step fails.")
            : isUndecided
                ? Cell.Warn($"{file.Name}: a fair run that never decides, as valency found it.")
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
            parsed, StoryPicture.Of(file.Name, target.Scenario, story, violated, $"lab replay {DiagramOutputs.Quoted(path)}"), renderer);

        return isUndecided ? ExitCode.Success : ExitCode.Failed;
    }
}

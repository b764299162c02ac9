using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>lab replay --on-cluster</c>: a schedule on real processes, whose recordings are then judged.</summary>
internal static class StageCommand
{
    /// <summary>The exit code where the schedule does not show on processes what its file says.</summary>
    public const int NotShown = 3;

    /// <summary>A counterexample of the checker.</summary>
    public static Task<int> Run(ReplayFile file, bool keep, IRenderer renderer)
    {
        var family = FamilyOf(file.Name);
        var scenario = Build(family, file.Values);
        var story = StoryReplay.Of(file, renderer).Story;
        GateScript script;
        try
        {
            script = GateScript.Of(scenario, story);
        }
        catch (StagingFailed failed)
        {
            throw new BadInput(failed.Message);
        }

        var request = new StageRequest(
            file.Name, file.Values, scenario, script, Fails: file.Property is null, file.Property, file.Exit);
        return Stage(request, keep, renderer);
    }

    /// <summary>A schedule on processes.</summary>
    public static Task<int> Run(ScriptFile file, bool keep, IRenderer renderer) => Stage(RequestOf(file), keep, renderer);

    /// <summary>A schedule on the pure roles.</summary>
    /// <returns>The exit code, and what happened.</returns>
    public static (int Exit, Scenario Scenario, PureStage Stage) RunPure(ScriptFile file, bool showSteps, IRenderer renderer)
    {
        var request = RequestOf(file);
        var pure = Rehearse(request, (number, step) =>
        {
            if (showSteps)
            {
                ShowStep(renderer, number, step);
            }
        });
        renderer.Show(new Output.Table(
            ["property", "verdict"], [.. pure.Verdicts.Select(verdict => new Cell[] { verdict.Property.Name, RecordingReplay.WordOf(verdict.Kind) })]));
        if (pure.Failure is { } failure)
        {
            renderer.Show(new Output.Line([Cell.Bad($"The last step fails: {failure}")]));
        }

        return (Shows(request, pure.Verdicts, pure.Failure is not null) ? request.Exit : NotShown, request.Scenario, pure);
    }

    private static StageRequest RequestOf(ScriptFile file)
    {
        var parameters = file.Parameters ?? [];
        var scenario = Build(FamilyOf(file.Scenario), parameters);
        if (file.Property is { } name && scenario.Properties.All(property => property.Name != name))
        {
            throw new BadInput(Suggest.Unknown($"property of {file.Scenario}", name, scenario.Properties.Select(known => known.Name)));
        }

        return new StageRequest(
            file.Scenario, parameters, scenario, file.ToScript(), Fails: false, file.Property,
            file.Property is null ? ExitCode.Success : ExitCode.Failed);
    }

    private static async Task<int> Stage(StageRequest request, bool keep, IRenderer renderer)
    {
        Rehearse(request, (_, _) => { }); // what cannot be staged is known before any process starts
        using var signals = new StopSignals();
        var root = Directory.CreateTempSubdirectory("actorlab-stage-").FullName;
        try
        {
            var nodes = request.Scenario.Nodes;
            renderer.Show(new Output.Line([
                $"{nodes.Count} processes of {request.Run} start; messages and timers wait for the schedule."]));
            await using (var lab = await StageLab.Start(request.Run, request.Parameters, nodes, root, signals.Token).ConfigureAwait(false))
            {
                var pure = new PureStage(request.Scenario);
                var driver = new StageDriver(lab, request.Scenario, pure, (number, step) => ShowStep(renderer, number, step));
                await driver.Walk(request.Script, signals.Token).ConfigureAwait(false);
            }

            return Judge(request, RecordingReplay.Replay(RecordingReplay.Load([root])), renderer);
        }
        catch (Exception failed) when (failed is StagingFailed or NodeSilent)
        {
            renderer.Show(new Output.Line([Cell.Bad($"The schedule does not go through on processes. {failed.Message}")]));
            return NotShown;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            throw new CommandFailed("It was stopped before the schedule had ended.");
        }
        finally
        {
            if (keep)
            {
                renderer.Show(new Output.Line([$"The folder of the cluster is {root}; lab replay {root} judges its recordings again."]));
            }
            else
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static int Judge(StageRequest request, ConformanceResult result, IRenderer renderer)
    {
        RecordingReplay.Show(result, renderer);
        if (result.Difference is not null || !Shows(request, result.Verdicts, result.Failure is not null))
        {
            renderer.Show(new Output.Line([Cell.Bad(
                result.Difference is not null ? "The processes took other turns than their roles do: nothing is shown."
                : request.Property is { } missing ? $"{missing} is not violated on processes."
                : "The processes do not show what the file says.")]));
            return NotShown;
        }

        renderer.Show(new Output.Line([request.Exit == ExitCode.Success
            ? Cell.Good($"{request.Run}: the schedule went through on processes, and no property is violated.")
            : Cell.Bad($"{request.Run}: {(request.Property is { } name ? $"{name} violated" : "a step fails")} on processes, "
                + $"by {result.Verdicts.FirstOrDefault(one => one.Property.Name == request.Property)?.Turn ?? result.Failure?.Turn}.")]));
        return request.Exit;
    }

    /// <summary>Whether a run shows what the file says of it.</summary>
    private static bool Shows(StageRequest request, Seq<RecordedVerdict> verdicts, bool failed) =>
        request.Fails ? failed
        : request.Property is null ? !failed && verdicts.All(verdict => verdict.Kind != VerdictKind.Violated)
        : verdicts.Any(verdict => verdict.Property.Name == request.Property && verdict.Kind == VerdictKind.Violated);

    private static PureStage Rehearse(StageRequest request, Action<int, GateStep> show)
    {
        try
        {
            return new PureStage(request.Scenario).Run(request.Script, show);
        }
        catch (StagingFailed failed)
        {
            throw new BadInput(failed.Message);
        }
    }

    private static ScenarioFamily FamilyOf(string name) => Checkable.Find(name).Family
        ?? throw new BadInput($"{name} is a model over shared variables: it has no nodes, so nothing of it can be staged.");

    private static Scenario Build(ScenarioFamily family, IReadOnlyDictionary<string, int> parameters)
    {
        try
        {
            return Scenarios.Of(family, parameters);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new BadInput(e.Message);
        }
    }

    private static void ShowStep(IRenderer renderer, int number, GateStep step) =>
        renderer.Show(new Output.Line([$"{number,3} {SafeText.Shorten($"{step}", 300)}"]));

    /// <summary>What is to be staged, and what it shall show.</summary>
    /// <param name="Run">The scenario's name.</param>
    /// <param name="Parameters">Its parameters.</param>
    /// <param name="Scenario">The scenario.</param>
    /// <param name="Script">The schedule.</param>
    /// <param name="Fails">Whether a step throws in the end.</param>
    /// <param name="Property">What is violated; null for nothing.</param>
    /// <param name="Exit">The exit code when that is so.</param>
    private sealed record StageRequest(
        string Run, IReadOnlyDictionary<string, int> Parameters, Scenario Scenario, GateScript Script, bool Fails, string? Property, int Exit);
}

using System.Text.Json;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A counterexample in a file.</summary>
/// <param name="Format">1.</param>
/// <param name="Build">Which build of the models wrote it.</param>
/// <param name="Name">Of the model.</param>
/// <param name="Values">Its parameters.</param>
/// <param name="World">Network and faults.</param>
/// <param name="Property">What is violated; null where a step failed.</param>
/// <param name="Exit">The exit code of the check.</param>
/// <param name="Ordinals">Which of the starts, and then which of the steps out of each world.</param>
/// <param name="LoopsTo">After how many steps the cycle begins; null for a story that ends.</param>
/// <param name="Steps">What each step was, to see that it still is.</param>
public sealed record ReplayFile(
    int Format, string Build, string Name, Dictionary<string, int> Values, CheckWorld World, string? Property, int Exit,
    int[] Ordinals, int? LoopsTo, string[] Steps)
{
    private const long MostBytes = 64 << 20;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The build that runs now: another one may take other steps for the same numbers.</summary>
    public static string ThisBuild { get; } = string.Join("-", new[]
    {
        typeof(ModelChecker), typeof(Models.ModelList), typeof(Algorithms.Raft.RaftServer), typeof(Scenario),
    }.Select(type => type.Module.ModuleVersionId.ToString("N")[..8]));

    /// <summary>Writes a story.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="request">What was checked.</param>
    /// <param name="story">The story.</param>
    /// <param name="property">What it violates; null where a step failed.</param>
    /// <param name="exit">The exit code of the check.</param>
    /// <returns>The file's full path.</returns>
    /// <exception cref="CommandFailed">It cannot be written.</exception>
    public static string Save(string path, CheckRequest request, Story story, string? property, int exit)
    {
        var file = new ReplayFile(
            1, ThisBuild, request.Name, new Dictionary<string, int>(request.Values), request.World, property,
            exit, [.. story.Ordinals], story.LoopsTo, [.. story.Steps.Select(step => step.Text)]);
        WholeFile.Write(path, "The counterexample", stream => JsonSerializer.Serialize(stream, file, Form));
        return path;
    }

    /// <exception cref="BadInput">There is no such file, or it is none of these.</exception>
    public static ReplayFile Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                throw new BadInput(Directory.Exists(path)
                    ? $"{SafeText.Shorten(path, 200)} is a folder, and a replay file is wanted."
                    : $"There is no file {SafeText.Shorten(path, 200)}.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new BadInput($"{SafeText.Shorten(path, 200)} is larger than a replay file can be, {MostBytes >> 20} MiB.");
            }

            var text = File.ReadAllText(path);
            if (JsonShape.SyntaxMistake(text) is { } damage)
            {
                throw new BadInput($"{SafeText.Shorten(path, 200)} is no replay file: {damage}");
            }

            var file = JsonSerializer.Deserialize<ReplayFile>(text, Form);
            return file is { Format: 1, Exit: ExitCode.Success or ExitCode.Failed, Name: not null, Values: not null, World: not null, Ordinals.Length: > 0, Steps: not null }
                ? file
                : throw new BadInput($"{SafeText.Shorten(path, 200)} is no replay file of this lab.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{SafeText.Shorten(path, 200)} is no replay file: {JsonShape.Sentence(error)}");
        }
    }
}

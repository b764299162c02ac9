using System.Text.Json;
using System.Text.Json.Serialization;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A schedule in a file, which people may write by hand.</summary>
/// <param name="Format">1.</param>
/// <param name="Scenario">As <c>lab check</c> names it.</param>
/// <param name="Parameters">Its parameters; null for the defaults.</param>
/// <param name="Property">What it violates; null where it violates nothing.</param>
/// <param name="Steps">See <see cref="GateStep.Parse"/>; a line that begins with # says something to readers.</param>
public sealed record ScriptFile(int Format, string Scenario, Dictionary<string, int>? Parameters, string? Property, string[] Steps)
{
    private const long MostBytes = 16 << 20;
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public GateScript ToScript()
    {
        try
        {
            return new GateScript(Seq.ToSeq(Steps.Where(step => !step.StartsWith('#')).Select(GateStep.Parse)));
        }
        catch (FormatException e)
        {
            throw new BadInput(e.Message);
        }
    }

    /// <summary>Reads a schedule; null for a file that is none.</summary>
    /// <exception cref="BadInput">It is one, and damaged.</exception>
    public static ScriptFile? Load(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MostBytes)
            {
                return null;
            }

            var text = File.ReadAllBytes(path);
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("scenario", out _)
                || !json.RootElement.TryGetProperty("steps", out _) || json.RootElement.TryGetProperty("events", out _))
            {
                return null;
            }

            return Read(path, text) is { Format: 1, Scenario: not null, Steps: not null } script
                && script.Steps.All(step => step is not null)
                ? script
                : throw new BadInput($"{SafeText.Shorten(path, 200)} is no schedule of format 1.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{SafeText.Shorten(path, 200)} cannot be read: {e.Message}");
        }
        catch (JsonException)
        {
            return null; // whatever it is, others say what is wrong with it
        }
    }

    private static ScriptFile? Read(string path, byte[] text)
    {
        try
        {
            return JsonShape.Mistake(System.Text.Encoding.UTF8.GetString(text), typeof(ScriptFile), Form) is { } mistake
                ? throw new BadInput($"{SafeText.Shorten(path, 200)} is no schedule: {mistake}")
                : JsonSerializer.Deserialize<ScriptFile>(text, Form);
        }
        catch (JsonException e)
        {
            throw new BadInput($"{SafeText.Shorten(path, 200)} is no schedule: {JsonShape.Sentence(e)}");
        }
    }
}

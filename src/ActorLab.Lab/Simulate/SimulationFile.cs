using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A claim that a run broke, in a file.</summary>
/// <param name="Property">Which one.</param>
/// <param name="Reason">Its claim.</param>
/// <param name="At">Virtual time.</param>
/// <param name="Event">The event of the trace after which it was broken.</param>
/// <param name="Where">Whose turn broke it; null where it was no turn.</param>
public sealed record BrokenClaim(string Property, string Reason, TimeSpan At, long Event, Address? Where);

/// <summary>A run of the simulator in a file.</summary>
/// <param name="Kind"><see cref="KindOfRun"/>: what <c>lab replay</c> tells files apart by.</param>
/// <param name="Format">1.</param>
/// <param name="Build">Which build of the lab wrote it.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Decisions">What was left to chance, shrunk; null where the seed of the request decides.</param>
/// <param name="Time">How long the run lasts.</param>
/// <param name="Quiet">The quiet part at its end.</param>
/// <param name="Violation">What it broke; null for nothing.</param>
/// <param name="TraceHash">Of the run, 32 hexadecimal digits.</param>
/// <param name="Turns">Of the run.</param>
/// <param name="Exit">The exit code of the simulation.</param>
public sealed record SimulationFile(
    string Kind, int Format, string Build, SimulationRequest Request, Decisions? Decisions, TimeSpan Time, TimeSpan Quiet,
    BrokenClaim? Violation, string TraceHash, long Turns, int Exit)
{
    public const string KindOfRun = "simulation";

    private const int ThisFormat = 1;
    private const long MostBytes = 256 << 20;

    private static readonly JsonSerializerOptions Form = new(FaultJson.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The build that runs now: another one may run otherwise.</summary>
    public static string ThisBuild { get; } = string.Join("-", new[]
    {
        typeof(Simulator), typeof(Algorithms.Raft.RaftServer), typeof(Models.ModelList), typeof(Scenario),
    }.Select(type => type.Module.ModuleVersionId.ToString("N")[..8]));

    /// <summary>A run that the seed decides.</summary>
    public static SimulationFile Of(SimulationRequest request, SimulationResult result) =>
        Of(request, result, null, request.Time, request.Quiet);

    /// <summary>A run that was shrunk.</summary>
    public static SimulationFile Of(SimulationRequest request, ShrinkResult shrunk) =>
        Of(request, shrunk.Result, shrunk.Options.Replay, shrunk.Options.VirtualTime, shrunk.Options.Quiet);

    /// <summary>Whether a file holds a run, rather than a counterexample of the model checker.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var head = new char[200];
            return new string(head, 0, reader.ReadBlock(head)).Contains($"\"{KindOfRun}\"", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The scenario and the options with which it runs again.</summary>
    /// <exception cref="BadInput">The request in it makes no sense to this build.</exception>
    public (Scenario Scenario, SimulationOptions Options) Rebuild()
    {
        var (scenario, options) = Request.Build();
        return (scenario, Decisions is null
            ? options
            : options with { Replay = Decisions, VirtualTime = Time, Quiet = Quiet });
    }

    /// <summary>Writes it whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="what">What it is, for the sentence.</param>
    /// <exception cref="CommandFailed">It cannot be written.</exception>
    public void Save(string path, string what = "The run") => WholeFile.Write(path, what, stream => JsonSerializer.Serialize(stream, this, Form));

    /// <exception cref="BadInput">There is no such file, it is cut short, or another version wrote it.</exception>
    public static SimulationFile Load(string path)
    {
        var name = SafeText.Shorten(path, 200);
        try
        {
            if (!File.Exists(path))
            {
                throw new BadInput($"There is no file {name}.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new BadInput($"{name} is larger than a run can be, {MostBytes >> 20} MiB.");
            }

            var text = File.ReadAllText(path);
            if (JsonShape.SyntaxMistake(text) is { } damage)
            {
                throw new BadInput($"{name} is no whole run of this lab: {damage}");
            }

            if (FormatOf(text) is var format && format != ThisFormat)
            {
                throw new BadInput($"{name} is of format {format}, and this lab reads format {ThisFormat}.");
            }

            if (JsonShape.Mistake(text, typeof(SimulationFile), Form) is { } unknown)
            {
                throw new BadInput($"{name} is no run of this lab: {unknown}");
            }

            var file = JsonSerializer.Deserialize<SimulationFile>(text, Form);
            return file is { Kind: KindOfRun, Build: not null, Request: { Name: not null, Values: not null, Faults: not null }, TraceHash: not null }
                && file.Exit is ExitCode.Success or ExitCode.Failed && file.Time >= TimeSpan.Zero && file.Quiet >= TimeSpan.Zero
                ? Sensible(file, name)
                : throw new BadInput($"{name} is no run of this lab.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BadInput($"{name} is no whole run of this lab: {JsonShape.Sentence(error)}");
        }
    }

    /// <exception cref="BadInput">It asks for what makes no sense.</exception>
    private static SimulationFile Sensible(SimulationFile file, string name)
    {
        var mistake = (file.Request.Plan is { } plan ? FaultJson.Mistake(plan) : null)
            ?? (file.Decisions is { } decisions ? FaultJson.Mistake(decisions.Faults) : null)
            ?? (file.Decisions?.Operations.Any(operation => operation.Message is null) == true ? "an operation has no message." : null)
            ?? (file.Decisions?.Draws.Any(draws => draws.Of is null) == true ? "a draw has no name." : null);
        return mistake is null ? file : throw new BadInput($"{name} makes no sense: {mistake}");
    }

    private static SimulationFile Of(SimulationRequest request, SimulationResult result, Decisions? decisions, TimeSpan time, TimeSpan quiet)
    {
        var violation = result.Violation is { } broken
            ? new BrokenClaim(broken.Property, broken.Reason, broken.At, broken.TraceIndex, broken.Where)
            : null;
        return new SimulationFile(
            KindOfRun, ThisFormat, ThisBuild, request with { Seed = result.Seed }, decisions, time, quiet, violation,
            result.TraceHash.ToString("x32", CultureInfo.InvariantCulture), result.Turns,
            violation is null ? ExitCode.Success : ExitCode.Failed);
    }

    private static int FormatOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("format", out var format)
            && format.TryGetInt32(out var number) ? number : 0;
    }
}

using System.CommandLine;
using System.Text.Json;
using ActorLab.Console;
using ActorLab.Core;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab mutants</c>.</summary>
internal static class MutantsCommand
{
    private static readonly Argument<string> Algorithm = new("algorithm") { Arity = ArgumentArity.ZeroOrOne, Description = "Only its mutants, or one of them, such as raft:forgets-its-vote" };
    private static readonly Option<string[]> By = new("--by") { Description = "checker, simulator or judge; all if not given; may be given again", HelpName = "NAME" };
    private static readonly Option<int> Seeds = Switches.Number("--seeds", "How many seeds the simulator may try", 1_000, 1, 100_000);
    private static readonly Option<bool> Any = Switches.Flag("--any", "Of each mutant, stop at the first that catches it");
    private static readonly Option<bool> Json = Switches.Flag("--json", "One line of JSON for each mutant instead");

    public static Command Build()
    {
        var command = new Command(
            "mutants",
            "Break algorithms on purpose and see what finds it out: every mutant against the checker, the simulator and the judge.\n"
            + "Exit code: 0 all are caught by a property that should; 1 one survives; 2 bad input; 3 interrupted.");
        command.Arguments.Add(Algorithm);
        command.Options.Add(By);
        command.Options.Add(Seeds);
        command.Options.Add(Any);
        command.Options.Add(Json);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var mutants = Asked(parsed.GetValue(Algorithm));
        var instruments = Instruments(parsed.GetValue(By) ?? []);
        using var signals = new StopSignals();
        var view = new MutantsView(Renderers.For(PbmIo.OfProcess(), json: false), parsed.GetRequiredValue(Json));
        var rows = new List<MatrixRow>();
        try
        {
            foreach (var mutant in mutants)
            {
                view.Trying(mutant, rows.Count, mutants.Count);
                rows.Add(MutantMatrix.Row(mutant, instruments, parsed.GetRequiredValue(Seeds), parsed.GetRequiredValue(Any), signals.Token));
            }
        }
        catch (OperationCanceledException)
        {
            view.Show(rows, instruments);
            return CheckCommand.Bounded;
        }

        view.Show(rows, instruments);
        return rows.Exists(row => row.Survives) ? ExitCode.Failed : ExitCode.Success;
    }

    private static IReadOnlyList<Mutant> Asked(string? name)
    {
        if (name is null)
        {
            return MutantList.All;
        }

        var asked = MutantList.All.Where(mutant => mutant.Family.Name == name || MutantList.AlgorithmOf(mutant) == name).ToList();
        return asked.Count > 0 ? asked : throw new BadInput(Suggest.Unknown(
            "algorithm with mutants", name,
            MutantList.All.Select(MutantList.AlgorithmOf).Distinct().Concat(name.Contains(':') ? MutantList.All.Select(mutant => mutant.Family.Name) : [])));
    }

    private static Instrument[] Instruments(string[] names)
    {
        var known = Enum.GetValues<Instrument>();
        return names.Length == 0
            ? known
            : [.. names.Select(name => Enum.TryParse<Instrument>(name, ignoreCase: true, out var one) && !int.TryParse(name, out _)
                ? one
                : throw new BadInput(Suggest.Unknown("instrument", name, known.Select(instrument => instrument.ToString().ToLowerInvariant())))).Distinct()];
    }
}

/// <summary>The kill matrix as people and programs read it.</summary>
internal sealed class MutantsView(IRenderer renderer, bool json)
{
    private readonly bool _isLive = !System.Console.IsErrorRedirected;

    public void Trying(Mutant mutant, int done, int all)
    {
        if (_isLive)
        {
            System.Console.Error.Write($"\r{done} of {all}: {mutant.Family.Name}\u001b[K");
        }
    }

    public void Show(List<MatrixRow> rows, Instrument[] instruments)
    {
        if (_isLive)
        {
            System.Console.Error.Write("\r\u001b[K");
        }

        if (json)
        {
            rows.ForEach(Write);
            return;
        }

        renderer.Show(new Output.Table(
            ["mutant", .. instruments.Select(one => (Column)one.ToString().ToLowerInvariant())],
            [.. rows.Select(row => (Cell[])[Cell.Strong(row.Mutant.Family.Name), .. instruments.Select(one => CellOf(row, one))])]));
        foreach (var row in rows)
        {
            renderer.Show(new Output.Line([
                row.Survives ? Cell.Bad($"{row.Mutant.Family.Name} survives.") : Cell.Strong(row.Mutant.Family.Name),
                $"  gives up: {row.Mutant.GivesUp} ({row.Mutant.Where})"]));
            foreach (var claim in row.Catches.Values.Select(one => one.StoppedBy).OfType<string>().Distinct())
            {
                renderer.Show(new Output.Line([Cell.Dim($"  a role's own claim that stopped runs: {claim}")]));
            }
        }
    }

    private static Cell CellOf(MatrixRow row, Instrument instrument) =>
        !row.Catches.TryGetValue(instrument, out var found) ? "-"
        : found.Property is { } property && row.IsAsExpected(property) ? Cell.Good($"{property}, {StepsOf(found)}, {found.Effort}")
        : found.Property is { } other ? Cell.Warn($"{SafeText.Shorten(other, 60)}, {StepsOf(found)}, {found.Effort}")
        : Cell.Warn($"not in {found.Effort}{(found.Stopped > 0 ? $", of which {found.Stopped} were stopped by the role's own claim" : "")}");

    private static string StepsOf(Catch found) => found.Steps == 0 ? "not shrunk" : found.IsShortest ? $"{found.Steps} steps" : $"{found.Steps} steps or fewer (not shrunk to the end)";

    private static void Write(MatrixRow row) => System.Console.Out.WriteLine(JsonSerializer.Serialize(
        new
        {
            Mutant = row.Mutant.Family.Name,
            row.Mutant.GivesUp,
            row.Mutant.Where,
            Breaks = row.Mutant.Breaks.ToArray(),
            row.Survives,
            Catches = row.Catches.ToDictionary(
                one => one.Key.ToString().ToLowerInvariant(),
                one => new
                {
                    one.Value.Property,
                    one.Value.Steps,
                    one.Value.IsShortest,
                    one.Value.Effort,
                    one.Value.Stopped,
                    one.Value.StoppedBy,
                    Seconds = one.Value.Elapsed.TotalSeconds,
                }),
        },
        OutputJson.Options));
}

using System.CommandLine;
using System.Globalization;
using ActorLab.Checking;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab judge</c>.</summary>
internal static class JudgeCommand
{
    /// <summary>The exit code when a limit was reached before the verdict was certain.</summary>
    public const int Undecided = 3;

    private const string UsualTime = "60s";

    private static readonly Argument<string> Path = new("file") { Description = "A history: a Jepsen log, EDN, or JSON lines" };
    private static readonly Option<string> Model = Switches.Text(
        "--model", $"What it is held against: {string.Join(", ", JudgeModels.All.Select(model => model.Name))}", "NAME", "none");

    private static readonly Option<string> Format = Switches.Choice("--format", "How the file is written", "auto", HistoryText.Formats);
    private static readonly Option<string> TimeLimit = Switches.Text("--time-limit", "Give up after so long, such as 500ms, 10s or 5m", "TIME", UsualTime);
    private static readonly Option<string> Html = Switches.Text("--html", "Draw the history into this file", "FILE", "none");
    private static readonly Option<bool> Json = Switches.Flag("--json", "End with one line of JSON");

    public static Command Build()
    {
        var command = new Command("judge", "Judge recorded histories.");
        var linearizable = new Command(
            "linearizable",
            "Whether a history is linearizable: whether each operation can have taken effect at one moment between its call and its return.\n"
            + "Models:\n" + string.Join("\n", JudgeModels.All.Select(model => $"  {model.Name,-13} {model.Summary}"))
            + "\nExit code: 0 linearizable, 1 not, 2 bad input, 3 not decided within the limits.");
        linearizable.Arguments.Add(Path);
        foreach (var option in (Option[])[Model, Format, TimeLimit, Html, Json])
        {
            linearizable.Options.Add(option);
        }

        linearizable.SetAction(Run);
        command.Subcommands.Add(linearizable);
        command.SetAction((Func<ParseResult, int>)(_ => throw new BadInput("lab judge wants to know what to judge: linearizable.")));
        return command;
    }

    public static int CodeOf(LinearizabilityVerdict verdict) => verdict switch
    {
        LinearizabilityVerdict.Linearizable => ExitCode.Success,
        LinearizabilityVerdict.NotLinearizable => ExitCode.Failed,
        _ => Undecided,
    };

    private static int Run(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(Model);
        if (name == "none")
        {
            throw new BadInput($"lab judge linearizable wants --model: {string.Join(", ", JudgeModels.All.Select(known => known.Name))}.");
        }

        var model = JudgeModels.Find(name);
        var limit = Span(parsed.GetRequiredValue(TimeLimit));
        var html = parsed.GetRequiredValue(Html) is not "none" and var page ? page : null;
        if (html is not null)
        {
            WholeFile.Try(html, "The page");
        }

        var history = HistoryFile.LoadWithLines(parsed.GetRequiredValue(Path), name, parsed.GetRequiredValue(Format));
        using var signals = new StopSignals();
        LinearizabilityResult result;
        try
        {
            result = LinearizabilityChecker.Check(
                history.History, model, new LinearizabilityOptions { TimeLimit = limit, Cancellation = signals.Token });
        }
        catch (ArgumentException error)
        {
            throw new BadInput(error.Message);
        }

        return Show(
            new Judgement(history, model, result, CommandOf(parsed)), html, parsed.GetRequiredValue(Json),
            Renderers.For(PbmIo.OfProcess(), json: false));
    }

    /// <summary>Shows a verdict. A page that cannot be written changes neither the verdict nor the exit code.</summary>
    internal static int Show(Judgement judged, string? html, bool json, IRenderer renderer)
    {
        var view = new JudgeView(renderer);
        string? page = null;
        try
        {
            if (html is not null)
            {
                HistoryPage.Save(html, judged);
                page = html;
            }
        }
        catch (CommandFailed error)
        {
            renderer.Show(new Output.Error(error.Message));
        }

        view.Show(judged);
        if (page is not null)
        {
            view.Saved(page);
        }

        if (json)
        {
            JudgeView.End(judged);
        }

        return CodeOf(judged.Result.Verdict);
    }

    private static string CommandOf(ParseResult parsed)
    {
        var words = new List<string> { "lab judge linearizable", DiagramOutputs.Quoted(parsed.GetRequiredValue(Path)) };
        foreach (var (option, usual) in new[] { (Model, "none"), (Format, "auto"), (TimeLimit, UsualTime), (Html, "none") })
        {
            if (parsed.GetRequiredValue(option) is { } value && value != usual)
            {
                words.Add($"{option.Name} {DiagramOutputs.Quoted(value)}");
            }
        }

        return string.Join(' ', words);
    }

    private static TimeSpan Span(string text)
    {
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var factor = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        return factor > 0 && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * factor <= 1e6
            ? TimeSpan.FromSeconds(number * factor)
            : throw new BadInput($"--time-limit wants a time such as 500ms, 10s or 5m, not \"{SafeText.Shorten(text, 60)}\".");
    }
}

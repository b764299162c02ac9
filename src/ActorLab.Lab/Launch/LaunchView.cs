using ActorLab.Console;
using Spectre.Console;

namespace ActorLab.Lab;

/// <summary>How far the start of a lab is.</summary>
/// <param name="Wanted">How many nodes there shall be.</param>
/// <param name="Answering">Node processes whose control port answers.</param>
/// <param name="Up">Nodes that say of themselves that they are up in the cluster.</param>
/// <param name="Running">Nodes whose roles all run.</param>
/// <param name="Leader">Who leads what, such as <c>n3 of raft in term 2</c>; null while a leader is missing.</param>
/// <param name="Heard">Directions of links that carry something: two nodes that call each other at once may miss each other.</param>
public sealed record LaunchProgress(int Wanted, int Answering, int Up, int Running, string? Leader, int Heard = 0)
{
    public bool Done => Answering == Wanted && Up == Wanted && Running == Wanted && Leader is not null && Heard == Links;

    /// <summary>How many directions of links there are.</summary>
    public int Links => Wanted * (Wanted - 1);

    public override string ToString() =>
        $"processes {Answering}/{Wanted}, members up {Up}/{Wanted}, roles run {Running}/{Wanted}, links heard {Heard}/{Links}, leader {Leader ?? "none yet"}";
}

/// <summary>Shows the start of a lab and what happens to it later.</summary>
public interface ILaunchView
{
    /// <summary>Shows progress while the work runs.</summary>
    Task Launching(Func<Action<LaunchProgress>, Task> work);

    void Line(string text, Tone tone = Tone.Plain);
}

/// <summary>Plain lines: in a pipe, in a log, in the background.</summary>
public sealed class PlainView(TextWriter to) : ILaunchView
{
    public async Task Launching(Func<Action<LaunchProgress>, Task> work)
    {
        LaunchProgress? shown = null;
        await work(progress =>
        {
            if (progress != shown)
            {
                Line(progress.ToString());
                shown = progress;
            }
        }).ConfigureAwait(false);
    }

    public void Line(string text, Tone tone = Tone.Plain)
    {
        to.WriteLine(SafeText.Escape(text));
        to.Flush();
    }
}

/// <summary>A live table in a terminal, and coloured lines above the prompt later.</summary>
public sealed class TerminalView(IAnsiConsole terminal) : ILaunchView
{
    /// <summary>What stands at the left end of the line that a message interrupts; empty while there is no prompt.</summary>
    public string Prompt { get; set; } = "";

    public Task Launching(Func<Action<LaunchProgress>, Task> work) =>
        terminal.Live(TableOf(new LaunchProgress(0, 0, 0, 0, null)))
            .StartAsync(live => work(progress =>
            {
                live.UpdateTarget(TableOf(progress));
                live.Refresh();
            }));

    public void Line(string text, Tone tone = Tone.Plain)
    {
        if (Prompt.Length > 0)
        {
            terminal.Profile.Out.Writer.Write("\r\u001b[K");
        }

        terminal.Write(new Text(SafeText.Escape(text), StyleOf(tone)));
        terminal.Profile.Out.Writer.Write(Prompt.Length > 0 ? "\r\n" + Prompt : "\n");
        terminal.Profile.Out.Writer.Flush();
    }

    private static Table TableOf(LaunchProgress progress)
    {
        var table = new Table().NoBorder().HideHeaders().AddColumns("", "", "");
        AddRow(table, progress.Answering == progress.Wanted && progress.Wanted > 0, "processes", $"{progress.Answering} of {progress.Wanted}");
        AddRow(table, progress.Up == progress.Wanted && progress.Wanted > 0, "members up", $"{progress.Up} of {progress.Wanted}");
        AddRow(table, progress.Running == progress.Wanted && progress.Wanted > 0, "roles run", $"{progress.Running} of {progress.Wanted}");
        AddRow(table, progress.Heard == progress.Links && progress.Wanted > 0, "links heard", $"{progress.Heard} of {progress.Links}");
        AddRow(table, progress.Leader is not null, "leader", progress.Leader ?? "");
        return table;
    }

    private static void AddRow(Table table, bool done, string what, string value) =>
        table.AddRow(done ? new Markup("[green]✓[/]") : new Markup("[yellow]…[/]"), new Text(what), new Text(value, StyleOf(Tone.Strong)));

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        Tone.Warn => new Style(Color.Yellow),
        Tone.Dim => new Style(decoration: Decoration.Dim),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}

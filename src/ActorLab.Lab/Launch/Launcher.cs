using System.Diagnostics;
using ActorLab.Cluster;
using ActorLab.Console;
using Serilog;
using Serilog.Core;
using Spectre.Console;

namespace ActorLab.Lab;

/// <summary>The controller: what <c>lab up</c> runs in its own process until the lab ends.</summary>
public static class Launcher
{
    /// <summary>The line that tells the process in front that the one in the background is ready.</summary>
    internal const string ReadyMark = "#ready";

    private const string LogTemplate = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>Starts the lab, waits for its end, and takes everything down again.</summary>
    /// <returns>The exit code: 0 when the lab was ready and was then ended by command, Ctrl-C or SIGTERM.</returns>
    /// <exception cref="BadInput">A taken port or folder.</exception>
    /// <exception cref="CommandFailed">The nodes did not start.</exception>
    public static async Task<int> Run(UpOptions options)
    {
        if (options.Background)
        {
            Posix.LeaveTerminal();
        }

        using var signals = new StopSignals();
        var before = options.Fresh ? RunFile.Read(options.Data)?.LabId : null;
        using var folder = DataFolder.Open(options.Data, options.Shape, options.Fresh);
        Prepare(options.Postgres, before);
        await using var console = ConsolePort.Take(options.Port);
        await using var log = new LoggerConfiguration().WriteTo.File(folder.Log, outputTemplate: LogTemplate).CreateLogger();
        var tokenFile = options.TokenFile ?? LabToken.DefaultPath(console.Port);
        var token = options.TokenFile is null ? LabToken.Create(tokenFile) : LabToken.Read(tokenFile);
        try
        {
            return await Run(options, folder, console, (tokenFile, token), signals, log).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            throw new CommandFailed("The lab was stopped before it was ready.");
        }
        finally
        {
            if (options.TokenFile is null)
            {
                File.Delete(tokenFile);
            }

            folder.Update(run => run with { State = LabState.Stopped, Pid = 0 });
            log.Information("The lab ended");
        }
    }

    /// <summary>Looks whether the database is there before any node starts, and deletes what an earlier lab left there.</summary>
    private static void Prepare(string? postgres, string? before)
    {
        if (postgres is null)
        {
            return;
        }

        try
        {
            PostgresStore.Check(postgres);
            if (before is not null)
            {
                PostgresStore.Drop(postgres, before);
            }
        }
        catch (NodeRefusal e)
        {
            throw new CommandFailed(e.Message);
        }
    }

    private static async Task<int> Run(
        UpOptions options, DataFolder folder, ConsolePort console, (string File, string Text) token, StopSignals signals, Logger log)
    {
        var interactive = !options.Background && !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;
        ILaunchView view = interactive ? new TerminalView(AnsiConsole.Console) : new PlainView(System.Console.Out);
        await using var lab = LabContext.Assemble(options, folder, token, log);
        folder.Update(run => run with
        {
            State = LabState.Starting,
            Pid = Environment.ProcessId,
            Port = console.Port,
            TokenFile = token.File,
            Started = DateTimeOffset.Now,
        });
        log.Information("Lab of {Shape} that runs {Run} in process {Pid}, console on port {Port}", options.Shape, string.Join(", ", options.Run), Environment.ProcessId, console.Port);
        await console.Open(lab, token.Text, signals.Stop).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        await view.Launching(show => new LaunchSequence(lab).Run(show, signals.Token)).ConfigureAwait(false);
        folder.Update(run => run with { State = LabState.Ready });
        log.Information("Ready after {Seconds:0.0} s", watch.Elapsed.TotalSeconds);
        lab.Supervisor.RestartFailed = options.Restart;
        lab.Supervisor.EndedUnexpectedly += end => Tell(view, log, SentenceOf(end, options.Restart), Tone.Bad);
        lab.Supervisor.Restarted += (_, sentence) => Tell(view, log, sentence, Tone.Warn);
        var reconcile = Task.WhenAll(lab.Faults.Reconcile(signals.Token), lab.Board.Reconcile(signals.Token));
        var joins = LaunchSequence.WatchJoins(lab, signals.Token);
        await Serve(view, console.Port, token.Text, watch.Elapsed, lab, signals).ConfigureAwait(false);
        signals.Stop();
        await Task.WhenAll(reconcile, joins).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static async Task Serve(
        ILaunchView view, int port, string token, TimeSpan took, LabContext lab, StopSignals signals)
    {
        view.Line($"{lab.Options.Shape}, running {string.Join(", ", lab.Options.Run.DefaultIfEmpty("nothing"))}, ready after {took.TotalSeconds:0.0} s: console on 127.0.0.1:{port}, data in {lab.Folder.Root}", Tone.Good);
        if (lab.Options.Etcd is not null)
        {
            view.Line(
                $"etcdctl --endpoints {string.Join(',', lab.Setup.Ports.Values.Select(ports => $"127.0.0.1:{ports.ClientPort}"))} "
                + $"--user lab:$(cat {lab.Folder.Run.TokenFile}) put greeting hello");
        }

        if (view is TerminalView terminal)
        {
            view.Line($"Try: {string.Join(", ", FirstCommands(lab.Options.Run))}, node kill n1, partition isolate n2, help. exit ends the lab.", Tone.Dim);
            var address = new PbmAddress("127.0.0.1", port);
            terminal.Prompt = PbmPrompt.TextFor(address);
            await PbmPrompt.Run(address, token, signals.Token).ConfigureAwait(false);
            terminal.Prompt = "";
            return;
        }

        if (lab.Options.Background)
        {
            view.Line(ReadyMark);
            Posix.DropStandardStreams();
        }
        else
        {
            view.Line($"Commands: pbm 127.0.0.1:{port} {FirstCommands(lab.Options.Run)[^1]}. Ctrl-C, SIGTERM or lab down --port {port} ends the lab.");
        }

        await Task.Delay(Timeout.Infinite, signals.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What to begin with, the status last.</summary>
    internal static IReadOnlyList<string> FirstCommands(IEnumerable<string> run) => run.Select(Scenarios.Find).OfType<LabScenario>().FirstOrDefault() is { } first
        ? [first.FirstCommand, $"{first.Name} status"]
        : ["scenario list"];

    /// <summary>The last line that it printed tells why, unless a signal from outside ended it.</summary>
    private static string SentenceOf(UnexpectedEnd end, bool restart)
    {
        const int killed = 128 + 9;
        var why = end.ExitCode == killed
            ? "was killed from outside"
            : $"ended by itself (exit code {end.ExitCode}){(end.LastLines.Count > 0 ? $": {SafeText.Shorten(end.LastLines[^1], 200)}" : "")}";
        return $"{end.Node} {why}{(restart ? "" : $"; node start {end.Node} starts it again")}";
    }

    private static void Tell(ILaunchView view, Logger log, string sentence, Tone tone)
    {
        log.Warning("{Sentence}", sentence);
        view.Line(sentence, tone);
    }
}

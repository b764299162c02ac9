using System.Diagnostics;
using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary><c>lab up --detach</c>: starts the controller in the background and waits until it is ready.</summary>
public static class Detached
{
    /// <returns>0 when the lab is ready; else what the controller answered.</returns>
    public static async Task<int> Start(UpOptions options)
    {
        using var signals = new StopSignals();
        var start = OwnProgram.StartInfo((options with { Detach = false, Background = true }).ToArguments());
        if (options.Postgres is { } database)
        {
            start.Environment[PostgresStore.Variable] = database;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await using var stop = signals.Token.Register(() => End(process));
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line == Launcher.ReadyMark)
            {
                await Explain(options).ConfigureAwait(false);
                return ExitCode.Success;
            }

            await System.Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        }

        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        await System.Console.Error.WriteAsync(error).ConfigureAwait(false);
        return process.ExitCode == 0 ? ExitCode.Failed : process.ExitCode;
    }

    private static async Task Explain(UpOptions options)
    {
        var run = RunFile.Read(options.Data) ?? throw new CommandFailed($"The lab came up, but {options.Data} has no {RunFile.Name} any more.");
        var port = run.Port == UpOptions.DefaultPort ? "" : $" --port {run.Port}";
        var address = run.Port == UpOptions.DefaultPort ? "" : $" 127.0.0.1:{run.Port}";
        await System.Console.Out.WriteLineAsync(
            $"The lab goes on in the background as process {run.Pid}; its log is {Path.Combine(options.Data, "lab.log")}.\n"
            + $"  pbm{address} {Launcher.FirstCommands(options.Run)[^1]}    commands; without one, a prompt\n"
            + $"  lab status{port}\n"
            + $"  lab down{port}").ConfigureAwait(false);
    }

    private static void End(Process process)
    {
        try
        {
            if (Posix.HasSignals)
            {
                Posix.Send(process.Id, Signal.Terminate);
            }
            else
            {
                process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}

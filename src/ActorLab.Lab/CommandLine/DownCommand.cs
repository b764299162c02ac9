using System.CommandLine;
using System.Diagnostics;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab down</c>.</summary>
internal static class DownCommand
{
    /// <summary>Beyond what its nodes may take.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly Option<string> Data = LabAddress.DataSwitch();
    private static readonly Option<int> Port = LabAddress.PortSwitch();

    public static Command Build()
    {
        var command = new Command("down", "Stop a lab, found by its data folder (.lab here) or by its console's port.");
        command.Options.Add(Data);
        command.Options.Add(Port);
        command.SetAction((parsed, stopped) => Run(LabAddress.Find(parsed, Data, Port), stopped));
        return command;
    }

    private static async Task<int> Run(LabAddress lab, CancellationToken stopped)
    {
        var report = await lab.Report(stopped).ConfigureAwait(false);
        await lab.Stop(stopped).ConfigureAwait(false);
        var limit = TimeSpan.FromSeconds(report.StopSeconds) + Slack;
        var deadline = DateTimeOffset.Now + limit;
        while (DataFolder.IsHeld(report.Data))
        {
            if (DateTimeOffset.Now > deadline)
            {
                // The folder is held, so the process is still the lab's own; its nodes end with it.
                using var process = Process.GetProcessById(report.Pid);
                process.Kill();
                await System.Console.Out.WriteLineAsync($"The lab did not stop within {Durations.Format(limit)} and was killed.").ConfigureAwait(false);
                return ExitCode.Success;
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }

        await System.Console.Out.WriteLineAsync($"The lab on {report.Data} is down; its data stays.").ConfigureAwait(false);
        return ExitCode.Success;
    }
}

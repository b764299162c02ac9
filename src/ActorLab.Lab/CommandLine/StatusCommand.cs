using System.CommandLine;
using System.Text.Json;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab status</c>.</summary>
internal static class StatusCommand
{
    private static readonly Option<string> Data = LabAddress.DataSwitch();
    private static readonly Option<int> Port = LabAddress.PortSwitch();
    private static readonly Option<bool> Json = Switches.Flag("--json", "One JSON object, for programs");

    public static Command Build()
    {
        var command = new Command("status", "Show a running lab, found by its data folder (.lab here) or by its console's port. Exit code 1 when none runs.");
        command.Options.Add(Data);
        command.Options.Add(Port);
        command.Options.Add(Json);
        command.SetAction((parsed, stopped) => Run(LabAddress.Find(parsed, Data, Port), parsed.GetRequiredValue(Json), stopped));
        return command;
    }

    private static async Task<int> Run(LabAddress lab, bool json, CancellationToken stopped)
    {
        var report = await lab.Report(stopped).ConfigureAwait(false);
        if (json)
        {
            await System.Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, OutputJson.Options)).ConfigureAwait(false);
            return ExitCode.Success;
        }

        var renderer = Renderers.For(PbmIo.OfProcess(), json: false);
        renderer.Show(new Output.Line([$"{report.Shape}, {report.State.ToString().ToLowerInvariant()}, process {report.Pid}, console on 127.0.0.1:{report.Port}, data in {report.Data}"]));
        renderer.Show(new Output.Table(
            ["node", "process", Column.Right("pid"), "member", Column.Right("uptime")],
            [.. report.Nodes.Select(node => new Cell[]
            {
                Cell.Strong(node.Name),
                LabPalettes.LifeOf(new NodeInfo(node.Name, node.Life, node.Pid, null, 0, null)),
                node.Pid is { } pid ? pid : "",
                node.Member,
                node.UptimeSeconds is { } seconds ? LabPalettes.Since(TimeSpan.FromSeconds(seconds)) : "",
            })]));
        renderer.Show(new Output.Table(
            ["scenario", "parameters", "leader"],
            [.. report.Scenarios.Select(scenario => new Cell[]
            {
                Cell.Strong(scenario.Name),
                ScenarioBoard.Text(scenario.Parameters),
                !scenario.HasLeaders ? Cell.Dim("has none") : scenario.Leader is null ? Cell.Warn("none now") : Cell.Good(scenario.Leader),
            })]));
        if (report.Cuts.Count > 0)
        {
            renderer.Show(new Output.Line([Cell.Warn($"cut: {string.Join(", ", report.Cuts)}")]));
        }

        return ExitCode.Success;
    }
}

using System.CommandLine;
using ActorLab.Cluster;

namespace ActorLab.Lab;

/// <summary><c>lab node</c>, which <c>lab up</c> starts: not for people, so it is not in the help.</summary>
internal static class NodeCommand
{
    private static readonly Option<string> Config = Switches.Text("--config", "The node's configuration", "FILE", "");

    public static Command Build()
    {
        var command = new Command("node", "Run one node.") { Hidden = true };
        command.Options.Add(Config);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(Config)));
        return command;
    }

    private static async Task<int> Run(string path)
    {
        // Ctrl-C in the launcher's terminal is the launcher's to answer: it ends its nodes in order.
        Posix.LeaveTerminalGroup();
        try
        {
            return await NodeProgram.Run(NodeConfig.Read(path), Scenarios.Catalogue, CancellationToken.None).ConfigureAwait(false);
        }
        catch (NodeRefusal e)
        {
            await System.Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 2;
        }
    }
}

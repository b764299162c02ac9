using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The scenario that nodes ran when they recorded.</summary>
internal static class RecordedScenario
{
    /// <exception cref="BadInput">This program knows no such scenario, or cannot build it.</exception>
    public static Scenario Of(RecordedLine.Start start)
    {
        try
        {
            var config = new NodeConfig
            {
                Name = start.Node,
                RemotingPort = 0,
                ControlPort = 0,
                Peers = [.. start.Nodes.Select(name => new NodePeer(name, "", 0, 0))],
                Scenario = start.Scenario,
                Parameters = start.Parameters,
                DataDir = "",
                TokenFile = "",
            };
            return Scenarios.Catalogue.Find(start.Scenario).Build(config, LabHocon.FromPairs(start.Settings));
        }
        catch (Exception e) when (e is NodeRefusal or FormatException)
        {
            throw new BadInput($"What was recorded cannot be built: {e.Message}");
        }
    }
}

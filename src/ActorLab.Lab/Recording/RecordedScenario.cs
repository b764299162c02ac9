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
            return Scenarios.Catalogue.Find(start.Scenario)
                .Build(new ScenarioRequest(start.Nodes, start.Parameters, LabHocon.FromPairs(start.Settings)));
        }
        catch (Exception e) when (e is NodeRefusal or FormatException)
        {
            throw new BadInput($"What was recorded cannot be built: {e.Message}");
        }
    }
}

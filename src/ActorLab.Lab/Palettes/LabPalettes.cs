using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>The palettes of a lab.</summary>
public static class LabPalettes
{
    public static IReadOnlyList<Palette> For(LabContext lab) =>
    [
        ClusterPalette.For(lab),
        NodePalette.For(lab),
        PartitionPalette.For(lab),
        LinkPalette.For(lab),
        FaultPalette.For(lab),
        ScenarioPalette.For(lab),
        .. Scenarios.Known.Select(scenario => ScenarioPalette.Of(lab, scenario)),
        TracePalette.For(lab),
        ClocksPalette.For(lab),
    ];

    /// <summary>The node that a user named, or the first that runs.</summary>
    /// <exception cref="CommandFailed">The named node does not run, or none does.</exception>
    internal static string Asked(this LabContext lab, string? named)
    {
        if (named is null)
        {
            return lab.Running.FirstOrDefault() ?? throw new CommandFailed("No node runs: node start starts one, node list lists them.");
        }

        lab.RequireRunning(named);
        return named;
    }

    /// <exception cref="CommandFailed">The node is down or paused.</exception>
    internal static void RequireRunning(this LabContext lab, string node)
    {
        switch (lab.Supervisor[node].Life)
        {
            case NodeLife.Paused:
                throw new CommandFailed($"{node} is paused: node resume {node} lets it go on.");
            case NodeLife.Stopped or NodeLife.Failed:
                throw new CommandFailed($"{node} is down: node start {node} starts it.");
            case NodeLife.Running:
                break;
        }
    }

    /// <summary>Turns a silent node into a command that failed.</summary>
    internal static CommandHandler OrFailed(CommandHandler handler) => async (c, stopped) =>
    {
        try
        {
            await handler(c, stopped).ConfigureAwait(false);
        }
        catch (NodeSilent e)
        {
            throw new CommandFailed(e.Message);
        }
    };

    /// <summary>A node that falls silent under a write may have passed it on: that must not read like a refusal.</summary>
    /// <exception cref="CommandFailed">It was a write, and the node did not answer.</exception>
    internal static async Task<T> Asked<T>(Task<T> answer, bool writes)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (NodeSilent e) when (writes && !e.NeverAsked)
        {
            throw new CommandFailed($"{e.Message} It is unknown whether this took effect.");
        }
    }

    /// <summary>A line that is one piece.</summary>
    internal static void Say(this CommandContext c, Cell cell) => c.Line(cell.Text, cell.Tone);

    internal static Cell LifeOf(NodeInfo node) => node.Life switch
    {
        NodeLife.Running => Cell.Good("running"),
        NodeLife.Paused => Cell.Warn("paused"),
        NodeLife.Stopped => Cell.Dim("down"),
        _ => Cell.Bad("ended"),
    };

    internal static string Since(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0}s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes}m {time.Seconds:00}s",
        _ => $"{(int)time.TotalHours}h {time.Minutes:00}m",
    };
}

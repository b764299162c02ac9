using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;
using Akka.Configuration;
using Serilog;

namespace ActorLab.Lab;

/// <summary>A running lab, as palettes and the launcher see it. Its end is the end of its nodes.</summary>
public sealed class LabContext : IAsyncDisposable
{
    private LabContext()
    {
    }

    public required DataFolder Folder { get; init; }

    /// <summary>What nodes read at their start.</summary>
    public required NodePreparation Setup { get; init; }

    public required UpOptions Options { get; init; }

    /// <summary>What the nodes run.</summary>
    public required ScenarioBoard Board { get; init; }

    public required Supervisor Supervisor { get; init; }

    public required NodeClient Nodes { get; init; }

    public required FaultPlans Faults { get; init; }

    /// <summary>Does what fault plans say.</summary>
    public required FaultStriker Striker { get; init; }

    public required FaultPlayer Player { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Puts the parts together; nothing runs yet.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="folder">The lab's, locked.</param>
    /// <param name="token">The lab's token, and the file that nodes read it from.</param>
    /// <param name="log">The lab's.</param>
    /// <exception cref="BadInput">A scenario cannot be built for these nodes, or its disks are of another shape.</exception>
    public static LabContext Assemble(UpOptions options, DataFolder folder, (string File, string Text) token, ILogger log)
    {
        FaultPlans faults = null!;
        ScenarioBoard board = null!;
        var hocon = HoconOf(options);
        var setup = new NodePreparation(folder, options, token.File);
        var nodes = new NodeClient(node => setup.Ports[node].ControlPort, token.Text);
        var supervisor = new Supervisor(
            NodeId.Range(options.Shape.Nodes).Select(id => id.Name),
            (node, all) => setup.Prepare(node, all, board.Current, faults.Current),
            folder.NodeOutput,
            hocon.Limits.EndLimit);
        supervisor.NotesEndsIn(folder);
        faults = new FaultPlans(
            supervisor, nodes.Apply, edit => log.Information("Faults: {What}; cut: {Cuts}; {Rules} rules for links", edit.What, edit.Plan.Cuts.ToString(), edit.Plan.Links.Count));
        var striker = new FaultStriker(supervisor, faults);
        board = new ScenarioBoard(folder, supervisor, hocon.Config, nodes.Run);
        foreach (var name in options.Run)
        {
            var before = folder.Run.Disks.FirstOrDefault(disk => disk.Name == name);
            board.Start(name, before?.Parameters ?? new Dictionary<string, int>(), fresh: false);
        }

        return new LabContext
        {
            Folder = folder,
            Setup = setup,
            Options = options,
            Board = board,
            Supervisor = supervisor,
            Nodes = nodes,
            Faults = faults,
            Striker = striker,
            Player = new FaultPlayer(striker, log),
            Log = log,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Player.DisposeAsync().ConfigureAwait(false); // first: it starts nodes
        Faults.Dispose();
        await Supervisor.DisposeAsync().ConfigureAwait(false);
        Nodes.Dispose();
    }

    /// <summary>All nodes, running or not.</summary>
    public Set<NodeId> Ids => Supervisor.Names.Select(name => new NodeId(name)).ToSet();

    /// <summary>The nodes that run and are not paused.</summary>
    public IReadOnlyList<string> Running => [.. Supervisor.Nodes.Where(node => node.Life == NodeLife.Running).Select(node => node.Name)];

    /// <summary>Asks all running nodes at one time; null for a node that is not running or does not answer.</summary>
    /// <returns>In the order of the nodes.</returns>
    public async Task<IReadOnlyList<(NodeInfo Node, T? Answer)>> AskAll<T>(
        Func<string, CancellationToken, Task<T>> ask, CancellationToken stopped)
        where T : class =>
        await Task.WhenAll(Supervisor.Nodes.Select(async node => (node, await AskOne(node, ask, stopped).ConfigureAwait(false))))
            .ConfigureAwait(false);

    public Task<IReadOnlyList<(NodeInfo Node, NodeStatus? Answer)>> Statuses(CancellationToken stopped) =>
        AskAll(Nodes.Status, stopped);

    /// <summary>What the scenario's inspector says of a role, on each node.</summary>
    public Task<IReadOnlyList<(NodeInfo Node, RoleState? Answer)>> States(string scenario, string role, CancellationToken stopped) =>
        AskAll((node, token) => Nodes.State(node, scenario, role, token), stopped);

    /// <summary>The node that leads the algorithm, as far as the running nodes know; null while there is none.</summary>
    public async Task<LeaderInTerm?> Leader(string scenario, CancellationToken stopped) =>
        Scenarios.Find(scenario)?.Leading is { } leading
            ? leading.LeaderOf(from state in await States(scenario, leading.Role, stopped).ConfigureAwait(false)
                               where state.Answer is not null
                               select (state.Node.Name, state.Answer))
            : null;

    /// <summary>Who leads which of the scenarios that run and have leaders.</summary>
    public async Task<IReadOnlyList<(string Scenario, LeaderInTerm? Leader)>> Leaders(CancellationToken stopped) =>
        await Task.WhenAll(Board.Current.Scenarios.Where(plan => Scenarios.Find(plan.Name)?.Leading is not null)
            .Select(async plan => (plan.Name, await Leader(plan.Name, stopped).ConfigureAwait(false)))).ConfigureAwait(false);

    private static (Config Config, NodeLimits Limits) HoconOf(UpOptions options)
    {
        try
        {
            var config = LabHocon.Load(options.Settings, options.Hocon);
            return (config, NodeLimits.From(config));
        }
        catch (NodeRefusal e)
        {
            throw new BadInput(e.Message);
        }
    }

    private static async Task<T?> AskOne<T>(NodeInfo node, Func<string, CancellationToken, Task<T>> ask, CancellationToken stopped)
        where T : class
    {
        if (node.Life != NodeLife.Running)
        {
            return null;
        }

        try
        {
            return await ask(node.Name, stopped).ConfigureAwait(false);
        }
        catch (NodeSilent)
        {
            return null;
        }
    }
}

/// <summary>Who leads.</summary>
/// <param name="Node">The leader.</param>
/// <param name="Term">In the algorithm's own count.</param>
public sealed record LeaderInTerm(string Node, long Term);

namespace ActorLab.Lab;

/// <summary>What <c>lab status</c> shows and <c>GET /lab</c> answers.</summary>
public sealed record LabReport(
    LabState State,
    LabShape Shape,
    string Data,
    int Pid,
    int Port,
    DateTimeOffset Started,
    IReadOnlyList<ScenarioReport> Scenarios,
    IReadOnlyList<string> Cuts,
    IReadOnlyList<NodeReport> Nodes)
{
    /// <summary>How long it may take the lab's nodes to end.</summary>
    public double StopSeconds { get; init; }

    public static async Task<LabReport> Of(LabContext lab, CancellationToken stopped)
    {
        var leaders = lab.Leaders(stopped);
        var statuses = await lab.Statuses(stopped).ConfigureAwait(false);
        var run = lab.Folder.Run;
        return new LabReport(
            run.State, run.Shape, lab.Folder.Root, run.Pid, run.Port, run.Started,
            ScenariosOf(lab, await leaders.ConfigureAwait(false)),
            [.. lab.Faults.Current.Cuts.Select(cut => cut.ToString())],
            [.. statuses.Select(status => new NodeReport(
                status.Node.Name, status.Node.Life, status.Node.Pid, status.Answer?.ClusterStatus, status.Answer?.UptimeSeconds))])
        {
            StopSeconds = lab.Supervisor.StopLimit.TotalSeconds,
        };
    }

    private static IReadOnlyList<ScenarioReport> ScenariosOf(LabContext lab, IReadOnlyList<(string Scenario, LeaderInTerm? Leader)> leaders) =>
    [
        .. lab.Board.Current.Scenarios.Select(plan => new ScenarioReport(
            plan.Name, plan.Parameters, leaders.Any(known => known.Scenario == plan.Name),
            leaders.FirstOrDefault(known => known.Scenario == plan.Name).Leader?.Node)),
    ];
}

/// <param name="Name">Such as <c>raft</c>.</param>
/// <param name="Parameters">As it was started.</param>
/// <param name="HasLeaders">Whether its algorithm has any.</param>
/// <param name="Leader">The node that leads now; null while there is none.</param>
public sealed record ScenarioReport(string Name, IReadOnlyDictionary<string, int> Parameters, bool HasLeaders, string? Leader);

/// <param name="Name">Such as <c>n1</c>.</param>
/// <param name="Life">What its process is doing.</param>
/// <param name="Pid">Null where there is no process.</param>
/// <param name="Member">Its own view of its place in the Akka cluster; null when it does not answer.</param>
/// <param name="UptimeSeconds">Null when it does not answer.</param>
public sealed record NodeReport(string Name, NodeLife Life, int? Pid, string? Member, double? UptimeSeconds);

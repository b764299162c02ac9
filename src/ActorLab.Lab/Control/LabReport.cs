namespace ActorLab.Lab;

/// <summary>What <c>lab status</c> shows and <c>GET /lab</c> answers.</summary>
public sealed record LabReport(
    LabState State,
    LabShape Shape,
    string Data,
    int Pid,
    int Port,
    DateTimeOffset Started,
    string? Leader,
    IReadOnlyList<string> Cuts,
    IReadOnlyList<NodeReport> Nodes)
{
    public static async Task<LabReport> Of(LabContext lab, CancellationToken stopped)
    {
        var leader = lab.Leader(stopped);
        var statuses = await lab.Statuses(stopped).ConfigureAwait(false);
        var run = lab.Folder.Run;
        return new LabReport(
            run.State, run.Shape, lab.Folder.Root, run.Pid, run.Port, run.Started,
            (await leader.ConfigureAwait(false))?.Node,
            [.. lab.Faults.Current.Cuts.Select(cut => cut.ToString())],
            [.. statuses.Select(status => new NodeReport(
                status.Node.Name, status.Node.Life, status.Node.Pid, status.Answer?.ClusterStatus, status.Answer?.UptimeSeconds))]);
    }
}

/// <param name="Name">Such as <c>n1</c>.</param>
/// <param name="Life">What its process is doing.</param>
/// <param name="Pid">Null where there is no process.</param>
/// <param name="Member">Its own view of its place in the Akka cluster; null when it does not answer.</param>
/// <param name="UptimeSeconds">Null when it does not answer.</param>
public sealed record NodeReport(string Name, NodeLife Life, int? Pid, string? Member, double? UptimeSeconds);

using System.Net;
using System.Net.Sockets;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>Starts all nodes and waits until they are one cluster whose roles run, with leaders where the algorithms have some.</summary>
public sealed class LaunchSequence(LabContext lab)
{
    private const int Attempts = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="CommandFailed">A node ended, or there was no leader within 90 s.</exception>
    public async Task Run(Action<LaunchProgress> show, CancellationToken stopped)
    {
        for (var attempt = 1; ; attempt++)
        {
            lab.Setup.TakePorts(lab.Supervisor.Names);
            lab.Folder.Update(run => run with { Nodes = [.. lab.Setup.Ports.Values] });
            foreach (var node in lab.Supervisor.Names)
            {
                stopped.ThrowIfCancellationRequested();
                await lab.Supervisor.Start(node).ConfigureAwait(false);
            }

            if (await WaitUntilReady(show, stopped).ConfigureAwait(false) is not { } ended)
            {
                return;
            }

            var portTaken = PortTaken(ended.Name);
            await lab.Supervisor.KillAll().ConfigureAwait(false);
            if (!portTaken || attempt == Attempts)
            {
                var sentence = SentenceOf(ended.Name, lab.Supervisor.LastLines(ended.Name), ended.LastEnd);
                throw ended.Refused ? new BadInput(sentence) : new CommandFailed(sentence);
            }

            lab.Log.Warning("{Node} found its port taken by another program: all nodes start again with other ports", ended.Name);
        }
    }

    /// <summary>Notes which processes have become members of the cluster, so that no later start founds a second one.</summary>
    public static async Task WatchJoins(LabContext lab, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var node in lab.Supervisor.Nodes.Where(n => n.Life == NodeLife.Running && !lab.Setup.HasJoined(n)))
            {
                try
                {
                    if ((await lab.Nodes.Status(node.Name, stopped).ConfigureAwait(false)).ClusterStatus == "Up")
                    {
                        lab.Setup.Joined(node);
                    }
                }
                catch (Exception e) when (e is NodeSilent or OperationCanceledException)
                {
                    // It is still starting, or the lab is ending.
                }
            }
        }
    }

    /// <returns>The node that ended, or null when all is well.</returns>
    private async Task<NodeInfo?> WaitUntilReady(Action<LaunchProgress> show, CancellationToken stopped)
    {
        var deadline = DateTimeOffset.Now + Limit;
        var progress = new LaunchProgress(lab.Supervisor.Names.Count, 0, 0, 0, null);
        while (true)
        {
            show(progress);
            if (progress.Done)
            {
                return null;
            }

            if (lab.Supervisor.Nodes.FirstOrDefault(node => node.Life == NodeLife.Failed) is { } ended)
            {
                return ended;
            }

            if (DateTimeOffset.Now > deadline)
            {
                await lab.Supervisor.KillAll().ConfigureAwait(false);
                throw new CommandFailed(
                    $"The lab was not ready within {Durations.Format(Limit)} ({progress}). The nodes' logs are in {lab.Folder.Root}/n1, n2 and so on.");
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
            progress = await Look(stopped).ConfigureAwait(false);
        }
    }

    private async Task<LaunchProgress> Look(CancellationToken stopped)
    {
        var statuses = await lab.Statuses(stopped).ConfigureAwait(false);
        var up = statuses.Where(status => status.Answer?.ClusterStatus == "Up").ToList();
        up.ForEach(status => lab.Setup.Joined(status.Node));
        var leaders = up.Count > 0 ? await lab.Leaders(stopped).ConfigureAwait(false) : null;
        return new LaunchProgress(
            statuses.Count,
            statuses.Count(status => status.Answer is not null),
            up.Count,
            statuses.Count(status => status.Answer is { } answer && answer.Roles.All(role => role.Running)),
            leaders is null || leaders.Any(known => known.Leader is null) ? null
                : string.Join(", ", leaders.Select(known => $"{known.Leader!.Node} of {known.Scenario} in term {known.Leader.Term}").DefaultIfEmpty("none wanted")),
            up.Count == statuses.Count ? await Heard(stopped).ConfigureAwait(false) : 0);
    }

    /// <summary>Directions of links that carry something, as the receiving nodes observe it.</summary>
    private async Task<int> Heard(CancellationToken stopped)
    {
        var heard = 0;
        foreach (var node in lab.Supervisor.Names)
        {
            try
            {
                heard += (await lab.Nodes.Links(node, stopped).ConfigureAwait(false)).Count(link => link.Reachable);
            }
            catch (NodeSilent)
            {
                // It is busy; the next look asks again.
            }
        }

        return heard;
    }

    private bool PortTaken(string node) =>
        !CanBind(lab.Setup.Ports[node].RemotingPort) || !CanBind(lab.Setup.Ports[node].ControlPort);

    private static bool CanBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string SentenceOf(string node, IReadOnlyList<string> lines, string? end) =>
        $"{node} ended while it started ({end}){(lines.Count > 0 ? $": {SafeText.Shorten(lines[^1], 400)}" : ".")}";
}

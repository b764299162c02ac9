using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Specs.Processes;

/// <summary>The launcher and its processes, as a user meets them. One spec at a time: each has a cluster of processes.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class ProcessSpecs
{
    [CollectionDefinition(nameof(ProcessSpecs), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public async Task A_detached_lab_stands_when_up_returns_and_leaves_nothing_after_down()
    {
        var folder = LabProcess.NewFolder();
        var up = await LabProcess.RunToEnd(folder, "up", "--detach", "--nodes=3", "--port=0");
        Assert.True(up.Exit == ExitCode.Success, up.Output + up.Error);
        var run = RunFile.Read(folder)!;
        Assert.True(LabProcess.IsAlive(run.Pid), "the controller runs in the background");

        var status = await LabProcess.RunToEnd(folder, "status", "--json");
        Assert.Equal(ExitCode.Success, status.Exit);
        var report = JsonSerializer.Deserialize<LabReport>(status.Output, OutputJson.Options)!;
        Assert.Equal(LabState.Ready, report.State);
        Assert.NotNull(Assert.Single(report.Scenarios).Leader);
        Assert.Equal(3, report.Nodes.Count(node => node.Member == "Up"));

        var down = await LabProcess.RunToEnd(folder, "down");
        Assert.True(down.Exit == ExitCode.Success, down.Output + down.Error);
        Assert.False(LabProcess.IsAlive(run.Pid), "the controller has ended");
        Assert.All(report.Nodes, node => Assert.False(LabProcess.IsAlive(node.Pid!.Value), $"{node.Name} has ended"));
        Assert.False(File.Exists(run.TokenFile), "the token is gone");
        Assert.Equal(ExitCode.Failed, (await LabProcess.RunToEnd(folder, "status")).Exit);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("on", 3)] // SCHED_BATCH of sched.h
    [InlineData("off", null)] // as whoever started the node
    public async Task All_threads_of_a_node_are_scheduled_as_its_settings_say(string setting, int? policy)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // there is no such policy elsewhere
        }

        await using var lab = await LabProcess.Start("--nodes=1", "--store=memory", "--settings", $"actorlab.batch-scheduling={setting}");
        Assert.Equal(ExitCode.Success, (await lab.Pbm("raft put a b --timeout=20s")).Exit);
        var node = Assert.Single(await lab.NodePids());
        var policies = Directory.GetDirectories($"/proc/{node}/task").Select(PolicyOf).Where(one => one is not null).ToList();
        Assert.True(policies.Count > 3, $"{policies.Count} threads");
        var expected = policy ?? PolicyOf("/proc/self");
        Assert.All(policies, one => Assert.Equal(expected, one));
    }

    [Fact]
    public async Task Kill_9_of_the_launcher_leaves_no_node_not_even_a_paused_one()
    {
        await using var lab = await LabProcess.Start("--nodes=3", "--store=memory");
        var pids = await lab.NodePids();
        Assert.Equal(3, pids.Count);
        Assert.Equal(ExitCode.Success, (await lab.Pbm("node pause n2")).Exit);

        await lab.KillController();

        await lab.UntilNoNodeIsLeft();
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public async Task A_signal_ends_the_lab_in_order_with_a_paused_and_a_killed_node(Signal signal)
    {
        await using var lab = await LabProcess.Start("--nodes=3", "--store=memory");
        if (signal == Signal.Interrupt && lab.IgnoresInterrupt)
        {
            return; // these tests run as a background job of a shell, and so does the lab: there is no Ctrl-C to hear
        }

        Assert.Equal(ExitCode.Success, (await lab.Pbm("node pause n2")).Exit);
        Assert.Equal(ExitCode.Success, (await lab.Pbm("node kill n3")).Exit);
        var tokenFile = lab.Run.TokenFile;

        Assert.Equal(ExitCode.Success, await lab.End(signal));

        await lab.UntilNoNodeIsLeft();
        Assert.False(File.Exists(tokenFile), "the token is gone");
        Assert.Equal(LabState.Stopped, lab.Run.State);
    }

    [Fact]
    public async Task Nodes_killed_and_restarted_in_turn_and_then_all_at_once_lose_nothing_and_apply_nothing_twice()
    {
        await using var lab = await LabProcess.Start("--nodes=3");
        var scribes = Enumerable.Range(1, 3).Select(i => new Scribe(lab, $"scribe{i}")).ToList();
        using var stop = new CancellationTokenSource();
        var writing = scribes.Select(scribe => Task.Run(() => scribe.Write(stop.Token))).ToList();

        foreach (var node in (string[])["n1", "n2", "n3"])
        {
            await Acknowledges(lab, scribes, 20);
            await Succeeds(lab, $"node kill {node}");
            await Acknowledges(lab, scribes, 20); // two of three go on
            await Succeeds(lab, $"node start {node}");
            await CatchesUp(lab, node);
        }

        await Succeeds(lab, "node kill n1,n2,n3");
        await Succeeds(lab, "node start n1,n2,n3");
        await Acknowledges(lab, scribes, 20);
        foreach (var node in (string[])["n1", "n2", "n3"])
        {
            await SeesAll(lab, node, 3);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing);

        foreach (var (scribe, i) in scribes.Select((scribe, i) => (scribe, i)))
        {
            var wrong = scribe.Judge(await Read(lab, $"scribe{i + 1}"));
            Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        }
    }

    [Fact]
    public async Task A_node_whose_disk_was_memory_does_not_come_back_without_its_promises()
    {
        await using var lab = await LabProcess.Start("--nodes=3", "--store=memory");
        await Succeeds(lab, "node kill n2");

        var (exit, output) = await lab.Pbm("node start n2");

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("forgotten its votes and its log", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_bad_input()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var folder = LabProcess.NewFolder();

        var up = await LabProcess.RunToEnd(folder, "up", $"--port={port}");

        Assert.Equal(ExitCode.BadInput, up.Exit);
        Assert.Equal($"Port {port} is taken, perhaps by another lab: choose another one with --port, or any free one with --port 0.", up.Error.Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_second_lab_on_the_same_folder_is_bad_input()
    {
        var folder = LabProcess.NewFolder();
        using (DataFolder.Open(folder, new LabShape(5, "sqlite"), fresh: false))
        {
            var up = await LabProcess.RunToEnd(folder, "up", "--port=0");

            Assert.Equal(ExitCode.BadInput, up.Exit);
            Assert.Contains($"Another lab runs on the folder {folder}", up.Error, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task Succeeds(LabProcess lab, string line)
    {
        var (exit, output) = await lab.Pbm(line);
        Assert.True(exit == ExitCode.Success, $"{line}: {output}");
        await lab.NodePids();
    }

    private static Task Acknowledges(LabProcess lab, List<Scribe> scribes, int more)
    {
        var goals = scribes.ToDictionary(scribe => scribe, scribe => Count(scribe) + more);
        return lab.Until(() => goals.All(goal => Count(goal.Key) >= goal.Value), TimeSpan.FromSeconds(60), $"each scribe has {more} more acknowledged appends");

        static int Count(Scribe scribe) => scribe.History.Count(h => h.Answer == HttpStatusCode.OK);
    }

    /// <summary>A node that came back answers a read by itself, so it follows a leader again.</summary>
    private static Task CatchesUp(LabProcess lab, string node) => lab.Until(
        async () => (await lab.Pbm($"raft get scribe1 --node={node} --timeout=2s")).Exit == ExitCode.Success,
        TimeSpan.FromSeconds(60),
        $"{node} answers reads");

    /// <summary>Nodes that start at the same time find into one cluster.</summary>
    private static Task SeesAll(LabProcess lab, string node, int members) => lab.Until(
        async () => (await lab.Pbm($"cluster show --node={node}")).Output.Split(" Up ").Length - 1 == members,
        TimeSpan.FromSeconds(60),
        $"{node} sees {members} members up");

    private static async Task<string> Read(LabProcess lab, string key)
    {
        using var http = lab.Http(TimeSpan.FromSeconds(30));
        var answer = await http.GetFromJsonAsync<Dictionary<string, string>>(lab.NodeUri("n1", $"kv/{key}?timeout=20s"));
        return answer!["value"];
    }

    /// <summary>The 41st field of a thread's <c>stat</c> (proc(5)), of which the second is a name in brackets; null when the thread has ended.</summary>
    private static int? PolicyOf(string thread)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(thread, "stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[41 - 3], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

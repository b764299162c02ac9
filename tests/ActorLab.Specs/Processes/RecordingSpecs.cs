using System.Net;
using System.Text;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Specs.Processes;

/// <summary>
/// Claim: what a cluster does under load and faults is what the pure roles do. Every turn that its nodes recorded replays to the
/// same state, by its hash.
/// </summary>
[Collection(nameof(ProcessSpecs))]
public sealed class RecordingSpecs(ITestOutputHelper output)
{
    [Fact]
    public async Task A_faulted_run_replays_turn_by_turn_and_whatever_is_changed_is_found_out()
    {
        await using var lab = await LabProcess.Start(
            "--nodes=3", "--record", "--settings", "actorlab.raft.election-timeout-earliest=400ms", "actorlab.raft.election-timeout-latest=800ms");
        await Load(lab);
        Assert.Equal(ExitCode.Success, await lab.End());

        var (exit, text) = await Replay(lab.Folder);
        output.WriteLine(text);
        Assert.Equal(ExitCode.Success, exit);

        await A_changed_byte_is_damage(lab.Folder);
        await A_changed_message_leads_elsewhere(lab.Folder);
        Servers_of_another_make_take_other_turns(lab.Folder);
    }

    /// <summary>Appends, with a node cut off, and then two killed and started again in turn: whoever led does no longer.</summary>
    private static async Task Load(LabProcess lab)
    {
        using var stop = new CancellationTokenSource();
        var scribes = Enumerable.Range(1, 2).Select(i => new Scribe(lab, $"scribe{i}")).ToList();
        var writing = scribes.Select(scribe => Task.Run(() => scribe.Write(stop.Token))).ToList();
        string[] faults = ["partition isolate n3", "partition heal", "node kill n1", "node start n1", "node kill n2", "node start n2"];
        foreach (var command in faults)
        {
            await Acknowledges(lab, scribes, 10);
            var (exit, said) = await lab.Pbm(command);
            Assert.True(exit == ExitCode.Success, $"{command}: {said}");
        }

        await Acknowledges(lab, scribes, 10);
        await lab.NodePids();
        await stop.CancelAsync();
        await Task.WhenAll(writing);
    }

    private static Task Acknowledges(LabProcess lab, List<Scribe> scribes, int more)
    {
        var goal = Count() + more;
        return lab.Until(() => Count() >= goal, TimeSpan.FromSeconds(60), $"there are {more} more acknowledged appends");

        int Count() => scribes.Sum(scribe => scribe.History.Count(one => one.Answer == HttpStatusCode.OK));
    }

    private static async Task A_changed_byte_is_damage(string folder)
    {
        var file = Path.Combine(folder, "n1", RecordingFormat.FileOf("raft"));
        var whole = await File.ReadAllBytesAsync(file);
        var line = LineOf(file, turn => turn.Input == TurnInput.Deliver);
        var damaged = (byte[])whole.Clone();
        var at = Encoding.ASCII.GetString(whole).IndexOf("\"payload\":\"", StartOf(whole, line.Number), StringComparison.Ordinal) + 15;
        damaged[at] = (byte)(damaged[at] == 'A' ? 'B' : 'A');
        await File.WriteAllBytesAsync(file, damaged);

        var (exit, text) = await Replay(folder);

        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Contains($"line {line.Number} (turn {line.Turn.Number} of {line.Turn.Role}) is damaged: its checksum is wrong.", text, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, whole);
    }

    private static async Task A_changed_message_leads_elsewhere(string folder)
    {
        var file = Path.Combine(folder, "n1", RecordingFormat.FileOf("raft"));
        var whole = await File.ReadAllBytesAsync(file);
        var (number, turn) = LineOf(file, turn => turn is { Input: TurnInput.Deliver, Role: "n1/server", Payload.Length: > 40 });
        var payload = (byte[])turn.Payload!.Clone();
        payload[3] ^= 64; // in the term
        var begin = StartOf(whole, number);
        var end = Array.IndexOf(whole, (byte)'\n', begin) + 1;
        await File.WriteAllBytesAsync(
            file, [.. whole[..begin], .. RecordingFormat.Write(turn with { Payload = payload }), .. whole[end..]]);

        var (exit, text) = await Replay(folder);

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains($"The first difference: turn {turn.Number} of n1/server", text, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, whole);
    }

    private static void Servers_of_another_make_take_other_turns(string folder)
    {
        var files = NodeId.Range(3).Select(node =>
            RecordingFile.Load(Path.Combine(folder, node.Name, RecordingFormat.FileOf("raft")), null)).ToList();
        var wrong = RaftScenario.Of(
            3, RaftOptions.Default, ClientOptions.Default, (members, options) => new RaftMutants.ForgetsItsVote(members, options));

        var difference = Conformance.Replay(wrong, files).Difference;

        Assert.NotNull(difference);
        Assert.Equal(RaftServer.RoleName, difference.Turn.Where.Role);
        Assert.Contains("RequestVote", difference.What, StringComparison.Ordinal);
    }

    private static (int Number, RecordedLine.Turn Turn) LineOf(string file, Func<RecordedLine.Turn, bool> which)
    {
        var (number, line) = RecordingFile.Load(file, null).Lines.First(line => line.Line is RecordedLine.Turn turn && which(turn));
        return (number, (RecordedLine.Turn)line);
    }

    private static int StartOf(byte[] whole, int line)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
        {
            at = Array.IndexOf(whole, (byte)'\n', at) + 1;
        }

        return at;
    }

    /// <summary>Runs <c>lab replay</c> as a user does.</summary>
    private static async Task<(int Exit, string Text)> Replay(string folder)
    {
        var start = OwnProgram.StartInfo("replay", folder);
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        var text = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(LabProcess.StartLimit);
        return (process.ExitCode, await text + await error);
    }
}

using ActorLab.Checking;

namespace ActorLab.Cluster.Tests;

/// <summary>What nodes record, and what a replay through the pure roles finds in it.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_with_a_role_that_breaks_and_a_disk_that_fails_replays_to_the_same_states()
    {
        await Stormy();

        var result = Replay(Load());

        Assert.Null(result.Difference);
        Assert.Equal("InvariantViolation: a broken role boots again (false)", result.Failure!.What["it throws ".Length..]);
        Assert.Equal("n1", result.Failure.Turn.Where.Node.Name);
        Assert.True(result.Lost >= 1, "the turns that the failed write took are told apart");
        Assert.True(result.Turns > 15, $"{result.Turns} turns");
        Assert.Empty(result.Remarks);
        Assert.Equal(VerdictKind.Reached, result.Verdicts.Single().Kind);
        Assert.Contains(result.Events, happening => happening is { Trace: { Kind: TraceKind.Deliver, Cause: >= 0 }, Changes.IsEmpty: false });
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_recording_is_found_out_with_its_turn()
    {
        await Stormy();
        var whole = Load();

        Finds(whole, "something between is missing", lines => lines.RemoveAt(lines.FindIndex(line => line.Line is RecordedLine.Turn { Number: 2 })));
        Finds(whole, "leads to state", lines => Change(lines, turn => turn.Input == TurnInput.Deliver, turn => turn with { State = new string('0', 32) }));
        Finds(whole, "which no turn before it sent", lines => Change(
            lines, turn => turn.Sender == "n2/keeper", turn => turn with { Envelope = turn.Envelope + 500 }));
        Finds(whole, "which no turn before it sent", lines => Change(
            lines, turn => turn.Sender == "n2/keeper", turn => turn with { Sender = "n2/nobody" }));
        Finds(whole, "timer tick expires and is not armed", lines => Change(
            lines, turn => turn.Number > 2, turn => turn with { Input = TurnInput.Expire, Timer = "tick" }));
        Finds(whole, "throws fewer dice than recorded", lines => Change(lines, turn => turn.Number > 2, turn => turn with { Chosen = [0, 2] }));
        Finds(whole, "does not read its clock", lines => Change(lines, turn => turn.Number > 2, turn => turn with { Clock = [1, 2] }));
        Finds(whole, "it sends", lines => Change(lines, turn => turn.Sent?.Length > 1, turn => turn with { Sent = turn.Sent![1..] }));
        Finds(whole, "does not throw", lines => Change(lines, turn => turn.Number == 2, turn => turn with { Error = "X: y" }));
        Finds(whole, "its message is no ToyMessage", lines => Change(
            lines, turn => turn.Input == TurnInput.Operation, turn => turn with { Payload = [99] }));
        var role = ToyRole.Of("n1").Placements[0].Role;
        Finds(whole, "boots from a disk that is not the disk after any turn", lines => Change(
            lines, turn => turn is { Input: TurnInput.Boot, Incarnation: > 1 }, turn => turn with { Payload = role.WriteDisk(new ToyDisk(["never"])) }));
        Finds(whole, "which sent Hint", lines =>
        {
            // What the turn of another message leads to is what was before, so that nothing but the sender's word is against it.
            var turns = lines.Select(line => line.Line).OfType<RecordedLine.Turn>().ToList();
            var state = turns[turns.FindIndex(turn => turn.Sender == "n2/keeper") - 1].State;
            Change(lines, turn => turn.Sender == "n2/keeper", turn => turn with { Payload = Bytes(role, new ToyMessage.Ignore()), State = state });
        });
    }

    /// <summary>A boot may find a turn whose write came through although nobody heard of it, and never one that was not begun.</summary>
    [Fact]
    public async Task A_write_that_failed_after_it_took_place_is_found_on_the_disk()
    {
        await using (var cluster = await ToyCluster.Start(["n1"], null, recordings: _folder.Path))
        {
            await cluster.Put("n1", "a");
            cluster.Gate("n1").FailAfter = new IOException("who knows");
            var put = cluster.Put("n1", "b");
            Assert.Equal(Outcome.Unknown, (await put).Outcome);
            cluster.Gate("n1").FailAfter = null;
            await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name)!.Running && cluster["n1"].Toy().Role(ToyRole.Name)!.Incarnation > 1, "it boots again");
            await cluster.Put("n1", "c");
            Assert.Equal(["a", "b", "c"], cluster.State("n1").Disk.Kept);
        }

        var result = Replay([RecordingFile.Load(ToyCluster.RecordingOf(_folder.Path, "n1"), "test")]);
        Assert.True(result.Passed, $"{result.Difference} {result.Failure}");
    }

    [Fact]
    public async Task A_recording_stops_at_its_size_and_what_there_is_replays()
    {
        await using (var cluster = await ToyCluster.Start(
            ["n1"], null, settings: new() { ["actorlab.trace.record-bytes"] = "4000" }, recordings: _folder.Path))
        {
            for (var i = 0; i < 50; i++)
            {
                await cluster.Put("n1", $"text {i}");
            }
        }

        var file = RecordingFile.Load(ToyCluster.RecordingOf(_folder.Path, "n1"), "test");
        Assert.True(new FileInfo(file.Path).Length <= 4000);
        Assert.True(file.IsFull);
        var result = Replay([file]);
        Assert.True(result.Passed);
        Assert.InRange(result.Turns, 5, 30);
        Assert.Equal(0, result.Lost); // no crash took what was not yet known to be durable
        Assert.Contains(result.Remarks, remark => remark.StartsWith("The recording of n1 stopped before the run did:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_orderly_end_is_no_crash()
    {
        TraceRing trace;
        await using (var cluster = await ToyCluster.Start(["n1"], null, recordings: _folder.Path))
        {
            await cluster.Put("n1", "a");
            trace = cluster["n1"].Trace;
        }

        var file = RecordingFile.Load(ToyCluster.RecordingOf(_folder.Path, "n1"), "test");
        Assert.IsType<RecordedLine.Stop>(file.Lines[^2].Line);
        Assert.Null(Assert.IsType<RecordedLine.End>(file.Lines[^1].Line).Reason);
        var result = Replay([file]);
        Assert.True(result.Passed);
        Assert.Empty(result.Remarks);
        Assert.Equal(["n1/keeper"], result.Events.Where(one => one.Trace.Kind == TraceKind.Stop).Select(one => one.Trace.Where.ToString()));
        Assert.DoesNotContain(result.Events, one => one.Trace.Kind == TraceKind.Crash);
        Assert.Single(trace.Read(-1, 1_000), one => one.Kind == TraceKind.Stop);
        Assert.DoesNotContain(trace.Read(-1, 1_000), one => one.Kind == TraceKind.Crash);
    }

    /// <summary>What a killed process leaves is its recording without an end, which whoever saw the end adds.</summary>
    [Fact]
    public async Task A_kill_that_somebody_saw_and_the_start_after_it_are_in_the_picture()
    {
        var path = ToyCluster.RecordingOf(_folder.Path, "n1");
        var killed = Directory.CreateDirectory(Path.Combine(_folder.Path, "killed")).FullName;
        var left = Path.Combine(killed, $"toy{RecordingFormat.Files[1..]}");
        await using (var cluster = await ToyCluster.Start(["n1"], null, recordings: _folder.Path))
        {
            await cluster.Put("n1", "a");
            File.Copy(path, left);
        }

        Assert.Contains("does not say how its last process ended", Assert.Single(Replay([RecordingFile.Load(left, "test")]).Remarks), StringComparison.Ordinal);
        NodeRecording.NoteEnd(killed, "killed");
        NodeRecording.NoteEnd(killed, "seen twice");
        var file = RecordingFile.Load(left, "test");
        Assert.Equal("killed", Assert.IsType<RecordedLine.End>(file.Lines[^1].Line).Reason);
        var result = Replay([file]);
        Assert.Empty(result.Remarks);
        var crash = Assert.Single(result.Events, one => one.Trace.Kind == TraceKind.Crash).Trace;
        Assert.Equal((new Address(new NodeId("n1"), ""), "killed"), (crash.Where, crash.Text));

        // The same again as a second process, whose role boots from what the first one left.
        var boot = file.Lines.Select(line => line.Line).OfType<RecordedLine.Turn>().First();
        using (var again = NodeRecording.Open(left, file.Start, 1 << 20, Assert.Fail))
        {
            var role = ToyRole.Of("n1").Placements[0].Role;
            var step = role.Boot(role.ReadDisk(role.WriteDisk(new ToyDisk(["a"]))), new TurnContext(new Address(file.Node, ToyRole.Name), null!, () => default));
            again.Append(boot with
            {
                At = file.Lines[^1].Line.At + 1,
                Incarnation = 2,
                Payload = role.WriteDisk(new ToyDisk(["a"])),
                State = RecordingFormat.TextOf(Canonical.Fingerprint(step.State)),
            });
        }

        result = Replay([RecordingFile.Load(left, "test")]);
        Assert.True(result.Passed, $"{result.Difference}");
        var kinds = result.Events.Select(one => one.Trace).ToList();
        var restart = kinds.Single(one => one.Kind == TraceKind.Restart);
        Assert.Equal(TraceKind.Crash, kinds[(int)restart.Index - 1].Kind);
        Assert.Equal((TraceKind.Boot, restart.Index), (kinds[(int)restart.Index + 1].Kind, kinds[(int)restart.Index + 1].Cause));
    }

    [Fact]
    public async Task Missing_lines_are_damage_with_file_and_line()
    {
        await Stormy();
        var path = ToyCluster.RecordingOf(_folder.Path, "n2");
        var lines = await File.ReadAllLinesAsync(path);
        Damaged([.. lines[..4], .. lines[5..]], $"{path}, line 5", "was written as line 6, so that lines before it are missing");
        Damaged([.. lines[..4], lines[3], .. lines[4..]], $"{path}, line 5", "was written as line 4, and stands here again");

        // What n2 sent last is gone, and its end with it; n1 has received it.
        var last = Array.FindLastIndex(lines, line => line.Contains("\"sent\":", StringComparison.Ordinal));
        Damaged(lines[..last], $"{path} is damaged: it ends with line {last}", $"in {ToyCluster.RecordingOf(_folder.Path, "n1")}, line ");
        Damaged(lines[..(last + 1)], $"{path} is damaged: it ends with line {last + 1}", "n1/keeper receives what n2/keeper sent later");

        void Damaged(string[] changed, params string[] words)
        {
            File.WriteAllText(path, string.Concat(changed.Select(line => line + "\n")));
            var sentence = Assert.Throws<BadRecording>(() => Replay(Load())).Message;
            Assert.All(words, word => Assert.Contains(word, sentence, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_torn_last_line_is_cut_off_and_the_recording_goes_on()
    {
        var path = Path.Combine(_folder.Path, "n1.jsonl");
        var start = StartOf("test");
        NodeRecording.Open(path, start, 1 << 20, Assert.Fail).Dispose();
        File.AppendAllText(path, new string('x', 100_000));
        Assert.True(RecordingFile.Load(path, "test").IsTorn);

        using (var recording = NodeRecording.Open(path, start, 1 << 20, Assert.Fail))
        {
            recording.Append(new RecordedLine.Durable(2, "n1/keeper", 1, 1));
        }

        var file = RecordingFile.Load(path, "test");
        Assert.False(file.IsTorn);
        Assert.Equal(["Start", "End", "Start", "Durable", "End"], file.Lines.Select(line => line.Line.GetType().Name));
    }

    [Fact]
    public void What_another_build_recorded_is_kept_beside_and_the_recording_begins_anew()
    {
        var path = Path.Combine(_folder.Path, "recording.jsonl");
        var start = StartOf("old");
        NodeRecording.Open(path, start, 1 << 20, Assert.Fail).Dispose();
        NodeRecording.Open(path, start with { Build = "new" }, 1 << 20, Assert.Fail).Dispose();
        NodeRecording.Open(path, start with { Build = "new", Settings = new Dictionary<string, string> { ["a"] = "b" } }, 1 << 20, Assert.Fail).Dispose();
        NodeRecording.Open(path, start with { Build = "new", Settings = new Dictionary<string, string> { ["a"] = "b" }, Run = 2 }, 1 << 20, Assert.Fail).Dispose();

        Assert.Equal("old", RecordingFile.Load(Path.Combine(_folder.Path, "recording.1.jsonl"), null).Start.Build);
        Assert.Equal("new", RecordingFile.Load(Path.Combine(_folder.Path, "recording.2.jsonl"), null).Start.Build);
        Assert.Equal("b", RecordingFile.Load(Path.Combine(_folder.Path, "recording.3.jsonl"), "new").Start.Settings["a"]);
        Assert.Equal(2, RecordingFile.Load(path, "new").Start.Run);
    }

    [Theory]
    [InlineData("", "holds no recording")]
    [InlineData("{\"a\": 1}\n", "line 1 is damaged: it is no line of a recording")]
    public void What_is_no_recording_is_a_sentence(string text, string sentence)
    {
        var path = Path.Combine(_folder.Path, "some.jsonl");
        File.WriteAllText(path, text);
        Assert.Contains(sentence, Assert.Throws<BadRecording>(() => RecordingFile.Load(path, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_and_another_build_are_named()
    {
        var path = Path.Combine(_folder.Path, "n1.jsonl");
        var start = StartOf("mine");
        File.WriteAllBytes(path, RecordingFormat.Write(start));
        Assert.Contains("build mine of the lab, and this is build yours", Assert.Throws<BadRecording>(() => RecordingFile.Load(path, "yours")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, RecordingFormat.Write(start with { Format = 7 }));
        Assert.Contains("version 7; this program reads version 2", Assert.Throws<BadRecording>(() => RecordingFile.Load(path, "mine")).Message, StringComparison.Ordinal);
    }

    /// <summary>Two nodes; n1 breaks once, and loses what it had begun to write once.</summary>
    private async Task Stormy()
    {
        await using var cluster = await ToyCluster.Start(["n1", "n2"], null, recordings: _folder.Path);
        await cluster.Put("n1", "a");
        await cluster.Put("n2", "b");
        cluster.Tell("n1", new ToyMessage.Break());
        await Eventually.True(() => Incarnation() == 2, "the broken role boots again");
        await cluster.Put("n1", "c");
        cluster.Gate("n1").FailBefore = new IOException("no");
        Assert.Equal(Outcome.Unknown, (await cluster.Put("n1", "lost")).Outcome);
        cluster.Gate("n1").FailBefore = null;
        await Eventually.True(() => Incarnation() >= 3, "it boots again");
        await cluster.Put("n1", "d");
        await cluster.Put("n2", "e");
        await Eventually.True(() => cluster.State("n2").Copied.Contains("d"), "copies arrive");
        await Eventually.True(() => cluster.State("n1").Copied.Contains("e"), "copies arrive");

        long Incarnation() => cluster["n1"].Toy().Role(ToyRole.Name) is { Running: true } role ? role.Incarnation : 0;
    }

    private static RecordedLine.Start StartOf(string build) => new(
        1, RecordingFormat.Version, build, "toy", new Dictionary<string, int>(), new Dictionary<string, string>(), ["n1"], "n1");

    private IReadOnlyList<RecordingFile> Load() =>
        [.. new[] { "n1", "n2" }.Select(node => RecordingFile.Load(ToyCluster.RecordingOf(_folder.Path, node), "test"))];

    private static ConformanceResult Replay(IReadOnlyList<RecordingFile> files) => Conformance.Replay(
        ToyRole.Of([.. files.Select(file => file.Start.Node)]) with
        {
            Properties = [new Property.Sometimes("kept", "A text was kept.", world => world.All<ToyState>().Any(role => role.State.Disk.Kept.Count > 0))],
        },
        files,
        draws: true);

    private static void Finds(
        IReadOnlyList<RecordingFile> whole, string what, Action<List<(int Number, RecordedLine Line)>> change)
    {
        var lines = whole[0].Lines.ToList();
        change(lines);
        var difference = Replay([whole[0] with { Lines = lines }, .. whole.Skip(1)]).Difference;
        Assert.NotNull(difference);
        Assert.Equal("n1/keeper", difference.Turn.Where.ToString());
        Assert.Contains(what, difference.What, StringComparison.Ordinal);
    }

    private static void Change(
        List<(int Number, RecordedLine Line)> lines, Func<RecordedLine.Turn, bool> which, Func<RecordedLine.Turn, RecordedLine> change)
    {
        var at = lines.FindIndex(line => line.Line is RecordedLine.Turn turn && which(turn));
        Assert.True(at >= 0, "there is such a turn");
        lines[at] = (lines[at].Number, change((RecordedLine.Turn)lines[at].Line));
    }

    private static byte[] Bytes(RoleBinding role, ToyMessage message)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        role.WriteMessage(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }
}

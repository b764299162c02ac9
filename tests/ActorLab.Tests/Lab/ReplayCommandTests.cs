using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

/// <summary><c>lab replay</c> of recordings and schedules: exit codes and sentences.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private static readonly RecordedLine.Start Start = new(
        1, RecordingFormat.Version, ReplayFile.ThisBuild, "raft", new Dictionary<string, int> { ["servers"] = 2, ["clients"] = 0 },
        new Dictionary<string, string>(), ["n1", "n2"], "n1")
    { Line = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("actorlab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, RecordedLine.Start> Recordings() => new()
    {
        { "is a recording of version 9; this program reads version 2", Start with { Format = 9 } },
        { "was recorded by build other of the lab", Start with { Build = "other" } },
        { "There is no scenario 'chess'", Start with { Scenario = "chess" } },
        { "raft has no parameter 'sorvers'", Start with { Parameters = new Dictionary<string, int> { ["sorvers"] = 3 } } },
        { "election-timeout-earliest cannot be read: it is missing", Start with { Parameters = new Dictionary<string, int>() } },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recording_that_cannot_be_used_is_a_sentence_and_exit_code_2(string sentence, RecordedLine.Start start) =>
        await Refuses(sentence, Write("recording.jsonl", RecordingFormat.Write(start)));

    [Fact]
    public async Task Files_that_hold_no_recordings_of_one_lab_are_a_sentence_and_exit_code_2()
    {
        await Refuses("holds no *.recording.jsonl, itself or one folder below: lab up --record makes them", _folder);
        using (DataFolder.Open(Path.Combine(_folder, "lab"), new LabShape(3, "sqlite"), fresh: false))
        {
            await Refuses("and records: stop it with lab down", Path.Combine(_folder, "lab"));
        }

        await Refuses("There is no file or folder", Path.Combine(_folder, "nowhere.jsonl"));
        var whole = RecordingFormat.Write(Start);
        var first = Write("a.jsonl", whole);
        await Refuses("line 2 is damaged: it is no line of a recording", Write("b.jsonl", [.. whole, .. "{}\n"u8]));
        await Refuses("holds no recording: it has no whole line", Write("c.jsonl", whole[..20]));
        await Refuses("are no recordings of two nodes of one lab", first, Write("d.jsonl", whole));
        await Refuses("are no recordings of two nodes of one lab", first, Write("e.jsonl", RecordingFormat.Write(Start with { Node = "n2", Nodes = ["n2", "n3"] })));
        await Refuses(
            "n1 has no role n1/clerk in raft; it has n1/server",
            Write("f.jsonl", [.. whole, .. RecordingFormat.Write(new RecordedLine.Durable(2, "n1/clerk", 1, 1) { Line = 2 })]));
        await Refuses(
            "g.jsonl, line 2 is damaged: it was written as line 3, so that lines before it are missing",
            Write("g.jsonl", [.. whole, .. RecordingFormat.Write(new RecordedLine.Durable(2, "n1/server", 1, 1) { Line = 3 })]));
        var lab = Directory.CreateDirectory(Path.Combine(_folder, "part", "n1")).Parent!.FullName;
        Write(Path.Combine("part", "n1", RecordingFormat.FileOf("raft")), whole);
        await Refuses("holds no recording of n2, which is a node of the run by ", lab);
        await Refuses("is replayed without --on-cluster", first, "--on-cluster");
        await Refuses("several files must all be recordings", Write("a.json", "{}"u8.ToArray()), Write("b.json", "{}"u8.ToArray()));
    }

    [Theory]
    [InlineData("\"scenario\": \"raaft\", \"steps\": []", "Unknown model \"raaft\".")]
    [InlineData("\"scenario\": \"raft\", \"steps\": [null]", "is no schedule of format 1")]
    [InlineData("\"scenario\": \"raft\", \"steps\": [7]", "is no schedule: steps[0] wants a text, and 7 is there.")]
    [InlineData("\"scenario\": \"raft\", \"parameters\": {\"servers\": \"five\"}, \"steps\": []", "parameters.servers wants a whole number, and \"five\" is there.")]
    [InlineData("\"scenario\": \"raft\", \"steps\": [\"jump\"]", "\"jump\" is no step")]
    [InlineData("\"scenario\": \"raft\", \"parameters\": {\"servers\": 99}, \"steps\": []", "servers=99 is out of range")]
    [InlineData("\"scenario\": \"raft\", \"property\": \"Election Safty\", \"steps\": []", "Did you mean Election Safety?")]
    [InlineData("\"scenario\": \"raft\", \"steps\": [\"# nothing\", \"crash n7\"]", "Step 1, crash n7: raft has no node n7.")]
    [InlineData("\"scenario\": \"twophase\", \"steps\": []", "it has no nodes, so nothing of it can be staged")]
    [InlineData("\"scenario\": \"ben-or\", \"steps\": []", "throws a die of 2: a schedule does not say what comes")]
    public async Task A_schedule_that_cannot_be_staged_is_a_sentence_and_exit_code_2(string fields, string sentence)
    {
        var path = Write("script.json", System.Text.Encoding.UTF8.GetBytes($"{{\"format\": 1, {fields}}}"));
        await Refuses(sentence, path);
        await Refuses(sentence, path, "--on-cluster");
    }

    [Fact]
    public async Task A_counterexample_of_other_steps_is_refused_before_any_process_starts()
    {
        var path = Path.Combine(_folder, "story.json");
        Assert.Equal(1, await LabCommandLine.Run(
            [
                "check", "raft:forgets-its-vote", "--set", "servers=3", "clients=0", "prevote=0", "lossy=0", "terms=1", "rounds=0", "operations=0",
                "--one-copy", "--no-ops-stay", "--out", path,
            ],
            TextWriter.Null));
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace("timer election expires", "timer heartbeat expires", StringComparison.Ordinal));
        foreach (var arguments in new string[][] { [path], [path, "--on-cluster"] })
        {
            var error = new StringWriter();
            Assert.Equal(1, await LabCommandLine.Run(["replay", .. arguments], error));
            Assert.Contains("does not replay with this build: step 1 was", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_schedule_runs_on_the_pure_roles_with_the_exit_code_of_what_it_shows()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "scripts", "raft-figure8.json");
        Assert.Equal(1, await LabCommandLine.Run(["replay", script], TextWriter.Null));
        var right = Write("right.json", System.Text.Encoding.UTF8.GetBytes(
            File.ReadAllText(script).Replace("raft:counts-old-terms", "raft", StringComparison.Ordinal)));
        Assert.Equal(3, await LabCommandLine.Run(["replay", right], TextWriter.Null));
    }

    [Fact]
    public async Task A_schedule_is_drawn_from_the_pure_roles_up_to_where_it_breaks_the_property()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "scripts", "raft-figure8.json");
        var (page, picture) = (Path.Combine(_folder, "page.html"), Path.Combine(_folder, "picture.jsonl"));
        Assert.Equal(1, await LabCommandLine.Run(["replay", script, "--html", page, "--jsonl", picture], TextWriter.Null));
        var read = TraceFiles.Read([picture]);
        Assert.Equal("raft:counts-old-terms: Leader Completeness is violated", read.Title);
        Assert.Equal(File.ReadAllText(script).Split("\"crash ").Length - 1, read.Events.Count(one => one.Trace.Kind == TraceKind.Crash));
        Assert.All(read.Events.Where(one => one.Trace.Kind == TraceKind.Deliver), one => Assert.True(one.Trace.Cause >= 0));
        Assert.Contains(read.Violation!.Facts, fact => fact.Matters);
        Assert.InRange(read.Violation.Event, 1, read.Events.Count - 1);
        Assert.StartsWith("It does not hold after step ", read.Violation.Reason, StringComparison.Ordinal);
        Assert.Contains("Leader Completeness", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--html", "nowhere/page.html", "there is no folder ")]
    [InlineData("--jsonl", ".", "that is a folder")]
    [InlineData("--shiviz", "", "--shiviz is empty")]
    public async Task A_picture_that_cannot_be_written_is_refused_before_the_work_begins(string option, string path, string sentence)
    {
        var given = path.Length == 0 ? path : Path.Combine(_folder, path);
        await Refuses(sentence, Path.Combine(_folder, "not-looked-at"), option, given);
        await Refuses("cannot both be written to", Path.Combine(_folder, "x"), "--html", Path.Combine(_folder, "a"), "--jsonl", Path.Combine(_folder, "a"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task Refuses(string sentence, params string[] arguments)
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["replay", .. arguments], error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }
}

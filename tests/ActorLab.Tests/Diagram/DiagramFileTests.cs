using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary>Recordings in files, and the traces of nodes.</summary>
public sealed class DiagramFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-diagram-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("paxos")]
    [InlineData("raft")]
    public void A_recording_reads_back_as_it_was(string name)
    {
        var recording = name == "paxos" ? Samples.Paxos : Samples.Raft;
        var read = TraceFiles.Read([Saved(recording)]);
        Assert.Equal(
            recording.Events.Select(one => one with { Trace = one.Trace with { Payload = null } }), read.Events);
        Assert.Equal(recording with { Events = [] }, read with { Events = [] });
    }

    [Fact]
    public async Task Damaged_files_are_a_sentence_and_exit_code_2()
    {
        var path = Saved(Samples.Paxos);
        var text = await File.ReadAllTextAsync(path);
        var lines = text.Split('\n');
        foreach (var (damaged, sentence) in new[]
        {
            (text[..(text.Length / 2)], "is no JSON: the file is no trace, or is cut off there."),
            (string.Join('\n', lines.Take(9)), "is not whole: it says that it has 40 events, and has 8."),
            (text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal), "this lab reads actorlab-recording, version 1"),
            (text.Replace("\"kind\":\"boot\"", "\"kind\":\"boots\"", StringComparison.Ordinal), "Line 2 of"),
            (text.Replace("\"cause\":-1", "\"cause\":99", StringComparison.Ordinal), "Line 2 of"),
            (text.Replace("\"at\":0", "\"at\":\"now\"", StringComparison.Ordinal), "Line 2 of"),
            ("", "is empty"),
            ("[1]", "is no JSON object"),
        })
        {
            await File.WriteAllTextAsync(path, damaged);
            var error = new StringWriter();
            var page = Path.Combine(_folder.FullName, "page.html");
            Assert.Equal(2, await LabCommandLine.Run(["diagram", path, "--html", page], error));
            Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
            Assert.Single(error.ToString().TrimEnd().Split('\n'));
            Assert.False(File.Exists(page));
        }
    }

    [Fact]
    public void Traces_of_nodes_are_merged_and_receipts_find_their_sendings()
    {
        // n2's clock is behind: it receives before n1 sends. n1's process starts twice, and numbers from the start again.
        var one = Lines(
            """{"index":0,"at":1000,"kind":"boot","where":"n1/server","peer":null,"message":0,"cause":-1,"text":"incarnation 1"}""",
            """{"index":1,"at":1000,"kind":"note","where":"n1/server","peer":null,"message":0,"cause":0,"text":"leads term 3"}""",
            """{"index":2,"at":1000,"kind":"send","where":"n1/server","peer":"n2/server","message":1,"cause":0,"text":"Ping { }"}""",
            """{"index":0,"at":5000,"kind":"boot","where":"n1/server","peer":null,"message":0,"cause":-1,"text":"incarnation 2"}""",
            """{"index":1,"at":5000,"kind":"send","where":"n1/server","peer":"n2/server","message":1,"cause":0,"text":"Ping { }"}""");
        var two = Lines(
            """{"index":7,"at":900,"kind":"deliver","where":"n2/server","peer":"n1/server","message":1,"cause":-1,"text":"Ping { }"}""",
            """{"index":8,"at":950,"kind":"fault","where":"n2","peer":null,"message":0,"cause":-1,"text":"cut n1>n2, n2>n1"}""",
            """{"index":9,"at":5100,"kind":"deliver","where":"n2/server","peer":"n1/server","message":1,"cause":-1,"text":"Ping { }"}""");
        var recording = TraceFiles.Read([one, two, two]);
        Assert.Equal(RecordingSource.Cluster, recording.Source);
        Assert.Equal(8, recording.Events.Count);
        Assert.Empty(recording.Remarks);
        var receipts = recording.Events.Where(e => e.Trace.Kind == TraceKind.Deliver)
            .Select(e => recording.Events[(int)e.Trace.Cause].Trace.At).ToList();
        Assert.Equal([100, 4100], receipts);
        Assert.Equal("leads term 3", Assert.Single(recording.Events, e => e.Highlight is not null).Highlight!.Text);
        Assert.Equal(2, Assert.Single(recording.Events, e => e.Cuts is not null).Cuts!.Value.Count);
    }

    [Fact]
    public void Causes_that_go_round_in_a_circle_are_said()
    {
        var one = Lines(
            """{"index":0,"at":1,"kind":"deliver","where":"n1/a","peer":"n2/a","message":1,"cause":-1,"text":"M"}""",
            """{"index":1,"at":2,"kind":"send","where":"n1/a","peer":"n2/a","message":1,"cause":0,"text":"M"}""",
            """{"index":0,"at":1,"kind":"deliver","where":"n2/a","peer":"n1/a","message":1,"cause":-1,"text":"M"}""",
            """{"index":1,"at":2,"kind":"send","where":"n2/a","peer":"n1/a","message":1,"cause":0,"text":"M"}""");
        var recording = TraceFiles.Read([one]);
        Assert.Equal(4, recording.Events.Count);
        Assert.Contains("circle", Assert.Single(recording.Remarks), StringComparison.Ordinal);
    }

    private string Saved(Recording recording)
    {
        var path = Path.Combine(_folder.FullName, "run.jsonl");
        using var file = new StreamWriter(path) { NewLine = "\n" };
        DiagramFile.Write(file, recording);
        return path;
    }

    private string Lines(params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.ndjson");
        File.WriteAllLines(path, lines);
        return path;
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using ActorLab.Cluster;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary>Pictures in files, and the traces of nodes.</summary>
public sealed class DiagramFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-diagram-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("paxos")]
    [InlineData("raft")]
    public void A_picture_reads_back_as_it_was(string name)
    {
        var picture = name == "paxos" ? Samples.Paxos : Samples.Raft;
        var read = TraceFiles.Read([Saved(picture)]);
        Assert.Equal(picture.Events, read.Events);
        Assert.Equal(picture with { Events = [] }, read with { Events = [] });
    }

    /// <summary>A killed process takes its trace along: its node's lane shows what the controller saw.</summary>
    [Fact]
    public void What_befell_a_process_is_on_the_lane_of_its_node()
    {
        var lives = new NodeLives();
        lives.Starts("n1");
        lives.Add("n1", TraceKind.Crash, "killed");
        lives.Starts("n1");
        lives.Add("n2", TraceKind.Crash, "killed");
        var lost = lives.Of("n1");
        Assert.Equal(["crash", "restart"], lost.Select(line => line.Kind));
        var began = lost[0].At - 10;
        var path = Path.Combine(_folder.FullName, "split.ndjson");
        File.WriteAllLines(path, new[]
        {
            new TraceLine(0, lost[1].At + 50, "boot", "n1/server", null, 0, -1, "incarnation 2"),
            new TraceLine(1, lost[1].At + 60, "send", "n1/server", "n2/server", 9, 0, "Ping"),
            new TraceLine(7, began, "expire", "n2/server", null, 0, -1, "tick"),
            new TraceLine(8, began, "send", "n2/server", "n1/server", 4, 7, "Ping"),
        }.Concat(lost).Concat(lives.Of("n2")).Select(line => JsonSerializer.Serialize(line, NodeJson.Options)));

        var picture = TraceFiles.Read([path]);
        var drawing = new Drawing(picture);

        Assert.Empty(picture.Remarks);
        Assert.Equal(
            ["expire n2/server", "crash n1/", "restart n1/", "boot n1/server"],
            drawing.Marks.Where(mark => mark.Event.Trace is { Kind: not TraceKind.Crash } or { Where.Node.Name: "n1" })
                .Select(mark => $"{mark.Event.Trace.Kind.ToString().ToLowerInvariant()} {mark.Event.Trace.Where.Node}/{mark.Event.Trace.Where.Role}"));
        Assert.Contains(drawing.Spells, spell => spell.To >= 0 && spell.Lanes.Single() == drawing.Lanes.ToList().FindIndex(lane => lane.Node.Name == "n1"));
        Assert.Contains(drawing.Spells, spell => spell.To < 0 && spell.Lanes.Single() == drawing.Lanes.ToList().FindIndex(lane => lane.Node.Name == "n2"));
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
            (text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal), "this lab reads actorlab-picture, version 1"),
            (text.Replace("\"kind\":\"boot\"", "\"kind\":\"boots\"", StringComparison.Ordinal), "Line 2 of"),
            (text.Replace("\"cause\":-1", "\"cause\":99", StringComparison.Ordinal), "Line 2 of"),
            (text.Replace("\"at\":0", "\"at\":\"now\"", StringComparison.Ordinal), "Line 2 of"),
            (Regex.Replace(text, "\"state\":\"", "\"state\":\"ffffffff"), "a state is a fingerprint of 32 hexadecimal digits"),
            (Text("\"highlight\":null", "\"highlight\":{\"kind\":\"decision\"}"), "a highlight has a kind, which is election, decision or cut, and a text"),
            (Text("\"cuts\":null", "\"cuts\":[\"n1-n2\"]"), "\"n1-n2\" is not one direction of a link"),
            (Text("\"cuts\":null", "\"cuts\":[null]"), "is not one direction of a link"),
            (Text("\"kind\":\"boot\"", "\"kind\":\"boot\",\"kind\":\"boot\""), "Line 2 of"),
            (Regex.Replace(text, "\"of\":\"[^\"]*\"", "\"of\":null"), "a fact has what it is of, a path and a value"),
            (Regex.Replace(text, "\"value\":\"", "\"volume\":\""), "a fact has what it is of, a path and a value"),
            (Regex.Replace(text, "\"event\":[0-9]+", "\"event\":40"), "it has no event 40"),
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

        string Text(string was, string now) => text.Replace(was, now, StringComparison.Ordinal);
    }

    [Fact]
    public void Traces_that_overlap_lose_no_causes()
    {
        string[] whole =
        [
            """{"index":0,"at":1,"kind":"boot","where":"n1/server","peer":null,"message":0,"cause":-1,"text":"incarnation 1"}""",
            """{"index":1,"at":2,"kind":"expire","where":"n1/server","peer":null,"message":0,"cause":0,"text":"tick"}""",
            """{"index":2,"at":3,"kind":"send","where":"n1/server","peer":"n2/server","message":1,"cause":1,"text":"Ping { }"}""",
            """{"index":3,"at":4,"kind":"note","where":"n1/server","peer":null,"message":0,"cause":1,"text":"so"}""",
        ];
        foreach (var files in new[] { new[] { Lines(whole[..2]), Lines(whole[1..]) }, [Lines(whole[1..]), Lines(whole[..2])] })
        {
            Assert.Equal([-1, 0, 1, 1], TraceFiles.Read(files).Events.Select(one => one.Trace.Cause));
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
        var picture = TraceFiles.Read([one, two, two]);
        Assert.Equal(PictureSource.Cluster, picture.Source);
        Assert.Equal(8, picture.Events.Count);
        Assert.Empty(picture.Remarks);
        var receipts = picture.Events.Where(e => e.Trace.Kind == TraceKind.Deliver)
            .Select(e => picture.Events[(int)e.Trace.Cause].Trace.At).ToList();
        Assert.Equal([100, 4100], receipts);
        Assert.Equal("leads term 3", Assert.Single(picture.Events, e => e.Highlight is not null).Highlight!.Text);
        Assert.Equal(2, Assert.Single(picture.Events, e => e.Cuts is not null).Cuts!.Value.Count);
    }

    [Fact]
    public void Causes_that_go_round_in_a_circle_are_said()
    {
        var one = Lines(
            """{"index":0,"at":1,"kind":"deliver","where":"n1/a","peer":"n2/a","message":1,"cause":-1,"text":"M"}""",
            """{"index":1,"at":2,"kind":"send","where":"n1/a","peer":"n2/a","message":1,"cause":0,"text":"M"}""",
            """{"index":0,"at":1,"kind":"deliver","where":"n2/a","peer":"n1/a","message":1,"cause":-1,"text":"M"}""",
            """{"index":1,"at":2,"kind":"send","where":"n2/a","peer":"n1/a","message":1,"cause":0,"text":"M"}""");
        var picture = TraceFiles.Read([one]);
        Assert.Equal(4, picture.Events.Count);
        Assert.Contains("circle", Assert.Single(picture.Remarks), StringComparison.Ordinal);
    }

    private string Saved(Picture picture)
    {
        var path = Path.Combine(_folder.FullName, "run.jsonl");
        using var file = new StreamWriter(path) { NewLine = "\n" };
        DiagramFile.Write(file, picture);
        return path;
    }

    private string Lines(params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.ndjson");
        File.WriteAllLines(path, lines);
        return path;
    }
}

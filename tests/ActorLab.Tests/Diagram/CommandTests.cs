using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary><c>lab replay</c> and <c>lab diagram</c> with the switches for pictures.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-diagram-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_counterexample_becomes_a_page_lines_and_a_log()
    {
        var error = new StringWriter();
        Assert.Equal(1, await Run(error, "check", "increment", "--out", At("found.json")));
        Assert.Equal(1, await Run(
            error, "replay", At("found.json"), "--text", "--html", At("a.html"), "--jsonl", At("a.jsonl"), "--shiviz", At("a.log")));
        Assert.Equal(0, await Run(error, "diagram", At("a.jsonl"), "--html", At("b.html")));
        Assert.Equal(0, await Run(error, "diagram", At("a.jsonl")));
        Assert.Equal("", error.ToString());
        var page = await File.ReadAllTextAsync(At("a.html"));
        Assert.Equal(page, await File.ReadAllTextAsync(At("b.html"))); // what was exported draws the same picture
        Assert.Contains("lab replay", page, StringComparison.Ordinal);
        Assert.StartsWith(ShiVizLog.Parser, await File.ReadAllTextAsync(At("a.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_is_a_sentence_and_leaves_nothing()
    {
        var error = new StringWriter();
        await Run(error, "check", "increment", "--out", At("found.json"));
        Assert.Equal(2, await Run(error, "replay", At("found.json"), "--html", At("no/such/folder/a.html")));
        Assert.Contains("The diagram cannot be written to ", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await Run(error, "diagram", At("nothing.jsonl")));
        Assert.Contains("There is no file", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["found.json"], _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task A_run_that_is_too_long_to_be_drawn_is_a_sentence_and_no_success()
    {
        var error = new StringWriter();
        Assert.Equal(0, await Run(error, "simulate", "raft", "--time", "1s", "--out", At("run.json")));
        var text = await File.ReadAllTextAsync(At("run.json"));
        await File.WriteAllTextAsync(At("run.json"), System.Text.RegularExpressions.Regex.Replace(text, "\"turns\": [0-9]+", "\"turns\": 200001"));
        Assert.Equal(1, await Run(error, "replay", At("run.json"), "--html", At("a.html")));
        Assert.Contains("200,001 turns and breaks nothing: such a run is drawn up to 200,000", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(At("a.html")));
    }

    [Theory]
    [InlineData("a/b-1.json", "a/b-1.json")]
    [InlineData("it's here.json", "'it'\\''s here.json'")]
    public void Paths_are_quoted_as_shells_need_it(string path, string quoted) => Assert.Equal(quoted, DiagramOutputs.Quoted(path));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static Task<int> Run(TextWriter error, params string[] line) => LabCommandLine.Run(line, error);
}

using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class DataFolderTests : IDisposable
{
    private static readonly LabShape Five = new(5, "sqlite");

    private readonly string _root = Directory.CreateTempSubdirectory("actorlab-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_lab_keeps_its_identity_when_it_comes_back_and_loses_it_when_it_is_fresh()
    {
        string first;
        using (var folder = Open())
        {
            first = folder.Run.LabId;
        }

        using (var folder = Open())
        {
            Assert.Equal(first, folder.Run.LabId);
        }

        using (var folder = Open(fresh: true))
        {
            Assert.NotEqual(first, folder.Run.LabId);
        }
    }

    [Fact]
    public void The_folder_is_held_while_its_lab_runs_and_no_longer()
    {
        using (Open())
        {
            Assert.True(DataFolder.IsHeld(_root));
            var refusal = Assert.Throws<BadInput>(() => Open());
            Assert.StartsWith($"Another lab runs on the folder {_root}", refusal.Message, StringComparison.Ordinal);
        }

        Assert.False(DataFolder.IsHeld(_root));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_of_somebody_else_is_refused_and_left_as_it_is(bool fresh)
    {
        var thesis = Path.Combine(_root, "thesis.tex");
        File.WriteAllText(thesis, "years of work");
        File.WriteAllText(Path.Combine(_root, "lab.json"), """{"name": "some other lab"}""");

        Assert.Throws<BadInput>(() => Open(fresh));

        Assert.Equal("years of work", File.ReadAllText(thesis));
    }

    [Fact]
    public void Fresh_deletes_what_the_lab_wrote_and_nothing_else()
    {
        using (Open())
        {
        }

        Directory.CreateDirectory(Path.Combine(_root, "n3", "logs"));
        File.WriteAllText(Path.Combine(_root, "n3", "journal.db"), "");
        File.WriteAllText(Path.Combine(_root, "notes.txt"), "mine");
        Directory.CreateDirectory(Path.Combine(_root, "n10"));

        using (Open(fresh: true))
        {
        }

        Assert.False(Directory.Exists(Path.Combine(_root, "n3")));
        Assert.True(File.Exists(Path.Combine(_root, "notes.txt")));
        Assert.True(Directory.Exists(Path.Combine(_root, "n10")));
    }

    [Fact]
    public void Data_of_another_shape_is_refused_unless_fresh()
    {
        using (Open())
        {
        }

        var refusal = Assert.Throws<BadInput>(() => DataFolder.Open(_root, Five with { Nodes = 3 }, fresh: false));
        Assert.Contains("5 nodes with store sqlite", refusal.Message, StringComparison.Ordinal);
        DataFolder.Open(_root, Five with { Nodes = 3 }, fresh: true).Dispose();
    }

    [Theory]
    [InlineData("../passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void A_trace_file_stays_in_the_labs_folder(string name)
    {
        using var folder = Open();
        Assert.Throws<BadInput>(() => folder.TraceFile(name));
        Assert.Equal(Path.Combine(_root, "traces", "split.ndjson"), folder.TraceFile("split.ndjson"));
    }

    private DataFolder Open(bool fresh = false) => DataFolder.Open(_root, Five, fresh);
}

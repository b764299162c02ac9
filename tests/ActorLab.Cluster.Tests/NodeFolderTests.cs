namespace ActorLab.Cluster.Tests;

public sealed class NodeFolderTests
{
    [Fact]
    public void Incarnations_grow_over_restarts()
    {
        using var folder = new TemporaryFolder();
        using (var first = NodeFolder.Open(Config(folder)))
        {
            Assert.Equal(0, first.Incarnation);
            Assert.Equal(1, first.NextIncarnation());
            Assert.Equal(2, first.NextIncarnation());
        }

        using var second = NodeFolder.Open(Config(folder));
        Assert.Equal(2, second.Incarnation);
        Assert.Equal(3, second.NextIncarnation());
    }

    [Theory]
    [InlineData("n2", "lab1", "belongs to node n1, not to n2")]
    [InlineData("n1", "lab2", "belongs to another lab")]
    public void A_folder_of_somebody_else_is_refused_with_what_to_do(string name, string lab, string why)
    {
        using var folder = new TemporaryFolder();
        NodeFolder.Open(Config(folder)).Dispose();
        var refusal = Assert.Throws<NodeRefusal>(
            () => NodeFolder.Open(Config(folder) with { Name = name, LabId = lab }));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--fresh", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "thesis.docx"), "years of work");
        var refusal = Assert.Throws<NodeRefusal>(() => NodeFolder.Open(Config(folder)));
        Assert.Contains("thesis.docx", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_launcher_puts_there_first_is_no_reason_to_refuse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "node.json"), "{}");
        NodeFolder.Open(Config(folder)).Dispose();
    }

    [Theory]
    [InlineData("node.id", "{\"labId\": ")]
    [InlineData("node.id", "{}")]
    [InlineData("incarnation", "many")]
    public void A_damaged_file_is_refused_with_what_to_do(string file, string content)
    {
        using var folder = new TemporaryFolder();
        NodeFolder.Open(Config(folder)).Dispose();
        File.WriteAllText(Path.Combine(folder.Path, file), content);
        var refusal = Assert.Throws<NodeRefusal>(() => NodeFolder.Open(Config(folder)));
        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var held = NodeFolder.Open(Config(folder));
        var refusal = Assert.Throws<NodeRefusal>(() => NodeFolder.Open(Config(folder)));
        Assert.Contains("Another process uses", refusal.Message, StringComparison.Ordinal);
    }

    private static NodeConfig Config(TemporaryFolder folder) => new()
    {
        Name = "n1",
        RemotingPort = 1,
        ControlPort = 2,
        Peers = [],
        DataDir = folder.Path,
        TokenFile = "",
        LabId = "lab1",
    };
}

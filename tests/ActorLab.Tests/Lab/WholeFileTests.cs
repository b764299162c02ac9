using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorlab-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        var path = Path.Combine(_folder.FullName, "a.txt");
        WholeFile.Write(path, "The text", "old");
        var failures = new Exception[] { new InvalidOperationException(), new IOException("full"), new NotSupportedException() };
        Assert.All(failures, failure =>
        {
            var thrown = Record.Exception(() => WholeFile.Write(path, "The text", stream =>
            {
                stream.WriteByte(1);
                throw failure;
            }));
            Assert.Equal(failure is IOException ? typeof(CommandFailed) : failure.GetType(), thrown?.GetType());
            Assert.Equal(["a.txt"], _folder.GetFiles().Select(file => file.Name));
            Assert.Equal("old", File.ReadAllText(path));
        });
        WholeFile.Write(path, "The text", "new");
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Where_there_is_no_folder_it_is_a_sentence()
    {
        var path = Path.Combine(_folder.FullName, "none", "a.txt");
        var error = Assert.Throws<CommandFailed>(() => WholeFile.Write(path, "The text", "new"));
        Assert.StartsWith($"The text could not be written to {path}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_place_of_a_folder_nothing_is_left()
    {
        var path = _folder.CreateSubdirectory("a").FullName;
        Assert.Throws<CommandFailed>(() => WholeFile.Write(path, "The text", "new"));
        Assert.Empty(_folder.GetFiles());
    }
}

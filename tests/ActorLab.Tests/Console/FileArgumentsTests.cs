using ActorLab.Console;

namespace ActorLab.Tests.Console;

public sealed class FileArgumentsTests
{
    private static readonly PaletteSet Palettes = new(
    [
        new Palette("fault", "Faults.",
        [
            new Command("run", "Plays a file.") { Parameters = [Parameter.File("plan", "a file", 10), Parameter.Text("note", "a word").AsSwitch()] },
        ]),
    ]);

    [Fact]
    public async Task The_contents_of_a_file_are_sent_in_the_place_of_its_name()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "{\"a\":1}");
        var call = FileArguments.Read(CommandLine.Parse(["fault", "run", path, "--note", path], Palettes), Palettes);
        Assert.Equal(["{\"a\":1}"], call.Arguments["plan"]);
        Assert.Equal([path], call.Arguments["note"]);
        File.Delete(path);
    }

    [Fact]
    public async Task A_file_that_is_missing_too_large_or_no_text_is_one_sentence()
    {
        Assert.Contains("/no/such/file cannot be read", Refusal("/no/such/file"), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refusal(Path.GetTempPath()), StringComparison.Ordinal);
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "12345678901");
        Assert.Contains("has more than 10 bytes", Refusal(path), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(path, [0xff, 0xfe, 0x00]);
        Assert.Contains("is no text in UTF-8", Refusal(path), StringComparison.Ordinal);
        File.Delete(path);
    }

    private static string Refusal(string path) =>
        Assert.Throws<BadInput>(() => FileArguments.Read(CommandLine.Parse(["fault", "run", path], Palettes), Palettes)).Message;
}

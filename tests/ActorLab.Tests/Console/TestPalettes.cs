using ActorLab.Console;

namespace ActorLab.Tests.Console;

/// <summary>Palettes small enough to read, with one of everything.</summary>
internal static class TestPalettes
{
    public static readonly string[] Nodes = ["n1", "n2", "n3"];

    public static PaletteSet Set() => new([Echo(), Partition()]);

    public static ConsoleHost Host(Action<Call, Exception>? failed = null) => new(Set(), () => Nodes, failed);

    private static Palette Echo() => new("echo", "Says things.",
    [
        new Command("say", "Says a text back.")
        {
            Parameters =
            [
                Parameter.Text("text", "what to say", maxBytes: 1024 * 1024).OrEmpty(),
                Parameter.Integer("times", "how often").AsSwitch().Or(1).Between(1, 100_000),
                Parameter.Flag("loud", "in bold"),
            ],
            Example = "echo say hello --times=2",
            Handler = (c, _) =>
            {
                for (var i = 0; i < c.Integer("times"); i++)
                {
                    c.Line(c.Text("text"), c.Flag("loud") ? Tone.Strong : Tone.Plain);
                }
                return Task.CompletedTask;
            },
        },
        new Command("follow", "Says a line and goes on until it is stopped.")
        {
            Example = "echo follow",
            Handler = async (c, stopped) =>
            {
                c.Line("following");
                await Task.Delay(Timeout.Infinite, stopped);
            },
        },
        new Command("hasty", "Has a time limit that it does not keep.")
        {
            TimeLimit = TimeSpan.FromMilliseconds(20),
            Handler = (_, stopped) => Task.Delay(Timeout.Infinite, stopped),
        },
        new Command("fail", "Fails as a command does.") { Handler = (_, _) => throw new CommandFailed("There is no leader.") },
        new Command("break", "Fails as a bug does.") { Handler = (_, _) => throw new InvalidOperationException("boom") },
    ]);

    private static Palette Partition() => new("partition", "Cuts links.",
    [
        new Command("isolate", "Cuts every link of one node.")
        {
            Parameters =
            [
                Parameter.Node("node", "the node to cut off"),
                Parameter.Duration("for", "how long").AsSwitch().Or(TimeSpan.FromSeconds(5))
                    .Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
                Parameter.Choice("way", "which direction", "in", "out", "both").AsSwitch().Or("both"),
            ],
            Example = "partition isolate n3",
            Handler = (c, _) =>
            {
                c.Line($"{c.Node("node")} {c.Text("way")} {c.Duration("for").TotalMilliseconds}");
                return Task.CompletedTask;
            },
        },
        new Command("ring", "Leaves a ring of nodes.")
        {
            Parameters = [Parameter.NodeList("nodes", "the nodes, in order"), Parameter.Number("loss", "0 to 1").Optional()],
            Handler = (c, _) =>
            {
                c.Line(string.Join(" ", c.Nodes("nodes")) + $" {c.NumberOrNull("loss")}");
                return Task.CompletedTask;
            },
        },
    ]);
}

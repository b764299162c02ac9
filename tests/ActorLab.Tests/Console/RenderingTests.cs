using System.Text;
using System.Text.Json.Nodes;
using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class RenderingTests
{
    private const string Hostile = "\u001b[2J[red]x[/]\r\n\u202e\u0007";
    private const string HostileShown = @"\x1b[2J[red]x[/]\r\n\u202e\x07";

    private static readonly Output.Table Servers = new(
        ["node", "role", Column.Right("term"), Column.Center("up")],
        [
            [Cell.Strong("n1"), Cell.Good("leader"), 7, true],
            ["n2", Hostile, 12, false],
            ["日本", "", 3, Cell.Dim("?")],
        ],
        "raft");

    private static string Show(Func<TextWriter, TextWriter, IRenderer> make, params Output[] outputs)
    {
        var (writer, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var renderer = make(writer, errors);
        foreach (var output in outputs)
        {
            renderer.Show(output);
        }
        return errors.ToString().Length == 0 ? writer.ToString() : $"{writer}!{errors}";
    }

    [Fact]
    public void A_pipe_gets_aligned_text_and_nothing_else() => Assert.Equal(
        """
        raft
        node  role                            term  up
        n1    leader                             7  yes
        n2    \x1b[2J[red]x[/]\r\n\u202e\x07    12  no
        日本  -                                  3   ?

        """,
        Show((o, e) => new PlainRenderer(o, e), Servers));

    [Fact]
    public void In_a_pipe_a_long_cell_does_not_widen_other_rows_and_the_last_one_keeps_its_blanks()
    {
        var key = new string('k', 1000);
        var shown = Show((o, e) => new PlainRenderer(o, e), new Output.Table(["key", "value"], [["a", "1 "], [key, "2"]]));
        Assert.Equal($"{"key",-100}  value\n{"a",-100}  1 \n{key}  2\n", shown);
    }

    [Fact]
    public void A_pipe_gets_errors_and_progress_on_the_other_stream() => Assert.Equal(
        "a b\n{\"n\":1}\n!... working\nno leader\n",
        Show((o, e) => new PlainRenderer(o, e),
            new Output.Line(["a ", Cell.Good("b")]),
            new Output.Progress("working"),
            new Output.Data(new JsonObject { ["n"] = 1 }),
            new Output.Error("no leader"),
            new Output.Exit(1)));

    [Fact]
    public void Programs_get_one_object_a_line_with_numbers_as_numbers() => Assert.Equal(
        """
        {"table":{"title":"raft","rows":[{"node":"n1","role":"leader","term":7,"up":true},{"node":"n2","role":"\u001B[2J[red]x[/]\r\n\u202E\u0007","term":12,"up":false},{"node":"\u65E5\u672C","role":"","term":3,"up":"?"}]}}
        {"line":"a b"}
        {"error":"no leader"}
        {"exit":1}

        """,
        Show((o, _) => new JsonRenderer(o),
            Servers, new Output.Line(["a ", Cell.Good("b")]), new Output.Error("no leader"), new Output.Exit(1)));

    [Fact]
    public void A_terminal_gets_a_frame_and_colours()
    {
        var shown = Show((o, e) => new TerminalRenderer(o, e, colour: true, width: 80), Servers);
        Assert.Contains("╭", shown);
        Assert.Contains("\u001b[32mleader\u001b[0m", shown);
        var lines = StripColours(shown).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();
        Assert.Equal("│ n1   │ leader                         │    7 │ yes │", lines[3]);
        Assert.Equal($"│ n2   │ {HostileShown} │   12 │ no  │", lines[4]);
        Assert.All(lines, line => Assert.Equal(lines[0].Length - (line.Contains('日') ? 2 : 0), line.Length));
    }

    [Fact]
    public void Without_colours_a_terminal_gets_none()
    {
        var shown = Show((o, e) => new TerminalRenderer(o, e, colour: false, width: 80), Servers);
        Assert.DoesNotContain("\u001b[3", shown);
        Assert.DoesNotContain("\u001b[9", shown);
    }

    [Fact]
    public void What_a_stranger_wrote_never_steers_a_terminal()
    {
        var parts = new Output[]
        {
            new Output.Line([Hostile]), new Output.Error(Hostile), new Output.Progress(Hostile),
            new Output.Data(new JsonObject { ["k"] = Hostile }), new Output.Table([Hostile], [[Hostile]], Hostile),
        };
        foreach (var part in parts)
        {
            foreach (var shown in new[]
            {
                Show((o, e) => new TerminalRenderer(o, e, colour: false, width: 200), part),
                Show((o, e) => new PlainRenderer(o, e), part),
                Show((o, _) => new JsonRenderer(o), part),
            })
            {
                // The renderer's own sequences are bold, its end, and the clearing of a progress line.
                Assert.DoesNotContain("\u001b[2J", shown);
                Assert.DoesNotContain('\u0007', shown);
                Assert.DoesNotContain('\u202e', shown);
                Assert.DoesNotContain('\r', shown);
                Assert.Contains("[red]x[/]", shown);
            }
        }
    }

    [Fact]
    public void A_long_line_is_not_broken_by_the_renderer()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100));
        Assert.Equal(text + "\n", Show((o, e) => new TerminalRenderer(o, e, colour: true, width: 40), new Output.Line([text])));
    }

    [Fact]
    public void Progress_is_overwritten_in_a_terminal() => Assert.Equal(
        "... one\r\u001b[K... two\r\u001b[Kdone\n",
        StripColours(Show((o, e) => new TerminalRenderer(o, e, colour: true, width: 80),
            new Output.Progress("one"), new Output.Progress("two"), new Output.Line(["done"]), new Output.Exit(0))));

    [Fact]
    public void Every_event_survives_the_wire()
    {
        Output[] outputs =
        [
            new Output.Line(["one"]), new Output.Line(["a ", Cell.Bad("b"), 3]), new Output.Line([]), Servers,
            new Output.Progress(Hostile), new Output.Data(new JsonObject { ["a"] = new JsonArray(1, "x") }),
            new Output.Error("e"), new Output.Exit(2),
        ];
        foreach (var output in outputs)
        {
            var wire = OutputJson.Write(output).ToJsonString(OutputJson.Options);
            Assert.DoesNotContain('\n', wire);
            var read = OutputJson.Read(Encoding.UTF8.GetBytes(wire));
            Assert.Equal(wire, OutputJson.Write(read).ToJsonString(OutputJson.Options));
            Assert.Equal(output.GetType(), read.GetType());
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("{\"exit\":\"no\"}")]
    [InlineData("{\"line\":{\"tone\":\"good\"}}")]
    [InlineData("{\"table\":{\"columns\":[{\"name\":\"a\"}],\"rows\":[[\"1\",\"2\"]]}}")]
    public void What_is_no_event_is_refused(string wire) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => OutputJson.Read(Encoding.UTF8.GetBytes(wire)));

    [Theory]
    [InlineData("plain ä 日本 😀", "plain ä 日本 😀")]
    [InlineData("a\tb\nc", @"a\tb\nc")]
    [InlineData("\u0085\u009b31m", @"\x85\x9b31m")]
    [InlineData("x\u200by\u2028z", @"x\u200by\u2028z")]
    public void Only_what_a_terminal_would_act_on_is_escaped(string text, string shown) =>
        Assert.Equal(shown, SafeText.Escape(text));

    [Fact]
    public void Half_a_character_is_escaped() => Assert.Equal(@"half \ud83d", SafeText.Escape("half \ud83d"));

    private static string StripColours(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "");
}

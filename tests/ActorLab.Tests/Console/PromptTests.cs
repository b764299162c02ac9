using System.Text;
using System.Threading.Channels;
using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class PromptTests
{
    private const char Left = '←', Right = '→', Up = '↑', Down = '↓', Home = '⇱', Delete = '⌦', Backspace = '⌫', Word = '⇤';

    private static async Task<string> Edit(string keys, string[]? history = null, FakeTerminal? terminal = null)
    {
        terminal ??= new FakeTerminal();
        var past = new PromptHistory(null);
        foreach (var line in history ?? [])
        {
            past.Add(line);
        }
        var editor = new LineEditor(terminal, past, line => Task.FromResult(Completer.Complete(line, TestPalettes.Set(), TestPalettes.Nodes)));
        terminal.Type(keys);
        var (end, text) = await editor.Read("> ", CancellationToken.None);
        return end == LineEnd.Entered ? text : $"{end}:{text}";
    }

    [Theory]
    [InlineData("abc\r", "abc")]
    [InlineData("ac←b\r", "abc")]
    [InlineData("bc⇱a\r", "abc")]
    [InlineData("abx⌫c\r", "abc")]
    [InlineData("xabc⇱⌦\r", "abc")]
    [InlineData("one two⇤three\r", "one three")]
    [InlineData("a😀⌫b\r", "ab")]
    [InlineData("a😀←x\r", "ax😀")]
    [InlineData("e\u0301⌫b\r", "b")]
    [InlineData("abc←←\u000b\r", "a")]
    [InlineData("abc←←\u0015\r", "bc")]
    [InlineData("abc\u0003", "Interrupted:abc")]
    [InlineData("\u0004", "EndOfInput:")]
    [InlineData("ab⇱\u0004\r", "b")]
    [InlineData("←⌫⌦→\r", "")]
    public async Task Keys_edit_as_in_a_shell(string keys, string text) => Assert.Equal(text, await Edit(keys));

    [Theory]
    [InlineData("↑\r", "two")]
    [InlineData("↑↑\r", "one")]
    [InlineData("↑↑↑↑\r", "one")]
    [InlineData("dra↑↓ft\r", "draft")]
    [InlineData("↑↑↓!\r", "two!")]
    public async Task Up_and_down_walk_through_history(string keys, string text) =>
        Assert.Equal(text, await Edit(keys, ["one", "two"]));

    [Theory]
    [InlineData("ec\t\r", "echo ")]
    [InlineData("echo sa\thi\r", "echo say hi")]
    [InlineData("part\ti\t\r", "partition isolate ")]
    [InlineData("partition isolate n\t3\r", "partition isolate n3")]
    [InlineData("partition isolate n1 --w\ti\t\r", "partition isolate n1 --way=in ")]
    [InlineData("partition isolate n1 --way b\t\r", "partition isolate n1 --way both ")]
    [InlineData("partition ring n1,\t\r", "partition ring n1,n")]
    [InlineData("partition ring n1,n2,\t\r", "partition ring n1,n2,n3")]
    [InlineData("echo say hi --l\t\r", "echo say hi --loud ")]
    [InlineData("help p\t\r", "help partition ")]
    [InlineData("nothing x\t\r", "nothing x")]
    [InlineData("echo say 'x\t\r", "echo say 'x")]
    public async Task Tab_completes_from_the_definitions(string keys, string text) => Assert.Equal(text, await Edit(keys));

    [Fact]
    public async Task Tab_lists_what_is_possible_when_it_cannot_add()
    {
        var terminal = new FakeTerminal();
        await Edit("partition isolate n\t2\r", terminal: terminal);
        Assert.Contains("n1  n2  n3", terminal.Text);
        terminal = new FakeTerminal();
        await Edit("\t\r", terminal: terminal);
        Assert.Contains("clear      echo       exit", terminal.Text);
    }

    [Fact]
    public async Task A_line_longer_than_the_terminal_scrolls_and_never_wraps()
    {
        var terminal = new FakeTerminal { Width = 40 };
        var text = new string('日', 200);
        Assert.Equal(text, await Edit(text + "\r", terminal: terminal));
        foreach (var drawn in terminal.Text.Split('\r'))
        {
            Assert.True(drawn.Count(c => c == '日') * 2 + 2 < 40);
        }
    }

    [Fact]
    public async Task What_was_in_the_history_cannot_steer_the_terminal()
    {
        var terminal = new FakeTerminal();
        await Edit("↑\r", ["say \u001b]0;evil\u0007"], terminal);
        Assert.Contains(@"say \x1b]0;evil\x07", terminal.Text);
        Assert.DoesNotContain('\u0007', terminal.Text);
    }

    [Fact]
    public void History_outlives_the_process_in_a_private_file()
    {
        var folder = Directory.CreateTempSubdirectory("actorlab-history-").FullName;
        try
        {
            var path = Path.Combine(folder, "deep", "history");
            var first = new PromptHistory(path);
            foreach (var line in new[] { "one", "two", "two", "", "  ", new string('x', PromptHistory.MaxLineLength + 1) })
            {
                first.Add(line);
            }
            Assert.Equal(["one", "two"], new PromptHistory(path).Lines);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
            for (var i = 0; i < PromptHistory.MaxLines + 5; i++)
            {
                first.Add($"line {i}");
            }
            var again = new PromptHistory(path).Lines;
            Assert.Equal((PromptHistory.MaxLines, "line 5"), (again.Count, again[0]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_prompt_runs_commands_stops_them_and_ends()
    {
        await using var lab = await TestLab.Start();
        using var client = new PbmClient(lab.Address, () => lab.Token);
        var (terminal, output, errors) = (new FakeTerminal(), new WatchedWriter(), new WatchedWriter());
        var session = new PbmSession(client, new PbmIo(TextReader.Null, output, errors));
        var running = new PbmPrompt(session, new PbmOptions { Address = lab.Address }, terminal, new PromptHistory(null)).Run(default);

        terminal.Type("echo say hi\r");
        await TestLab.Until(() => output.Text == "hi\n", "the command said hi");
        terminal.Type("echo follow\r");
        await TestLab.Until(() => output.Text.EndsWith("following\n", StringComparison.Ordinal), "the command follows");
        terminal.Type("echo sa\u0003");
        await TestLab.Until(() => errors.Text == "Stopped.\n", "Ctrl-C stopped it");
        terminal.Type("y there\r");
        await TestLab.Until(() => output.Text.EndsWith("there\n", StringComparison.Ordinal), "what was typed meanwhile was kept");
        terminal.Type("echo nothing\r");
        await TestLab.Until(() => errors.Text.Contains("Unknown echo command", StringComparison.Ordinal), "bad input is a sentence");
        terminal.Type("half a line"); // shown once the command is over: a Ctrl-C before that would be the command's
        await TestLab.Until(() => terminal.Text.Contains("half a line", StringComparison.Ordinal), "the prompt is there again");
        terminal.Type("\u0003\u0003");
        await TestLab.Until(() => terminal.Text.Contains("Type exit", StringComparison.Ordinal), "the prompt says how to leave");
        Assert.False(running.IsCompleted);
        terminal.Type("\u0003");
        Assert.Equal(ExitCode.Success, await running.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>A terminal whose keys are typed by the test; arrows and the like are written as symbols.</summary>
    private sealed class FakeTerminal : ITerminal
    {
        private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
        private readonly StringBuilder _written = new();

        public int Width { get; init; } = 80;

        public string Text
        {
            get
            {
                lock (_written)
                {
                    return _written.ToString();
                }
            }
        }

        public void Type(string keys)
        {
            foreach (var key in keys)
            {
                _keys.Writer.TryWrite(KeyOf(key));
            }
        }

        public async Task<ConsoleKeyInfo> ReadKey(CancellationToken stopped) => await _keys.Reader.ReadAsync(stopped);

        public void Write(string text)
        {
            lock (_written)
            {
                _written.Append(text);
            }
        }

        private static ConsoleKeyInfo KeyOf(char key) => key switch
        {
            Left => Plain(ConsoleKey.LeftArrow),
            Right => Plain(ConsoleKey.RightArrow),
            Up => Plain(ConsoleKey.UpArrow),
            Down => Plain(ConsoleKey.DownArrow),
            Home => Plain(ConsoleKey.Home),
            Delete => Plain(ConsoleKey.Delete),
            Backspace => Plain(ConsoleKey.Backspace),
            Word => Control(ConsoleKey.W, '\u0017'),
            '\r' => new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false),
            '\t' => new ConsoleKeyInfo('\t', ConsoleKey.Tab, false, false, false),
            < ' ' => Control(ConsoleKey.A + (key - 1), key),
            _ => new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false),
        };

        private static ConsoleKeyInfo Plain(ConsoleKey key) => new('\0', key, false, false, false);

        private static ConsoleKeyInfo Control(ConsoleKey key, char c) => new(c, key, false, false, true);
    }
}

using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class ConsoleHostTests
{
    private static async Task<(int Exit, string Text)> Run(string line)
    {
        var (exit, outputs) = await TestPalettes.Host().Run(line);
        Assert.Equal(new Output.Exit(exit), outputs[^1]);
        return (exit, string.Join("|", outputs.SkipLast(1).Select(o => o switch
        {
            Output.Line l => l.Text,
            Output.Error e => e.Sentence,
            _ => o.ToString(),
        })));
    }

    [Theory]
    [InlineData("echo say hi --times=2", "hi|hi")]
    [InlineData("echo say \"\"", "")]
    [InlineData("partition isolate n2", "n2 both 5000")]
    [InlineData("partition isolate n2 --for=1.5s --way in", "n2 in 1500")]
    [InlineData("partition ring n1,n3 0.25", "n1 n3 0.25")]
    [InlineData("partition ring --nodes n1 --nodes=n2,n3", "n1 n2 n3 ")]
    public async Task A_handler_gets_typed_arguments_and_defaults(string line, string text) =>
        Assert.Equal((ExitCode.Success, text), await Run(line));

    [Theory]
    [InlineData("echo say", "echo say wants text: what to say. Example: echo say hello --times=2")]
    [InlineData("echo say x --times=0", "--times must be between 1 and 100000, not 0.")]
    [InlineData("echo say x --times=many", "--times wants a whole number, not \"many\".")]
    [InlineData("echo say x --times=1 --times=2", "--times was given 2 times; it takes one value.")]
    [InlineData("echo say x --loud=perhaps", "--loud takes no value: it is there or not; \"perhaps\" is neither true nor false.")]
    [InlineData("partition isolate n9", "Unknown node \"n9\". Did you mean n1? Known: n1, n2, n3.")]
    [InlineData("partition isolate n1 --for=5", "--for wants a time with its unit, such as 150ms, 2s, 1.5m or 1h, not \"5\".")]
    [InlineData("partition isolate n1 --for=2h", "--for must be between 100ms and 1m, not 2h.")]
    [InlineData("partition isolate n1 --way=botj", "Unknown --way \"botj\". Did you mean both? Known: in, out, both.")]
    [InlineData("partition ring n1,n1", "nodes names n1 twice.")]
    [InlineData("partition ring n1 NaN", "loss wants a number such as 0.25, not \"NaN\".")]
    public async Task Bad_arguments_never_reach_the_handler(string line, string sentence) =>
        Assert.Equal((ExitCode.BadInput, sentence), await Run(line));

    [Fact]
    public async Task A_client_that_checks_nothing_is_checked()
    {
        var call = new Call("echo", "say", new Dictionary<string, IReadOnlyList<string>> { ["txet"] = ["x"] });
        var outputs = new List<Output>();
        var exit = await TestPalettes.Host().Execute(call, (o, _) => { outputs.Add(o); return default; }, default);
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.StartsWith("Unknown echo say switch \"txet\". Did you mean text?", Assert.IsType<Output.Error>(outputs[0]).Sentence);
    }

    [Fact]
    public async Task A_text_is_bounded_in_bytes_and_must_be_whole()
    {
        var (exit, text) = await Run($"echo say {new string('ä', 600_000)}");
        Assert.Equal((ExitCode.BadInput, "text has 1200000 bytes; at most 1048576 are allowed."), (exit, text));
        Assert.Equal(ExitCode.BadInput, (await Run("echo say \ud800")).Exit);
        Assert.Equal(ExitCode.Success, (await Run($"echo say {new string('x', 1_048_576)}")).Exit);
    }

    [Fact]
    public async Task A_failure_is_exit_1_and_a_bug_says_that_it_is_one()
    {
        Assert.Equal((ExitCode.Failed, "There is no leader."), await Run("echo fail"));
        var seen = new List<Exception>();
        var (exit, outputs) = await TestPalettes.Host((_, e) => seen.Add(e)).Run("echo break");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("broke inside the lab (InvalidOperationException: boom)", Assert.IsType<Output.Error>(outputs[0]).Sentence);
        Assert.IsType<InvalidOperationException>(Assert.Single(seen));
    }

    [Fact]
    public async Task A_command_ends_at_its_time_limit() =>
        Assert.Equal((ExitCode.Failed, "echo hasty was stopped: its time limit of 20ms is over."), await Run("echo hasty"));

    [Fact]
    public async Task A_command_ends_when_its_host_closes()
    {
        using var closing = new CancellationTokenSource();
        var outputs = new List<Output>();
        var call = new Call("echo", "follow", new Dictionary<string, IReadOnlyList<string>>());
        var exit = await TestPalettes.Host().Execute(call, (output, _) =>
        {
            outputs.Add(output);
            closing.Cancel();
            return default;
        }, default, closing.Token);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Equal("echo follow was stopped: the lab is shutting down.", Assert.IsType<Output.Error>(outputs[1]).Sentence);
    }

    [Fact]
    public async Task Output_for_a_client_that_does_not_read_is_bounded()
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = new ConsoleHost(new PaletteSet([new Palette("flood", "", [new Command("all", "")
        {
            Handler = (c, _) =>
            {
                try
                {
                    for (var i = 0; i < 10 * ConsoleHost.MaxPending; i++)
                    {
                        c.Line("x");
                    }
                }
                finally
                {
                    cut.SetResult();
                }
                return Task.CompletedTask;
            },
        }])]));
        var outputs = new List<Output>();
        var exit = await host.Execute(new Call("flood", "all", new Dictionary<string, IReadOnlyList<string>>()), async (output, _) =>
        {
            await cut.Task;
            outputs.Add(output);
        }, default);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.InRange(outputs.Count, ConsoleHost.MaxPending, ConsoleHost.MaxPending + 3);
        Assert.Contains("the client is 20000 events behind", Assert.IsType<Output.Error>(outputs[^2]).Sentence);
    }

    [Fact]
    public async Task A_handler_that_waits_for_room_can_write_any_number_of_lines()
    {
        var host = new ConsoleHost(new PaletteSet([new Palette("flood", "", [new Command("all", "")
        {
            Handler = async (c, stopped) =>
            {
                for (var i = 0; i < 3 * ConsoleHost.MaxPending; i++)
                {
                    c.Line("x");
                    await c.Room(stopped);
                }
            },
        }])]));
        var (exit, outputs) = await host.Run("flood all");
        Assert.Equal((ExitCode.Success, (3 * ConsoleHost.MaxPending) + 1), (exit, outputs.Count));
    }

    [Fact]
    public void Definitions_that_cannot_work_are_refused_at_the_start()
    {
        static PaletteSet With(params Parameter[] parameters) =>
            new([new Palette("p", "", [new Command("c", "") { Parameters = parameters }])]);
        Assert.Contains("belongs to pbm itself", Assert.Throws<ArgumentException>(() => With(Parameter.Flag("json", ""))).Message);
        Assert.Contains("Two definitions", Assert.Throws<ArgumentException>(
            () => With(Parameter.Text("a", ""), Parameter.Text("a", ""))).Message);
        Assert.Contains("after an optional one", Assert.Throws<ArgumentException>(
            () => With(Parameter.Text("a", "").Optional(), Parameter.Text("b", ""))).Message);
        Assert.Contains("cannot be typed", Assert.Throws<ArgumentException>(() => With(Parameter.Text("A b", ""))).Message);
    }
}

using System.Net;
using System.Net.Sockets;
using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class PbmProgramTests
{
    [Fact]
    public async Task One_command_runs_and_its_exit_code_is_the_programs()
    {
        await using var lab = await TestLab.Start();
        Assert.Equal((0, "hi\nhi\n", ""), await lab.Pbm("", "echo", "say", "hi", "--times=2"));
        Assert.Equal((1, "", "There is no leader.\n"), await lab.Pbm("", "echo", "fail"));
        Assert.Equal((2, "", "--times must be between 1 and 100000, not 0.\n"), await lab.Pbm("", "echo", "say", "x", "--times=0"));
        Assert.Equal(2, (await lab.Pbm("", "echo", "sya")).Exit);
    }

    [Fact]
    public async Task In_JSON_every_line_is_an_object_and_exit_codes_are_the_same()
    {
        await using var lab = await TestLab.Start();
        Assert.Equal((0, "{\"line\":\"hi\"}\n{\"exit\":0}\n", ""), await lab.Pbm("", "echo", "say", "hi", "--json"));
        Assert.Equal((1, "{\"error\":\"There is no leader.\"}\n{\"exit\":1}\n", ""), await lab.Pbm("", "--json", "echo", "fail"));
        var (exit, output, error) = await lab.Pbm("", "--json", "ehco", "fail");
        Assert.Equal((2, ""), (exit, error));
        Assert.StartsWith("{\"error\":\"Unknown palette", output);
    }

    [Fact]
    public async Task A_value_of_a_mebibyte_goes_there_and_back()
    {
        await using var lab = await TestLab.Start();
        var value = string.Concat(Enumerable.Repeat("ä\"日😀 <&", 1024 * 1024 / 15));
        var (exit, output, _) = await lab.Pbm("", "echo", "say", value, "--loud");
        Assert.Equal(0, exit);
        Assert.Equal(value, output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Help_comes_from_the_lab()
    {
        await using var lab = await TestLab.Start();
        Assert.Contains("Cuts links.", (await lab.Pbm("", "help")).Out);
        var palette = await lab.Pbm("", "help", "partition");
        Assert.Contains("Cuts every link of one node.", palette.Out);
        Assert.Equal(palette, await lab.Pbm("", "partition", "help"));
        Assert.Equal(palette, await lab.Pbm("", "partition", "--help"));
        Assert.Equal(
            """
            partition isolate: Cuts every link of one node.
            usage: partition isolate <node> [--for=<duration>] [--way=<choice>]
            argument  what it is           takes                              default
            node      the node to cut off  a node                             must be given
            --for     how long             time (150ms, 2s, 1m), 100ms to 1m  5s
            --way     which direction      in or out or both                  both
            example: partition isolate n3

            """,
            (await lab.Pbm("", "partition", "isolate", "--help")).Out);
        Assert.Equal(2, (await lab.Pbm("", "help", "nothing")).Exit);
        Assert.Contains("[host:port]", (await lab.Pbm("", "--help")).Out);
    }

    [Fact]
    public async Task A_script_echoes_its_commands_and_stops_at_the_first_failure()
    {
        await using var lab = await TestLab.Start();
        const string script = "# a comment\n\necho say 'a b'\necho fail\necho say never\n";
        var prompt = $"[{lab.Address}] pbm> ";
        Assert.Equal(
            (1, $"{prompt}echo say 'a b'\na b\n{prompt}echo fail\n", "There is no leader.\n"), await lab.Pbm(script));
        Assert.Equal(
            (1, $"{prompt}echo say 'a b'\na b\n{prompt}echo fail\n{prompt}echo say never\nnever\n", "There is no leader.\n"),
            await lab.Pbm(script, "--keep-going"));
        Assert.Equal((2, $"{prompt}echo say 'a\n", "The quote ' is not closed.\n"), await lab.Pbm("echo say 'a\n"));
        Assert.Equal((0, "{\"line\":\"x\"}\n{\"exit\":0}\n", ""), await lab.Pbm("echo say x\nexit\necho fail", "--json"));
    }

    [Fact]
    public async Task Stopping_pbm_stops_the_command()
    {
        await using var lab = await TestLab.Start();
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();
        var io = new PbmIo(TextReader.Null, output, TextWriter.Null);
        var running = PbmProgram.Run([lab.Address.ToString(), "--token-file", lab.TokenPath, "echo", "follow"], io, stop.Token);
        await TestLab.Until(() => output.Text.Contains("following"), "the command follows");
        await stop.CancelAsync();
        Assert.Equal(1, await running);
    }

    [Fact]
    public async Task A_lab_that_shuts_down_tells_who_follows()
    {
        await using var lab = await TestLab.Start();
        var (output, errors) = (new WatchedWriter(), new WatchedWriter());
        var io = new PbmIo(TextReader.Null, output, errors);
        var running = PbmProgram.Run([lab.Address.ToString(), "--token-file", lab.TokenPath, "echo", "follow"], io, default);
        await TestLab.Until(() => output.Text.Contains("following"), "the command follows");
        await lab.Stop();
        Assert.Equal(1, await running);
        Assert.Contains("the lab is shutting down", errors.Text);
    }

    [Fact]
    public async Task Without_a_lab_one_sentence_says_how_to_start_one()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var errors = new StringWriter { NewLine = "\n" };
        var io = new PbmIo(TextReader.Null, TextWriter.Null, errors);
        Assert.Equal(1, await PbmProgram.Run([$"127.0.0.1:{port}", "raft", "status"], io, default));
        Assert.Equal(
            $"No lab answers at 127.0.0.1:{port}. Start one with: dotnet run --project src/ActorLab.Lab -- up --port {port}\n",
            errors.ToString());
    }

    [Fact]
    public async Task A_wrong_or_missing_token_is_a_sentence()
    {
        await using var lab = await TestLab.Start();
        var other = lab.TokenPath + ".other";
        LabToken.Create(other);
        Assert.Contains("token is missing or wrong", (await lab.Pbm("", "--token-file", other, "echo", "fail")).Error);
        var missing = await lab.Pbm("", "--token-file", other + ".not", "echo", "fail");
        Assert.Equal(1, missing.Exit);
        Assert.Contains("There is no token file", missing.Error);
    }
}

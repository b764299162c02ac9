using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class LabCommandLineTests
{
    [Fact]
    public void The_process_in_the_background_gets_what_the_user_asked_for()
    {
        var options = new UpOptions
        {
            Run = ["raft"],
            Shape = new LabShape(7, "memory"),
            Data = "/labs/x",
            Port = 9111,
            TokenFile = "/secrets/token",
            Etcd = 2379,
            Background = true,
            Restart = true,
            Settings = new Dictionary<string, string> { ["akka.loglevel"] = "DEBUG" },
        };
        Assert.Equal(
            "up --nodes=7 --run=raft --store=memory --data=/labs/x --port=9111 --token-file=/secrets/token --etcd=2379 --settings=akka.loglevel=DEBUG --restart --background",
            string.Join(" ", options.ToArguments()));
    }

    [Theory]
    [InlineData("frobnicate", "Unknown command \"frobnicate\". Known: up, down, status, check, simulate, replay, replay-game, mutants, diagram, judge, bench.")]
    [InlineData("up --nodse=3", "Unknown switch of lab up \"--nodse\". Did you mean --nodes?")]
    [InlineData("up --nodes=10", "--nodes wants a whole number from 1 to 9, not \"10\".")]
    [InlineData("up --nodes=0", "--nodes wants a whole number from 1 to 9, not \"0\".")]
    [InlineData("up --nodes=five", "--nodes wants a whole number from 1 to 9, not \"five\".")]
    [InlineData("up --nodes", "--nodes wants a value: How many nodes, 1 to 9.")]
    [InlineData("up --run=raft,paxso", "Unknown scenario \"paxso\".")]
    [InlineData("up --run=raft,raft", "--run raft,raft names a scenario twice; it runs once.")]
    [InlineData("up --store=floppy", "Unknown --store \"floppy\".")]
    [InlineData("up --port=65536", "--port wants a whole number from 0 to 65535, not \"65536\".")]
    [InlineData("up --settings=akka", "--settings wants key=value, not \"akka\".")]
    [InlineData("up now", "lab up cannot use \"now\": see lab up --help.")]
    [InlineData("down --data=x --port=9110", "--data and --port both name a lab: give one of them.")]
    [InlineData("bench", "lab bench wants to know what to measure: raft, failover, endurance, idle, start, check, simulate, judge.")]
    [InlineData("bench raft --clients=1,x", "--clients wants numbers from 1 to 10000 separated by commas")]
    public async Task Bad_input_is_one_sentence_and_exit_code_2(string line, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(ExitCode.BadInput, await LabCommandLine.Run(line.Split(' '), error));
        Assert.StartsWith(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }
}

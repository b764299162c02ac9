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
    [InlineData("up --settings=actorlab.raft.hearbeat-interval=50ms", "--settings: Unknown setting \"actorlab.raft.hearbeat-interval\". Did you mean actorlab.raft.heartbeat-interval?")]
    [InlineData("up --settings actorlab.raft.keep-entries=1 actorlab.trace.evnts=1 actorlab.gates=on", "--settings: Unknown setting \"actorlab.trace.evnts\". Did you mean actorlab.trace.events?")]
    [InlineData("up --settings=actorlab.raft={heartbeat-intervals=1s}", "--settings: Unknown setting \"actorlab.raft.heartbeat-intervals\". Did you mean actorlab.raft.heartbeat-interval?")]
    [InlineData("up --settings=actorlab.operations=7", "--settings: actorlab.operations is a section of settings, and no setting: it has actorlab.operations.waiting.")]
    [InlineData("up --settings=actorlb.gates=on", "--settings: Unknown setting \"actorlb.gates\". Did you mean actorlab.gates?")]
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

    [Fact]
    public void Known_settings_and_all_of_akkas_are_taken_and_a_file_with_an_unknown_one_is_refused()
    {
        UpCommand.RequireKnown(
            new Dictionary<string, string>
            {
                ["actorlab.raft.heartbeat-interval"] = "20ms",
                ["actorlab.journal.checkpoint-rows"] = "10",
                ["actorlab.raft"] = "{ keep-entries = 7 }",
                ["akka.actor.deployment.\"/raft\".dispatcher"] = "mine",
                ["mine.type"] = "Dispatcher",
            },
            "");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "akka.loglevel = DEBUG\nactorlab { links { probes-each = 1s } }");
            var refusal = Assert.Throws<BadInput>(() => UpCommand.RequireKnown(new Dictionary<string, string>(), file));
            Assert.Equal($"{file}: Unknown setting \"actorlab.links.probes-each\". Did you mean actorlab.links.probe-each?", refusal.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

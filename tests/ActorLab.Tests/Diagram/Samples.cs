using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;

namespace ActorLab.Tests.Diagram;

/// <summary>Pictures that the tests of pictures look at.</summary>
internal static class Samples
{
    public const string Command = "lab replay paxos.replay.json";

    /// <summary>The shortest story of an acceptor that accepts below its promise: two values are chosen.</summary>
    public static Picture Paxos { get; } = OfViolation(
        PaxosMutants.WithoutPhase2bGuard(new PaxosOptions()), new CheckOptions { Properties = ["Consistency"] });

    /// <summary>Raft under loss, crashes and partitions for four seconds.</summary>
    public static Picture Raft { get; } = SimulationPicture.Of(RecordedRun.Of(RaftScenarioOf5, Stormy), "lab simulate raft --seed 42");

    public static Scenario RaftScenarioOf5 => RaftScenario.Family.With(("servers", 5), ("operations", 0));

    public static SimulationOptions Stormy => new()
    {
        Seed = 42,
        VirtualTime = TimeSpan.FromSeconds(4),
        Quiet = TimeSpan.FromSeconds(1),
        Faults = FaultOptions.Storm with
        {
            CrashEvery = TimeSpan.FromSeconds(0.7),
            PartitionEvery = TimeSpan.FromSeconds(0.9),
            Loss = 0.02,
        },
        Clients = new ClientLoad(
            [.. RaftScenarioOf5.Nodes.Select(node => new Address(node, RaftServer.ClientRoleName))],
            (random, client, number) => new RaftMessage.Invoke(
                number, new KvCommand.Append($"k{random.Next(2)}", $"{client.Node}-{number} "), TimeSpan.FromSeconds(2))),
    };

    public static Picture OfViolation(Scenario scenario, CheckOptions? options = null)
    {
        var verdict = ModelChecker.Check(scenario, options).Verdicts.First(verdict => verdict.Kind == VerdictKind.Violated);
        return StoryPicture.Of(scenario.Name, scenario, verdict.Story!, verdict.Property, Command);
    }

    public static Picture OfViolation(Model model)
    {
        var verdict = ModelChecker.Check(model).Verdicts.First(verdict => verdict.Kind == VerdictKind.Violated);
        return StoryPicture.Of("model", null, verdict.Story!, verdict.Property, Command);
    }

    /// <summary>A long run of nodes that pass messages round, crash and are cut off, with a small state each.</summary>
    /// <param name="events">How many events are drawn, or a few more.</param>
    public static Picture Long(int events)
    {
        var made = new PictureBuilder();
        var nodes = NodeId.Range(5).ToArray();
        var lanes = nodes.Select(node => new Address(node, "server")).ToArray();
        foreach (var lane in lanes)
        {
            var boot = made.Add(0, TraceKind.Boot, lane, "");
            made.Tell(boot, [new Difference("Count", Difference.Absent, "0"), new Difference("Seen", Difference.Absent, "0")], null);
        }

        var marks = lanes.Length;
        for (long at = 100, turn = 0; marks < events; at += 37 + (turn % 101 == 0 ? 40_000 : turn * 7919 % 400), turn++)
        {
            var (from, to) = (lanes[turn % 5], lanes[(turn + 1 + (turn / 3 % 4)) % 5]);
            var cause = made.Add(at, TraceKind.Expire, from, "tick");
            made.Tell(
                cause, [new Difference("Count", $"{turn}", $"{turn + 1}")],
                turn % 500 == 0 ? Highlight.Election($"leads term {turn / 500}") : null);
            var said = $"Ping {{ Number = {turn}, Load = \"{new string('x', 60)}\" }}";
            var sent = made.Add(at, TraceKind.Send, from, said, to, turn + 1, cause);
            var isLost = turn % 50 == 0;
            var received = made.Add(
                at + 20, isLost ? TraceKind.Drop : TraceKind.Deliver, isLost ? from : to, isLost ? "lost" : said,
                isLost ? to : from, turn + 1, sent);
            if (!isLost)
            {
                made.Tell(received, [new Difference("Seen", $"{turn}", $"{turn + 1}")], null);
            }

            marks += 2;
            if (turn % 1000 == 999)
            {
                var fault = made.Add(at + 30, TraceKind.Fault, Address.Outside, "cut");
                made.Cut(fault, turn % 2000 == 999 ? Partition.Isolate(NodeId.Range(5), nodes[turn / 1000 % 5]) : []);
                made.Add(at + 31, turn % 2000 == 999 ? TraceKind.Crash : TraceKind.Restart, new Address(nodes[2], ""), "");
                marks += 2;
            }
        }

        return new Picture
        {
            Title = "a long run",
            Source = PictureSource.Simulator,
            Events = made.Events(),
            Command = "lab simulate long --seed 1",
        };
    }
}

using System.CommandLine;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab bench</c>.</summary>
internal static class BenchCommand
{
    public static Command Build()
    {
        var command = new Command("bench", "Measure a lab of its own, in a temporary folder, the model checker, the simulator or the judge. Close what else uses the machine.");
        command.Subcommands.Add(Raft());
        command.Subcommands.Add(Failover());
        command.Subcommands.Add(Endurance());
        command.Subcommands.Add(Idle());
        command.Subcommands.Add(Start());
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Simulate());
        command.Subcommands.Add(Judge());
        command.SetAction((Func<ParseResult, int>)(_ => throw new BadInput($"lab bench wants to know what to measure: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.")));
        return command;
    }

    private static Command Raft()
    {
        var (nodes, store) = (Nodes(3), Store());
        var clients = Switches.Numbers("--clients", "How many closed-loop clients, one run for each number", [1, 16, 64, 256], 10_000);
        var seconds = Switches.Number("--seconds", "How long each run takes", 5, 1, 3600);
        var warmUp = Switches.Number("--warm-up", "Seconds of load before the first run of each start", 20, 0, 3600);
        var rounds = Switches.Number("--rounds", "How many starts, the middle of which is told", 3, 1, 100);
        var against = Against();
        return Build("raft", "Writes a second, latency, syncs and processor time under load.", [nodes, clients, seconds, warmUp, rounds, store, against], (parsed, stopped) =>
            ThroughputBench.Run(
                new ThroughputBench.Plan(
                    parsed.GetRequiredValue(nodes), parsed.GetRequiredValue(clients), parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(warmUp),
                    parsed.GetRequiredValue(rounds), parsed.GetRequiredValue(store), parsed.GetRequiredValue(against) == "etcd"),
                Renderer(), stopped));
    }

    private static Command Failover()
    {
        var (nodes, store) = (Nodes(3), Store());
        var trials = Switches.Number("--trials", "How many leaders to kill", 30, 1, 1000);
        var seed = Switches.Number("--seed", "The seed of the moments of the kills", 1, 0, int.MaxValue);
        var against = Against();
        return Build("failover", "From kill -9 of the leader to the next acknowledged write.", [nodes, trials, store, seed, against], (parsed, stopped) =>
            FailoverBench.Run(
                parsed.GetRequiredValue(nodes), parsed.GetRequiredValue(trials), parsed.GetRequiredValue(store), parsed.GetRequiredValue(seed),
                parsed.GetRequiredValue(against) == "etcd", Renderer(), stopped));
    }

    private static Command Endurance()
    {
        var (nodes, store, against) = (Nodes(3), Store(), Against());
        var writes = Switches.Number("--writes", "How many writes", 1_000_000, 1_000, 100_000_000);
        var keys = Switches.Number("--keys", "How many keys these write", 10_000, 1, 1_000_000);
        var missed = Switches.Number("--missed", "How many writes a follower misses", 100_000, 1, 10_000_000);
        return Build("endurance", "Memory, disk and recovery after many writes.", [nodes, writes, keys, missed, store, against], (parsed, stopped) =>
            EnduranceBench.Run(
                new EnduranceBench.Plan(
                    parsed.GetRequiredValue(nodes), parsed.GetRequiredValue(writes), parsed.GetRequiredValue(keys), parsed.GetRequiredValue(missed),
                    parsed.GetRequiredValue(store), parsed.GetRequiredValue(against) == "etcd"),
                Renderer(), stopped));
    }

    private static Command Idle()
    {
        var (nodes, store) = (Nodes(5), Store());
        var seconds = Switches.Number("--seconds", "How long to measure", 20, 1, 3600);
        return Build("idle", "Processor time and memory of each node at rest.", [nodes, seconds, store], (parsed, stopped) =>
            RestBench.Idle(parsed.GetRequiredValue(nodes), parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(store), Renderer(), stopped));
    }

    private static Command Start()
    {
        var (nodes, store) = (Nodes(5), Store());
        var trials = Switches.Number("--trials", "How often to start", 5, 1, 100);
        return Build("start", "From the first process to a leader.", [nodes, trials, store], (parsed, stopped) =>
            RestBench.Start(parsed.GetRequiredValue(nodes), parsed.GetRequiredValue(trials), parsed.GetRequiredValue(store), Renderer(), stopped));
    }

    private static Command Check()
    {
        var rounds = Switches.Number("--rounds", "How many rounds", 3, 1, 100);
        var threads = Switches.Number("--threads", "How many threads are compared with one", Math.Clamp(Environment.ProcessorCount, 2, 16), 2, 64);
        var managers = Switches.Number("--rms", "Resource managers of two-phase commit; 9 make ten million worlds", 9, 3, 11);
        var large = Switches.Flag("--large", "Instead, one exploration of a hundred million worlds in 8 GiB");
        return Build("check", "Worlds a second, bytes a world, and the gain from more threads.", [rounds, threads, managers, large], (parsed, stopped) =>
            Task.FromResult(parsed.GetRequiredValue(large)
                ? CheckBench.Large(parsed.GetRequiredValue(threads), Renderer(), stopped)
                : CheckBench.Run(
                    parsed.GetRequiredValue(rounds), parsed.GetRequiredValue(threads), parsed.GetRequiredValue(managers), Renderer(), stopped)));
    }

    private static Command Simulate()
    {
        var rounds = Switches.Number("--rounds", "How many rounds", 3, 1, 100);
        var threads = Switches.Number("--threads", "How many threads are compared with one", Math.Clamp(Environment.ProcessorCount, 2, 16), 2, 64);
        var seconds = Switches.Number("--seconds", "Virtual seconds of each run", 60, 11, 3600);
        return Build("simulate", "Turns a second of Raft with five servers under all faults.", [rounds, threads, seconds], (parsed, stopped) =>
            Task.FromResult(SimulateBench.Run(
                parsed.GetRequiredValue(rounds), parsed.GetRequiredValue(threads), TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)), Renderer(), stopped)));
    }

    private static Command Judge()
    {
        var rounds = Switches.Number("--rounds", "How many rounds", 9, 1, 100);
        var operations = Switches.Number("--operations", "Operations in a history", 10_000, 10, 1_000_000);
        return Build("judge", "How long it takes to judge whether histories are linearizable.", [rounds, operations], (parsed, stopped) =>
            Task.FromResult(JudgeBench.Run(parsed.GetRequiredValue(rounds), parsed.GetRequiredValue(operations), Renderer(), stopped)));
    }

    private static Command Build(
        string name, string description, IEnumerable<Option> options, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async parsed =>
        {
            using var signals = new StopSignals();
            try
            {
                return await run(parsed, signals.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                throw new CommandFailed("The measurement was stopped.");
            }
        });
        return command;
    }

    private static Option<int> Nodes(int otherwise) => Switches.Number("--nodes", "How many nodes", otherwise, 1, 9);

    private static Option<string> Store() => Switches.Choice("--store", "Where nodes keep their disks", "sqlite", "sqlite", "memory");

    private static Option<string> Against() => Switches.Choice("--against", "What else is measured in the same way", "nothing", "etcd", "nothing");

    private static IRenderer Renderer() => Renderers.For(PbmIo.OfProcess(), json: false);
}

using System.Diagnostics;
using System.Globalization;
using ActorLab.Checking;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>
/// <c>lab bench check</c>: how fast the model checker is on one thread and on more, in one run; every run explores all
/// worlds and must find every property to hold.
/// </summary>
internal static class CheckBench
{
    public static int Run(int rounds, int threads, int managers, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Line(
            [$"medians of {rounds} rounds after a warm-up, 1 thread and {threads} by turns, no progress shown"]));
        var machine = new MachineGain(threads);
        var rows = new List<Cell[]>();
        foreach (var (name, values, world) in Cases(managers))
        {
            var target = Checkable.Find(name).With(values, world);
            var title = $"{name} {string.Join(" ", values.Select(pair => $"{pair.Key}={pair.Value}"))}{(world.Lossy ? " lossy" : "")}";
            Explore(title, target, threads, stopped);
            var (alone, together) = (new List<CheckResult>(), new List<CheckResult>());
            for (var round = 1; round <= rounds; round++)
            {
                alone.Add(Explore(title, target, 1, stopped));
                together.Add(Explore(title, target, threads, stopped));
                machine.Measure();
                renderer.Show(new Output.Progress($"{title}: round {round} of {rounds}"));
            }

            rows.Add(Row(title, Median(alone), Median(together)));
        }

        renderer.Show(new Output.Table(
            [
                "what", Column.Right("distinct"), Column.Right("generated"), Column.Right("1 thread s"), Column.Right("1 thread M/s"),
                Column.Right($"{threads} threads s"), Column.Right($"{threads} threads M/s"), Column.Right("speed-up"),
                Column.Right("bytes a world"), Column.Right("from memory"),
            ],
            rows));
        renderer.Show(new Output.Line([$"{threads} threads of bare arithmetic do {machine.Median:0.00} times as much as one on this machine at this time."]));
        return ExitCode.Success;
    }

    /// <summary>One exploration of a hundred million worlds within 8 GiB: what a world takes where there are many.</summary>
    public static int Large(int threads, IRenderer renderer, CancellationToken stopped)
    {
        const long Worlds = 100_000_000;
        const long Memory = 8L << 30;
        var target = Checkable.Find("paxos").With(
            new Dictionary<string, int> { ["ballots"] = 2 }, new CheckWorld { Lossy = true });
        renderer.Show(new Output.Line([$"paxos ballots=2 lossy up to {Worlds:N0} worlds in {Memory >> 30} GiB, {threads} threads"]));
        var result = target.Check(new CheckOptions
        {
            Threads = threads,
            Cancellation = stopped,
            MaxStates = Worlds,
            MemoryBytes = Memory,
        });
        stopped.ThrowIfCancellationRequested();
        using var self = Process.GetCurrentProcess();
        renderer.Show(new Output.Table(
            [
                Column.Right("distinct"), Column.Right("generated"), Column.Right("s"), Column.Right("M/s"),
                Column.Right("bytes a world"), Column.Right("most of the process MiB"), "stopped because",
            ],
            [
                [
                    Number(result.Distinct), Number(result.Generated), Text(result.Elapsed.TotalSeconds), Text(Millions(result)),
                    Text((double)result.MemoryBytes / result.Distinct), Number(self.PeakWorkingSet64 >> 20),
                    result.StoppedBecause ?? "all was explored",
                ],
            ]));
        return result.Distinct >= Worlds ? ExitCode.Success : throw new CommandFailed($"It did not get so far: {result.StoppedBecause}.");
    }

    private static (string Name, Dictionary<string, int> Values, CheckWorld World)[] Cases(int managers) =>
    [
        ("paxos", new() { ["proposers"] = 2, ["acceptors"] = 3 }, new CheckWorld { Lossy = true }),
        ("lamport-mutex", [], new CheckWorld()),
        ("twophase", new() { ["rms"] = managers }, new CheckWorld()),
    ];

    private static CheckResult Explore(string title, CheckTarget target, int threads, CancellationToken stopped)
    {
        var result = target.Check(new CheckOptions { Threads = threads, Cancellation = stopped });
        stopped.ThrowIfCancellationRequested();
        return result.Passed ? result : throw new CommandFailed($"{title} did not pass: {result.StoppedBecause}");
    }

    private static CheckResult Median(List<CheckResult> results) => results.OrderBy(result => result.Elapsed).ElementAt(results.Count / 2);

    private static Cell[] Row(string title, CheckResult alone, CheckResult together) =>
    [
        Cell.Strong(title),
        Number(together.Distinct),
        Number(together.Generated),
        Text(alone.Elapsed.TotalSeconds),
        Text(Millions(alone)),
        Text(together.Elapsed.TotalSeconds),
        Text(Millions(together)),
        Text(alone.Elapsed / together.Elapsed),
        Text((double)together.MemoryBytes / together.Distinct),
        (1 - ((double)together.Turns / together.Generated)).ToString("P2", CultureInfo.InvariantCulture),
    ];

    private static double Millions(CheckResult result) => result.Generated / result.Elapsed.TotalSeconds / 1e6;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

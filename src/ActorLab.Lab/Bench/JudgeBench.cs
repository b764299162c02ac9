using System.Diagnostics;
using System.Globalization;
using ActorLab.Checking;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>
/// <c>lab bench judge</c>: how long the judgement of a generated history takes, whose verdict must be the right one; a
/// new history in each round.
/// </summary>
internal static class JudgeBench
{
    public static int Run(int rounds, int operations, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Line(
            [$"{operations:N0} operations of 10 clients, half of them reads; medians of {rounds} rounds after a warm-up, one thread"]));
        var rows = new List<Cell[]>();
        foreach (var (title, shape) in Cases(operations))
        {
            renderer.Show(new Output.Progress(title));
            var model = JudgeModels.Find(shape.Model);
            var times = new List<(TimeSpan Elapsed, long Configurations)>();
            for (var round = 0; round < rounds + 3; round++)
            {
                stopped.ThrowIfCancellationRequested();
                var history = HistoryGenerator.Of(round + 1, shape);
                var watch = Stopwatch.StartNew();
                var result = LinearizabilityChecker.Check(
                    history, model, new LinearizabilityOptions { TimeLimit = TimeSpan.FromMinutes(1), Cancellation = stopped });
                times.Add((watch.Elapsed, result.Configurations));
                if (result.Verdict != LinearizabilityVerdict.Linearizable)
                {
                    throw new CommandFailed($"{title}, seed {round + 1}: the verdict is {result.Verdict} {result.Reason}");
                }
            }

            var (elapsed, configurations) = times.Skip(3).Order().ElementAt(rounds / 2);
            renderer.Show(new Output.Progress($"{title}: {Text(elapsed.TotalMilliseconds)} ms, {Number(configurations)} configurations"));
            rows.Add([
                Cell.Strong(title), Text(elapsed.TotalMilliseconds), Text(times.Skip(3).Max().Elapsed.TotalMilliseconds),
                Number(operations / elapsed.TotalSeconds), Number(configurations),
            ]);
        }

        renderer.Show(new Output.Table(
            ["history", Column.Right("ms"), Column.Right("slowest ms"), Column.Right("operations/s"), Column.Right("configurations")], rows));
        return ExitCode.Success;
    }

    private static (string Title, HistoryShape Shape)[] Cases(int operations)
    {
        var shape = new HistoryShape("kv") { Operations = operations, Clients = 10 };
        return
        [
            ("kv, 10 keys", shape with { Keys = 10, Writes = 0.5 }),
            ("kv, one key", shape with { Writes = 0.5 }),
            ("kv, one key, appends", shape with { Writes = 0 }),
            ("kv-store, 10 keys", shape with { Model = "kv-store", Keys = 10, Writes = 0.5 }),
            ("kv-store, one key", shape with { Model = "kv-store", Writes = 0.5 }),
            ("register, 10 keys", shape with { Model = "register", Keys = 10 }),
            ("register, one key", shape with { Model = "register" }),
            ("register, one key, 5 values", shape with { Model = "register", Values = 5 }),
            ("cas-register, one key, 5 values", shape with { Model = "cas-register", Values = 5, Writes = 0.5 }),
            ("register, 1 in 100 unknown", shape with { Model = "register", Unknown = 0.01 }),
            ("kv, one key, 1 in 100 unknown", shape with { Writes = 0.5, Unknown = 0.01 }),
            ("cas-register, 5 values, 1 in 100 unknown", shape with { Model = "cas-register", Values = 5, Writes = 0.5, Unknown = 0.01 }),
        ];
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

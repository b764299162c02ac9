using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary><c>lab bench idle</c> and <c>lab bench start</c>: what a lab costs at rest, and how long it takes to stand.</summary>
internal static class RestBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task<int> Idle(int nodes, int seconds, string store, IRenderer renderer, CancellationToken stopped)
    {
        await using var bench = await BenchLab.Start(nodes, store, stopped).ConfigureAwait(false);
        renderer.Show(new Output.Line([$"{nodes} nodes, store {store}, at rest: {Settle.TotalSeconds:0} s to settle, then {seconds} s measured"]));
        await Task.Delay(Settle, stopped).ConfigureAwait(false);
        var leader = (await bench.Leader(stopped).ConfigureAwait(false)).Node;
        var before = bench.Usage();
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds), stopped).ConfigureAwait(false);
        var after = bench.Usage();
        var took = watch.Elapsed.TotalSeconds;
        renderer.Show(new Output.Table(
            ["node", "role", Column.Right("CPU % of a core"), Column.Right("RSS MB")],
            [.. after.Zip(before, (now, then) => new Cell[]
            {
                Cell.Strong(now.Node),
                now.Node == leader ? "leader" : "follower",
                (100 * (now.Processor - then.Processor).TotalSeconds / took).ToString("0.0", CultureInfo.InvariantCulture),
                now.Resident / 1_000_000,
            })]));
        return ExitCode.Success;
    }

    public static async Task<int> Start(int nodes, int trials, string store, IRenderer renderer, CancellationToken stopped)
    {
        var seconds = new List<double>();
        for (var trial = 1; trial <= trials; trial++)
        {
            await using var bench = await BenchLab.Start(nodes, store, stopped).ConfigureAwait(false);
            seconds.Add(bench.StartTook.TotalSeconds);
            renderer.Show(new Output.Progress($"trial {trial} of {trials}: {seconds[^1]:0.0} s"));
        }

        seconds.Sort();
        renderer.Show(new Output.Line([
            $"{nodes} nodes, store {store}: from the first process to all members up and a leader, {trials} trials on empty folders"]));
        renderer.Show(new Output.Table(
            [Column.Right("best s"), Column.Right("median s"), Column.Right("worst s")],
            [[Tenths(seconds[0]), Tenths(seconds[seconds.Count / 2]), Tenths(seconds[^1])]]));
        return ExitCode.Success;
    }

    private static Cell Tenths(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>
/// <c>lab bench endurance</c>: what a store of a fixed size costs in memory and on disk after many writes, how soon a member
/// recovers from its disk, and how soon one that missed writes has them.
/// </summary>
internal static class EnduranceBench
{
    private const int Clients = 64;

    /// <summary>What is measured.</summary>
    /// <param name="Members">Of each target.</param>
    /// <param name="Writes">Before the first look.</param>
    /// <param name="Keys">How many keys these write, one after the other.</param>
    /// <param name="Missed">What a follower misses.</param>
    /// <param name="Store">Of the lab.</param>
    /// <param name="Against">Whether etcd is measured too.</param>
    public sealed record Plan(int Members, int Writes, int Keys, int Missed, string Store, bool Against);

    public static async Task<int> Run(Plan plan, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Line([
            $"{plan.Members} members, lab store {plan.Store}, {plan.Writes} writes of {WriteLoad.ValueBytes} bytes over {plan.Keys} keys with {Clients} clients; "
            + $"then a follower is killed and restarted at rest, and once more while {plan.Missed} writes pass it by"]));
        var rows = new List<Cell[]>();
        foreach (var start in await ThroughputBench.Targets(plan.Members, plan.Store, plan.Against).ConfigureAwait(false))
        {
            await using var target = await start(stopped).ConfigureAwait(false);
            rows.Add(await Measure(target, plan, renderer, stopped).ConfigureAwait(false));
        }

        renderer.Show(new Output.Table(
            ["target", Column.Right("writes/s"), "resident MB", "MB on disk", Column.Right("recovered ms"), Column.Right("caught up ms"), Column.Right("failed")], rows));
        return ExitCode.Success;
    }

    private static async Task<Cell[]> Measure(BenchTarget target, Plan plan, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Progress($"{target.Name}: {plan.Writes} writes"));
        var load = await WriteLoad.Of(target, Clients, plan.Writes, plan.Keys, stopped).ConfigureAwait(false);
        var resident = Each(target.Usage().Select(usage => usage.Resident));
        var disk = Each(target.Members.Select(target.BytesOnDisk));
        var leader = await target.Leader(stopped).ConfigureAwait(false);
        var follower = target.Members.First(member => member != leader);
        renderer.Show(new Output.Progress($"{target.Name}: {follower} recovers"));
        await target.Kill(follower).ConfigureAwait(false);
        var recovered = await Return(target, follower, stopped).ConfigureAwait(false);
        renderer.Show(new Output.Progress($"{target.Name}: {follower} misses {plan.Missed} writes"));
        await target.Kill(follower).ConfigureAwait(false);
        var missed = await WriteLoad.Of(target, Clients, plan.Missed, plan.Keys, stopped).ConfigureAwait(false);
        var caughtUp = await Return(target, follower, stopped).ConfigureAwait(false);
        return
        [
            Cell.Strong(target.Name), (long)load.WritesPerSecond, resident, disk, (long)recovered.TotalMilliseconds, (long)caughtUp.TotalMilliseconds,
            load.Failures + missed.Failures,
        ];
    }

    /// <summary>From the start of its process until it has applied all that the leader had then.</summary>
    private static async Task<TimeSpan> Return(BenchTarget target, string member, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        await target.Restart(member, stopped).ConfigureAwait(false);
        await FailoverBench.CatchUp(target, member, stopped).ConfigureAwait(false);
        return watch.Elapsed;
    }

    private static string Each(IEnumerable<long> bytes) =>
        string.Join(" ", bytes.Select(value => (value / 1e6).ToString("0", CultureInfo.InvariantCulture)));
}

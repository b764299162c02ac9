using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;
using HdrHistogram;

namespace ActorLab.Lab;

/// <summary><c>lab bench raft</c>: closed-loop writers against the leader.</summary>
internal static class ThroughputBench
{
    private const int ValueBytes = 100;
    private const int WarmUpClients = 16;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>What one load gave.</summary>
    private sealed record Result(int Clients, long Writes, long Failures, LongHistogram Micros, TimeSpan Took, long LeaderCommits, long AllCommits, double Cores);

    public static async Task<int> Run(int nodes, int[] clients, int seconds, string store, IRenderer renderer, CancellationToken stopped)
    {
        await using var bench = await BenchLab.Start(nodes, store, stopped).ConfigureAwait(false);
        renderer.Show(new Output.Line([
            $"{nodes} nodes, store {store}, {ValueBytes}-byte values, closed-loop clients on raw keep-alive sockets to the leader; "
            + $"{WarmUp.TotalSeconds:0} s warm-up with {WarmUpClients} clients, then {seconds} s each"]));
        await Load(bench, WarmUpClients, WarmUp, stopped).ConfigureAwait(false);
        var results = new List<Result>();
        foreach (var count in clients)
        {
            renderer.Show(new Output.Progress($"{count} clients"));
            results.Add(await Load(bench, count, TimeSpan.FromSeconds(seconds), stopped).ConfigureAwait(false));
        }

        renderer.Show(new Output.Table(
            [Column.Right("clients"), Column.Right("writes/s"), Column.Right("p50 ms"), Column.Right("p99 ms"), Column.Right("syncs/s leader"), Column.Right("syncs/s all"), Column.Right("cores"), Column.Right("failed")],
            [.. results.Select(Row)]));
        return results.All(result => result.Failures == 0) ? ExitCode.Success : ExitCode.Failed;
    }

    private static Cell[] Row(Result result) =>
    [
        result.Clients,
        PerSecond(result.Writes, result.Took),
        Millis(result.Micros, 50),
        Millis(result.Micros, 99),
        PerSecond(result.LeaderCommits, result.Took),
        PerSecond(result.AllCommits, result.Took),
        result.Cores.ToString("0.00", CultureInfo.InvariantCulture),
        result.Failures,
    ];

    private static Cell PerSecond(long count, TimeSpan took) => (long)(count / took.TotalSeconds);

    private static Cell Millis(LongHistogram micros, double percentile) =>
        (micros.GetValueAtPercentile(percentile) / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static async Task<Result> Load(BenchLab bench, int clients, TimeSpan time, CancellationToken stopped)
    {
        var leader = (await bench.Leader(stopped).ConfigureAwait(false)).Node;
        var port = bench.PortOf(leader);
        var commits = await bench.Commits(stopped).ConfigureAwait(false);
        var processor = bench.Usage().Sum(usage => usage.Processor.TotalSeconds);
        var watch = Stopwatch.StartNew();
        var tasks = Enumerable.Range(0, clients).Select(i => Task.Run(() => Client(port, $"bench-{i}", bench.Token, watch, time, stopped), stopped)).ToList();
        var parts = await Task.WhenAll(tasks).ConfigureAwait(false);
        var took = watch.Elapsed;
        var cores = (bench.Usage().Sum(usage => usage.Processor.TotalSeconds) - processor) / took.TotalSeconds;
        var after = await bench.Commits(stopped).ConfigureAwait(false);
        var all = NewHistogram();
        foreach (var part in parts)
        {
            all.Add(part.Micros);
        }

        return new Result(
            clients, all.TotalCount, parts.Sum(part => part.Failures), all, took,
            after[leader] - commits[leader], after.Sum(pair => pair.Value - commits[pair.Key]), cores);
    }

    private static async Task<(LongHistogram Micros, long Failures)> Client(
        int port, string key, string token, Stopwatch watch, TimeSpan time, CancellationToken stopped)
    {
        using var http = await LeanHttp.Connect(port, stopped).ConfigureAwait(false);
        var request = LeanHttp.Put(key, new string('x', ValueBytes), token, "5s");
        var micros = NewHistogram();
        var failures = 0L;
        while (watch.Elapsed < time)
        {
            var began = Stopwatch.GetTimestamp();
            if (await http.Send(request, stopped).ConfigureAwait(false) == 200)
            {
                micros.RecordValue((long)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }
            else
            {
                failures++;
            }
        }

        return (micros, failures);
    }

    private static LongHistogram NewHistogram() => new(1, TimeSpan.FromMinutes(2).Ticks / 10, 3);
}

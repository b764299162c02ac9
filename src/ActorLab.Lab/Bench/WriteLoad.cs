using System.Diagnostics;
using ActorLab.Lab.Etcd;
using Google.Protobuf;
using HdrHistogram;

namespace ActorLab.Lab;

/// <summary>Closed-loop writers against the leader of a target: each has one connection and one put under way.</summary>
internal static class WriteLoad
{
    public const int ValueBytes = 100;

    /// <summary>What one load gave.</summary>
    /// <param name="Target">Of what.</param>
    /// <param name="Clients">How many wrote.</param>
    /// <param name="Micros">From the call to its answer, of the writes that were acknowledged.</param>
    /// <param name="Failures">Calls without an answer that says OK.</param>
    /// <param name="Took">The whole time.</param>
    /// <param name="LeaderSyncs">Syncs of the leader's log.</param>
    /// <param name="AllSyncs">Of all logs.</param>
    /// <param name="Processor">Of all members.</param>
    public sealed record Result(
        string Target, int Clients, LongHistogram Micros, long Failures, TimeSpan Took, long LeaderSyncs, long AllSyncs, TimeSpan Processor)
    {
        public double WritesPerSecond => Micros.TotalCount / Took.TotalSeconds;

        /// <summary>Not a number when nothing was acknowledged.</summary>
        public double Millis(double percentile) => Micros.TotalCount == 0 ? double.NaN : Micros.GetValueAtPercentile(percentile) / 1000.0;

        /// <summary>Processor time of all members for one write.</summary>
        public double MicrosOfProcessor => Processor.TotalMicroseconds / Math.Max(1, Micros.TotalCount);
    }

    /// <summary>Writes for a time, each client its own key.</summary>
    public static Task<Result> For(BenchTarget target, int clients, TimeSpan time, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        return Run(target, clients, client => watch.Elapsed < time ? $"bench-{client}" : null, stopped);
    }

    /// <summary>Makes so many writes, over so many keys.</summary>
    public static Task<Result> Of(BenchTarget target, int clients, long writes, int keys, CancellationToken stopped)
    {
        var begun = 0L;
        return Run(target, clients, _ => Interlocked.Increment(ref begun) is var number && number <= writes ? $"key-{number % keys}" : null, stopped);
    }

    /// <param name="target">What is written to.</param>
    /// <param name="clients">How many write.</param>
    /// <param name="next">The key that a client writes next; null for the end.</param>
    /// <param name="stopped">Ends it.</param>
    private static async Task<Result> Run(BenchTarget target, int clients, Func<int, string?> next, CancellationToken stopped)
    {
        var leader = await target.Leader(stopped).ConfigureAwait(false);
        var syncs = await target.Syncs(stopped).ConfigureAwait(false);
        var processor = Processor(target);
        var watch = Stopwatch.StartNew();
        var parts = await Task.WhenAll(Enumerable.Range(0, clients)
            .Select(client => Task.Run(() => Write(target.PortOf(leader), target.Token, () => next(client), stopped), stopped))).ConfigureAwait(false);
        var took = watch.Elapsed;
        var spent = Processor(target) - processor;
        var after = await target.Syncs(stopped).ConfigureAwait(false);
        var all = NewHistogram();
        foreach (var part in parts)
        {
            all.Add(part.Micros);
        }

        return new Result(
            target.Name, clients, all, parts.Sum(part => part.Failures), took,
            after[leader] - syncs[leader], after.Sum(member => member.Value - syncs[member.Key]), spent);
    }

    private static TimeSpan Processor(BenchTarget target) =>
        target.Usage().Aggregate(TimeSpan.Zero, (sum, usage) => sum + usage.Processor);

    private static async Task<(LongHistogram Micros, long Failures)> Write(int port, string token, Func<string?> next, CancellationToken stopped)
    {
        using var grpc = await LeanGrpc.Connect(port, stopped).ConfigureAwait(false);
        var (micros, failures) = (NewHistogram(), 0L);
        var (key, call) = ("", Put("", token));
        while (next() is { } wanted)
        {
            (key, call) = wanted == key ? (key, call) : (wanted, Put(wanted, token));
            var began = Stopwatch.GetTimestamp();
            if (await grpc.Call(call, stopped).ConfigureAwait(false) is not null)
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

    /// <summary>The call that puts a value of the usual size.</summary>
    public static GrpcCall Put(string key, string token, TimeSpan? limit = null) => LeanGrpc.Prepare(
        "/etcdserverpb.KV/Put",
        new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(new string('x', ValueBytes)) },
        token,
        limit);

    private static LongHistogram NewHistogram() => new(1, TimeSpan.FromMinutes(2).Ticks / 10, 3);
}

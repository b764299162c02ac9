using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>
/// <c>lab bench failover</c>: from kill -9 of the leader to the next acknowledged write, with writers on the followers all
/// the while.
/// </summary>
internal static class FailoverBench
{
    private const int Writers = 8;

    /// <summary>A call that was on its way to the leader when that died is lost: its writer must not wait longer for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);

    public static async Task<int> Run(int members, int trials, string store, long seed, bool against, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Line([$"{members} members, lab store {store}, {trials} trials, {Writers} writers on the followers, seed {seed}"]));
        var rows = new List<Cell[]>();
        foreach (var start in await ThroughputBench.Targets(members, store, against).ConfigureAwait(false))
        {
            await using var target = await start(stopped).ConfigureAwait(false);
            var dice = new Random((int)(seed % int.MaxValue));
            var millis = new List<double>();
            for (var trial = 1; trial <= trials; trial++)
            {
                // A kill may come at any moment between two heartbeats.
                await Task.Delay(dice.Next(0, 500), stopped).ConfigureAwait(false);
                millis.Add(await Trial(target, stopped).ConfigureAwait(false));
                renderer.Show(new Output.Progress($"{target.Name}: trial {trial} of {trials}: {millis[^1]:0} ms"));
            }

            var sorted = millis.Order().ToList();
            rows.Add([
                Cell.Strong(target.Name), sorted.Count, Whole(sorted[0]), Whole((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2), Whole(sorted[^1]),
                string.Join(" ", millis.Select(value => value.ToString("0", CultureInfo.InvariantCulture))),
            ]);
        }

        renderer.Show(new Output.Table(
            ["target", Column.Right("trials"), Column.Right("best ms"), Column.Right("median ms"), Column.Right("worst ms"), "each"], rows));
        return ExitCode.Success;
    }

    private static Cell Whole(double millis) => (long)Math.Round(millis);

    private static async Task<double> Trial(BenchTarget target, CancellationToken stopped)
    {
        var leader = await target.Leader(stopped).ConfigureAwait(false);
        var followers = target.Members.Where(member => member != leader).ToList();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var killedAt = long.MaxValue;
        var first = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var warm = new CountdownEvent(Writers);
        var writers = Enumerable.Range(0, Writers)
            .Select(i => Task.Run(() => Write(target, followers[i % followers.Count], $"failover-{i}", Acknowledged, over.Token), stopped)).ToList();
        await Task.Run(() => warm.Wait(over.Token), stopped).ConfigureAwait(false);

        // Writes that were begun before the kill may still be answered by it; only what began afterwards counts.
        Interlocked.Exchange(ref killedAt, Stopwatch.GetTimestamp());
        await target.Kill(leader).ConfigureAwait(false);
        var end = await first.Task.WaitAsync(Settle, stopped).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await target.Restart(leader, stopped).ConfigureAwait(false);
        await CatchUp(target, leader, stopped).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(killedAt, end).TotalMilliseconds;

        void Acknowledged(long began, bool isFirst)
        {
            if (isFirst)
            {
                warm.Signal();
            }

            if (began > Interlocked.Read(ref killedAt))
            {
                first.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }

    /// <summary>Writes until it is told to end; a call that fails is made again.</summary>
    private static async Task Write(BenchTarget target, string member, string key, Action<long, bool> acknowledged, CancellationToken over)
    {
        using var grpc = await LeanGrpc.Connect(target.PortOf(member), over).ConfigureAwait(false);
        var put = WriteLoad.Put(key, target.Token, Patience);
        var isFirst = true;
        while (!over.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            if (await grpc.Call(put, over).ConfigureAwait(false) is not null)
            {
                acknowledged(began, isFirst);
                isFirst = false;
            }
        }
    }

    /// <summary>The killed member answers, and with what was written after it was killed.</summary>
    public static async Task CatchUp(BenchTarget target, string member, CancellationToken stopped)
    {
        var leader = await target.Leader(stopped).ConfigureAwait(false);
        var goal = await MemberStatus.Of(target, leader, stopped).ConfigureAwait(false)
            ?? throw new CommandFailed($"{leader} of {target.Name} does not answer.");
        for (var deadline = DateTimeOffset.Now + Settle; DateTimeOffset.Now < deadline;)
        {
            if (await MemberStatus.Of(target, member, stopped).ConfigureAwait(false) is { } status && status.RaftAppliedIndex >= goal.RaftIndex)
            {
                return;
            }

            await Task.Delay(20, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed($"{member} of {target.Name} did not come back within {Durations.Format(Settle)}.");
    }
}

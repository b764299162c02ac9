using System.Diagnostics;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>lab bench failover</c>: from kill -9 of the leader to the next acknowledged write.</summary>
internal static class FailoverBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(int nodes, int trials, string store, long seed, IRenderer renderer, CancellationToken stopped)
    {
        renderer.Show(new Output.Line([$"{nodes} nodes, store {store}, {trials} trials, one writer on a follower, seed {seed}"]));
        await using var bench = await BenchLab.Start(nodes, store, stopped).ConfigureAwait(false);
        var dice = new Random((int)(seed % int.MaxValue));
        var millis = new List<double>();
        for (var trial = 1; trial <= trials; trial++)
        {
            // A kill may come at any moment between two heartbeats.
            await Task.Delay(dice.Next(0, 500), stopped).ConfigureAwait(false);
            millis.Add(await Trial(bench, trial, stopped).ConfigureAwait(false));
            renderer.Show(new Output.Progress($"trial {trial} of {trials}: {millis[^1]:0} ms"));
        }

        millis.Sort();
        renderer.Show(new Output.Table(
            [Column.Right("trials"), Column.Right("best ms"), Column.Right("median ms"), Column.Right("worst ms")],
            [[millis.Count, Whole(millis[0]), Whole(millis[millis.Count / 2]), Whole(millis[^1])]]));
        return ExitCode.Success;
    }

    private static Cell Whole(double millis) => (long)Math.Round(millis);

    private static async Task<double> Trial(BenchLab bench, int trial, CancellationToken stopped)
    {
        var leader = (await bench.Leader(stopped).ConfigureAwait(false)).Node;
        var asked = bench.Lab.Running.First(node => node != leader);
        using (var http = await LeanHttp.Connect(bench.PortOf(asked), stopped).ConfigureAwait(false))
        {
            await Write(http, bench.Token, $"before-{trial}", stopped).ConfigureAwait(false);
            var began = Stopwatch.GetTimestamp();
            var killed = bench.Lab.Supervisor.Kill(leader);
            await Write(http, bench.Token, $"after-{trial}", stopped).ConfigureAwait(false);
            var millis = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await killed.ConfigureAwait(false);
            await Restore(bench, leader, stopped).ConfigureAwait(false);
            return millis;
        }
    }

    /// <summary>Until it is acknowledged: a write whose outcome is unknown is written again.</summary>
    private static async Task Write(LeanHttp http, string token, string key, CancellationToken stopped)
    {
        var request = LeanHttp.Put(key, "x", token, "10s");
        while (await http.Send(request, stopped).ConfigureAwait(false) != 200)
        {
            stopped.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The killed node runs again and has what the leader committed.</summary>
    private static async Task Restore(BenchLab bench, string node, CancellationToken stopped)
    {
        await bench.Lab.Supervisor.Start(node).ConfigureAwait(false);
        for (var deadline = DateTimeOffset.Now + Settle; DateTimeOffset.Now < deadline;)
        {
            var states = await bench.Lab.States("raft", RaftOnCluster.ServerRole, stopped).ConfigureAwait(false);
            var up = (await bench.Lab.Statuses(stopped).ConfigureAwait(false)).All(status => status.Answer?.ClusterStatus == "Up");
            var commits = states.Where(state => state.Answer is not null).Select(state => RaftFacts.Of(state.Answer!).Commit).ToSet();
            if (up && states.All(state => state.Answer is not null) && commits.Count == 1)
            {
                return;
            }

            await Task.Delay(100, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed($"{node} did not come back within {Durations.Format(Settle)}.");
    }
}

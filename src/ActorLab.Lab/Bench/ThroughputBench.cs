using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary><c>lab bench raft</c>: closed-loop writers against the leader, of the lab alone or of the lab and etcd in turn.</summary>
internal static class ThroughputBench
{
    private const int WarmUpClients = 64;

    /// <summary>What is measured.</summary>
    /// <param name="Members">Of each target.</param>
    /// <param name="Clients">One load for each number.</param>
    /// <param name="Seconds">Of each load.</param>
    /// <param name="WarmUp">Seconds before the first load of a start: the lab's programs are compiled while they run.</param>
    /// <param name="Rounds">How often each target is started anew.</param>
    /// <param name="Store">Of the lab.</param>
    /// <param name="Against">Whether etcd is measured too.</param>
    public sealed record Plan(int Members, IReadOnlyList<int> Clients, int Seconds, int WarmUp, int Rounds, string Store, bool Against);

    /// <exception cref="CommandFailed">etcd is not installed.</exception>
    public static async Task<int> Run(Plan plan, IRenderer renderer, CancellationToken stopped)
    {
        var targets = await Targets(plan.Members, plan.Store, plan.Against).ConfigureAwait(false);
        renderer.Show(new Output.Line([
            $"{plan.Members} members, lab store {plan.Store}, {WriteLoad.ValueBytes}-byte values, closed-loop clients over gRPC (etcd's KV.Put), "
            + $"each on a connection of its own to the leader; each of {plan.Rounds} rounds starts anew, {plan.WarmUp} s warm-up with {WarmUpClients} clients, then {plan.Seconds} s a load"]));
        var results = new List<WriteLoad.Result>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var start in targets)
            {
                await using var target = await start(stopped).ConfigureAwait(false);
                renderer.Show(new Output.Progress($"round {round} of {plan.Rounds}: {target.Name} warms up"));
                await WriteLoad.For(target, WarmUpClients, TimeSpan.FromSeconds(plan.WarmUp), stopped).ConfigureAwait(false);
                foreach (var clients in plan.Clients)
                {
                    var result = await WriteLoad.For(target, clients, TimeSpan.FromSeconds(plan.Seconds), stopped).ConfigureAwait(false);
                    results.Add(result);
                    renderer.Show(new Output.Progress($"round {round} of {plan.Rounds}: {target.Name}, {clients} clients: {result.WritesPerSecond:0} writes/s"));
                }
            }
        }

        renderer.Show(new Output.Table(
            ["target", Column.Right("clients"), Column.Right("writes/s"), Column.Right("p50 ms"), Column.Right("p99 ms"), Column.Right("writes a sync"), Column.Right("syncs/s, all"), Column.Right("CPU us/write"), Column.Right("failed")],
            [.. plan.Clients.SelectMany(clients => Names(results).Select(name => Row(Of(results, name, clients))))]));
        if (plan.Against)
        {
            renderer.Show(new Output.Table(
                [Column.Right("clients"), Column.Right("writes/s, lab to etcd"), Column.Right("p50"), Column.Right("p99"), "writes/s of each round"],
                [.. plan.Clients.Select(clients => Ratio(Of(results, "lab", clients), Of(results, "etcd", clients)))]));
        }

        return results.All(result => result.Failures == 0) ? ExitCode.Success : ExitCode.Failed;
    }

    /// <summary>How to start each of what is measured.</summary>
    /// <exception cref="CommandFailed">etcd is not installed.</exception>
    public static async Task<IReadOnlyList<Func<CancellationToken, Task<BenchTarget>>>> Targets(int members, string store, bool against) =>
        !against ? [stopped => LabTarget.Start(members, store, stopped)]
        : await EtcdTarget.Version().ConfigureAwait(false) is null ? throw new CommandFailed("There is no etcd on this machine: Debian's package etcd-server has it.")
        : [stopped => LabTarget.Start(members, store, stopped), stopped => EtcdTarget.Start(members, stopped)];

    private static IEnumerable<string> Names(List<WriteLoad.Result> results) => results.Select(result => result.Target).Distinct();

    private static List<WriteLoad.Result> Of(List<WriteLoad.Result> results, string target, int clients) =>
        [.. results.Where(result => result.Target == target && result.Clients == clients)];

    private static Cell[] Row(List<WriteLoad.Result> rounds) =>
    [
        Cell.Strong(rounds[0].Target),
        rounds[0].Clients,
        (long)Median(rounds, round => round.WritesPerSecond),
        Text(Median(rounds, round => round.Millis(50))),
        Text(Median(rounds, round => round.Millis(99))),
        Text(Median(rounds, round => (double)round.Micros.TotalCount / Math.Max(1, round.LeaderSyncs))),
        (long)Median(rounds, round => round.AllSyncs / round.Took.TotalSeconds),
        (long)Median(rounds, round => round.MicrosOfProcessor),
        rounds.Sum(round => round.Failures),
    ];

    private static Cell[] Ratio(List<WriteLoad.Result> lab, List<WriteLoad.Result> etcd) =>
    [
        lab[0].Clients,
        Text(Median(lab, round => round.WritesPerSecond) / Median(etcd, round => round.WritesPerSecond)),
        Text(Median(lab, round => round.Millis(50)) / Median(etcd, round => round.Millis(50))),
        Text(Median(lab, round => round.Millis(99)) / Median(etcd, round => round.Millis(99))),
        $"{Each(lab)} to {Each(etcd)}",
    ];

    private static string Each(List<WriteLoad.Result> rounds) =>
        string.Join(", ", rounds.Select(round => round.WritesPerSecond.ToString("0", CultureInfo.InvariantCulture)));

    private static double Median(List<WriteLoad.Result> rounds, Func<WriteLoad.Result, double> of)
    {
        var values = rounds.Select(of).Order().ToList();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

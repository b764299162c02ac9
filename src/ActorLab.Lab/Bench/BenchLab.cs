using System.Diagnostics;
using ActorLab.Console;
using Serilog.Core;

namespace ActorLab.Lab;

/// <summary>A lab for a measurement: in a temporary folder, without a console, gone afterwards.</summary>
internal sealed class BenchLab : IAsyncDisposable
{
    private readonly string _folder;
    private readonly DataFolder _data;

    private BenchLab(string folder, DataFolder data, LabContext lab, string token)
    {
        _folder = folder;
        _data = data;
        Lab = lab;
        Token = token;
    }

    public LabContext Lab { get; }

    public string Token { get; }

    /// <summary>From the first process to a leader.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <param name="nodes">How many.</param>
    /// <param name="store"><c>sqlite</c> or <c>memory</c>.</param>
    /// <param name="stopped">Ends the start.</param>
    /// <param name="servesEtcd">Whether clients of etcd are served.</param>
    public static async Task<BenchLab> Start(int nodes, string store, CancellationToken stopped, bool servesEtcd = false)
    {
        var folder = Directory.CreateTempSubdirectory("actorlab-bench-").FullName;
        var options = new UpOptions { Shape = new LabShape(nodes, store), Data = folder, Etcd = servesEtcd ? 0 : null };
        var data = DataFolder.Open(folder, options.Shape, fresh: false);
        var tokenFile = Path.Combine(folder, "token");
        var token = LabToken.Create(tokenFile);
        data.Update(run => run with { TokenFile = tokenFile });
        var bench = new BenchLab(folder, data, LabContext.Assemble(options, data, (tokenFile, token), Logger.None), token);
        try
        {
            var watch = Stopwatch.StartNew();
            await new LaunchSequence(bench.Lab).Run(_ => { }, stopped).ConfigureAwait(false);
            bench.StartTook = watch.Elapsed;
            return bench;
        }
        catch
        {
            await bench.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The leader now.</summary>
    /// <exception cref="CommandFailed">There was none for 30 s.</exception>
    public async Task<LeaderInTerm> Leader(CancellationToken stopped)
    {
        for (var deadline = DateTimeOffset.Now.AddSeconds(30); DateTimeOffset.Now < deadline;)
        {
            if (await Lab.Leader("raft", stopped).ConfigureAwait(false) is { } leader)
            {
                return leader;
            }

            await Task.Delay(20, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed("There was no leader for 30 s.");
    }

    /// <summary>Processor time and resident memory of the nodes that run.</summary>
    public IReadOnlyList<(string Node, TimeSpan Processor, long Resident)> Usage() =>
    [
        .. Lab.Supervisor.Nodes.Where(node => node.Pid is not null).Select(node =>
        {
            using var process = Process.GetProcessById(node.Pid!.Value);
            return (node.Name, process.TotalProcessorTime, process.WorkingSet64);
        }),
    ];

    /// <summary>Journal commits since each node's process began, by node.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Commits(CancellationToken stopped) =>
        (await Lab.Statuses(stopped).ConfigureAwait(false))
            .Where(status => status.Answer is not null)
            .ToDictionary(status => status.Node.Name, status => status.Answer!.Journal.Commits);

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync().ConfigureAwait(false);
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

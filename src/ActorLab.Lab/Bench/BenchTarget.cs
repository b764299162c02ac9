using System.Diagnostics;

namespace ActorLab.Lab;

/// <summary>A replicated store that is measured over etcd's API: processes of its own, in a folder of its own, gone afterwards.</summary>
internal abstract class BenchTarget : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>Travels with each call.</summary>
    public abstract string Token { get; }

    public abstract IReadOnlyList<string> Members { get; }

    /// <summary>The port of a member for clients.</summary>
    public abstract int PortOf(string member);

    public abstract Task<string> Leader(CancellationToken stopped);

    /// <summary>Syncs of each member's log since it began.</summary>
    public abstract Task<IReadOnlyDictionary<string, long>> Syncs(CancellationToken stopped);

    /// <summary>The processes of the members that run.</summary>
    public abstract IReadOnlyList<(string Member, int Pid)> Processes { get; }

    /// <summary>The folder with what each member keeps.</summary>
    public abstract string FolderOf(string member);

    public abstract Task Kill(string member);

    /// <summary>Starts a member that was killed.</summary>
    public abstract Task Restart(string member, CancellationToken stopped);

    public abstract ValueTask DisposeAsync();

    /// <summary>Processor time and resident memory of the members that run.</summary>
    public IReadOnlyList<(string Member, TimeSpan Processor, long Resident)> Usage() =>
    [
        .. Processes.Select(member =>
        {
            using var process = Process.GetProcessById(member.Pid);
            return (member.Member, process.TotalProcessorTime, process.WorkingSet64);
        }),
    ];

    public long BytesOnDisk(string member) => new DirectoryInfo(FolderOf(member))
        .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file is { Exists: true } ? file.Length : 0);
}

/// <summary>A lab that runs Raft.</summary>
internal sealed class LabTarget : BenchTarget
{
    private readonly BenchLab _bench;

    private LabTarget(BenchLab bench) => _bench = bench;

    public override string Name => "lab";

    public override string Token => _bench.Token;

    public override IReadOnlyList<string> Members => _bench.Lab.Supervisor.Names;

    public override IReadOnlyList<(string Member, int Pid)> Processes =>
        [.. _bench.Lab.Supervisor.Nodes.Where(node => node.Pid is not null).Select(node => (node.Name, node.Pid!.Value))];

    public static async Task<BenchTarget> Start(int members, string store, CancellationToken stopped) =>
        new LabTarget(await BenchLab.Start(members, store, stopped, servesEtcd: true).ConfigureAwait(false));

    public override int PortOf(string member) => _bench.Lab.Setup.Ports[member].ClientPort;

    public override async Task<string> Leader(CancellationToken stopped) => (await _bench.Leader(stopped).ConfigureAwait(false)).Node;

    public override Task<IReadOnlyDictionary<string, long>> Syncs(CancellationToken stopped) => _bench.Commits(stopped);

    public override string FolderOf(string member) => _bench.Lab.Folder.NodeFolder(member);

    public override Task Kill(string member) => _bench.Lab.Supervisor.Kill(member);

    public override Task Restart(string member, CancellationToken stopped) => _bench.Lab.Supervisor.Start(member);

    public override ValueTask DisposeAsync() => _bench.DisposeAsync();
}

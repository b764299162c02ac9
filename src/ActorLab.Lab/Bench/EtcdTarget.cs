using System.Diagnostics;
using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>etcd itself, with its defaults: its members sync their logs on every commit.</summary>
internal sealed class EtcdTarget : BenchTarget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("actorlab-bench-etcd-").FullName;
    private readonly Spawner _spawner = new();
    private readonly Dictionary<string, (int Peer, int Client)> _ports;
    private readonly Dictionary<string, Process> _processes = [];
    private readonly HttpClient _metrics = new() { Timeout = TimeSpan.FromSeconds(5) };

    private EtcdTarget(int members)
    {
        var free = Ports.Free(2 * members);
        _ports = Enumerable.Range(0, members).ToDictionary(i => $"e{i + 1}", i => (free[2 * i], free[(2 * i) + 1]));
    }

    public override string Name => "etcd";

    /// <summary>It has no users here, and refuses tokens.</summary>
    public override string Token => "";

    public override IReadOnlyList<string> Members => [.. _ports.Keys];

    public override IReadOnlyList<(string Member, int Pid)> Processes =>
        [.. _processes.Where(member => !member.Value.HasExited).Select(member => (member.Key, member.Value.Id))];

    /// <summary>What <c>etcd --version</c> says; null where there is no etcd.</summary>
    public static async Task<string?> Version()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("etcd", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var line = await process.StandardOutput.ReadLineAsync().ConfigureAwait(false);
            await process.WaitForExitAsync().ConfigureAwait(false);
            return line?.Replace("etcd Version: ", "", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static async Task<BenchTarget> Start(int members, CancellationToken stopped)
    {
        var etcd = new EtcdTarget(members);
        try
        {
            foreach (var member in etcd.Members)
            {
                await etcd.Spawn(member, "new").ConfigureAwait(false);
            }

            await etcd.Leader(stopped).ConfigureAwait(false);
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override int PortOf(string member) => _ports[member].Client;

    public override string FolderOf(string member) => Path.Combine(_folder, member);

    public override async Task<string> Leader(CancellationToken stopped)
    {
        for (var deadline = DateTimeOffset.Now + Limit; DateTimeOffset.Now < deadline;)
        {
            foreach (var (member, _) in Processes)
            {
                if (await MemberStatus.Of(this, member, stopped).ConfigureAwait(false) is { Leader: not 0 } status && status.Leader == status.Header.MemberId)
                {
                    return member;
                }
            }

            await Task.Delay(20, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed($"etcd had no leader for {Durations.Format(Limit)}; what it printed is in {_folder}.");
    }

    public override async Task<IReadOnlyDictionary<string, long>> Syncs(CancellationToken stopped)
    {
        var syncs = new Dictionary<string, long>();
        foreach (var (member, _) in Processes)
        {
            const string name = "etcd_disk_wal_fsync_duration_seconds_count ";
            var text = await _metrics.GetStringAsync(new Uri($"http://127.0.0.1:{PortOf(member)}/metrics"), stopped).ConfigureAwait(false);
            var line = text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
            syncs[member] = (long)double.Parse(line.AsSpan(name.Length), CultureInfo.InvariantCulture);
        }

        return syncs;
    }

    public override async Task Kill(string member)
    {
        _processes[member].Kill();
        await _processes[member].WaitForExitAsync().ConfigureAwait(false);
    }

    public override Task Restart(string member, CancellationToken stopped) => Spawn(member, "existing");

    public override async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            process.Kill();
            await process.WaitForExitAsync().ConfigureAwait(false);
            process.Dispose();
        }

        _metrics.Dispose();
        _spawner.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Spawn(string member, string state)
    {
        var (peer, client) = _ports[member];
        var log = Path.Combine(_folder, $"{member}.log");
        string[] arguments =
        [
            "--name", member, "--data-dir", FolderOf(member), "--log-outputs", log, "--logger", "zap",
            "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}",
            "--listen-client-urls", $"http://127.0.0.1:{client}", "--advertise-client-urls", $"http://127.0.0.1:{client}",
            "--initial-cluster", string.Join(',', _ports.Select(other => $"{other.Key}=http://127.0.0.1:{other.Value.Peer}")),
            "--initial-cluster-state", state,
        ];

        // setpriv is in every Debian: etcd ends with this process, however that ends.
        var process = await _spawner.Start(
            new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", "etcd", .. arguments]) { RedirectStandardError = true }).ConfigureAwait(false);
        process.BeginErrorReadLine(); // Its gRPC library has a word for every connection that ends, past its own log: nobody reads it.
        _processes[member] = process;
    }
}

using System.Security.Cryptography;
using System.Text;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Cluster;
using ActorLab.Core;
using Grpc.Core;

namespace ActorLab.Lab.Etcd;

/// <summary>Takes requests of etcd's API to the client role of Raft on this node, and knows who the members are.</summary>
internal sealed class EtcdFront(LabNode node, NodeConfig config, string token)
{
    /// <summary>Of the API, not of the lab: clients choose by it what they may ask for.</summary>
    public const string Version = "3.4.0";

    private const string Raft = "raft";
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);
    private readonly ulong _cluster = IdOf(config.LabId);
    private readonly ulong _member = IdOf(config.Name);

    /// <summary>Whether a caller knows the lab's token.</summary>
    public bool Knows(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);

    /// <summary>Puts a command to the store.</summary>
    /// <exception cref="RpcException">It was refused, failed, or its end is unknown.</exception>
    public async Task<KvReply.Transacted> Ask(KvCommand.Transact command, ServerCallContext call)
    {
        if (KvLimits.Refusal(command) is { } refusal)
        {
            throw EtcdRequests.Invalid(refusal);
        }

        var limit = Limit(call.Deadline);
        var result = await Running.Operations.SubmitAsync(
            RaftServer.ClientRoleName, number => new RaftMessage.Invoke(number, command, limit), limit, call.CancellationToken).ConfigureAwait(false);
        return result switch
        {
            { Outcome: Outcome.Ok, Reply: KvReply.Transacted done } => done,
            { Outcome: Outcome.Ok, Reply: KvReply.TooLarge large } => throw new RpcException(new Status(StatusCode.ResourceExhausted, large.Reason)),
            { Outcome: Outcome.Failed } => throw new RpcException(new Status(StatusCode.Unavailable, result.Reason)),
            _ => throw new RpcException(new Status(StatusCode.DeadlineExceeded, result.Reason)),
        };
    }

    public ResponseHeader Header(long revision) =>
        new() { ClusterId = _cluster, MemberId = _member, Revision = revision, RaftTerm = (ulong)(Server?.CurrentTerm ?? 0) };

    /// <summary>As of what this node has applied.</summary>
    public ResponseHeader Header() => Header(Server?.Machine.Revision ?? 0);

    public StatusResponse Status()
    {
        var server = Server ?? throw new RpcException(new Status(StatusCode.Unavailable, $"{node.Node} is reading its log."));
        return new StatusResponse
        {
            Header = Header(),
            Version = Version,
            Leader = server.LeaderId is { } leader ? IdOf(leader.Name) : 0,
            RaftIndex = (ulong)server.Log.LastIndex,
            RaftTerm = (ulong)server.CurrentTerm,
            RaftAppliedIndex = (ulong)server.LastApplied,
            IsLearner = server.Configuration.Learners.Contains(node.Node),
            DbSize = BytesOf(config.DataDir),
        };
    }

    /// <summary>As of the configuration that this node's server uses.</summary>
    public IEnumerable<Member> Members()
    {
        var server = Server ?? throw new RpcException(new Status(StatusCode.Unavailable, $"{node.Node} is reading its log."));
        return Of(server.Configuration.Voters, false).Concat(Of(server.Configuration.Learners, true));
    }

    private IEnumerable<Member> Of(Set<NodeId> nodes, bool areLearners) => nodes
        .Join(config.Peers, member => member.Name, peer => peer.Name, (_, peer) => peer)
        .Select(peer => new Member
        {
            IsLearner = areLearners,
            ID = IdOf(peer.Name),
            Name = peer.Name,
            PeerURLs = { $"http://{peer.Address}:{peer.RemotingPort}" },
            ClientURLs = { $"http://{peer.Address}:{peer.ClientPort}" },
        });

    private HostedScenario Running => node.Find(Raft)
        ?? throw new RpcException(new Status(StatusCode.Unavailable, $"{Raft} does not run: scenario start {Raft} starts it."));

    private RaftState? Server => Running.Role(RaftServer.RoleName)?.DurableState as RaftState;

    private static TimeSpan Limit(DateTime deadline)
    {
        if (deadline == DateTime.MaxValue)
        {
            return DefaultLimit;
        }

        var left = deadline - DateTime.UtcNow;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > KvRequest.MostLimit ? KvRequest.MostLimit : left;
    }

    /// <summary>A number that is the same on every node; never 0, which means nobody.</summary>
    private static ulong IdOf(string name) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) | 1;

    private static long BytesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.db*").Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);
}

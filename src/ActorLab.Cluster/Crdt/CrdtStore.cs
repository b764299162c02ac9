using System.Text.Json.Nodes;
using ActorLab.Console;
using Akka.Actor;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>Akka's replicator on one node, as its users see it.</summary>
/// <param name="system">Of the node.</param>
/// <param name="start">
/// Of the scenario, see <see cref="ScenarioPlan.Start"/>: each begins with nothing, also where a node that has yet to hear of it gossips
/// what an earlier one held.
/// </param>
public sealed class CrdtStore(ActorSystem system, int start)
{
    /// <summary>Beyond the time-out of the replicator, which answers by then.</summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly IActorRef _replicator = CrdtReplicator.Of(system).Running;
    private readonly AkkaCluster _cluster = AkkaCluster.Get(system);

    /// <summary>How many replicas there are, as the cluster's membership knows.</summary>
    public int Members => _cluster.State.Members.Count(
        member => member.Status is Akka.Cluster.MemberStatus.Up or Akka.Cluster.MemberStatus.WeaklyUp);

    /// <exception cref="FormatException">The call makes no sense; a sentence.</exception>
    public async Task<CrdtAnswer> Update(string type, string name, CrdtCall call)
    {
        var shared = SharedType.Find(type);
        shared.Try(call);
        var consistency = Consistency.Parse(call.Consistency, call.Timeout, Members);
        var answer = await Limited(shared.Update(_replicator, _cluster.SelfUniqueAddress, IdOf(type, name), call, consistency))
            .ConfigureAwait(false);
        var value = await Local(shared, name).ConfigureAwait(false);
        return answer switch
        {
            UpdateSuccess => new CrdtAnswer(true, value, ""),
            ModifyFailure failure => new CrdtAnswer(false, value, $"It did not take effect: {failure.Cause.Message}"),
            AskTimeoutException => new CrdtAnswer(
                false, value, "The replicator of this node did not answer. It is unknown whether it took this."),
            _ => new CrdtAnswer(
                false, value,
                $"{Whose(consistency)} did not confirm it within {Durations.Format(consistency.Timeout)}. This replica has it all "
                + "the same, and it may merge into the others later: nothing takes it back."),
        };
    }

    /// <exception cref="FormatException">The consistency makes no sense; a sentence.</exception>
    public async Task<CrdtAnswer> Read(string type, string name, string? from, string? timeout)
    {
        var shared = SharedType.Find(type);
        var consistency = Consistency.Parse(from, timeout, Members);
        var answer = await Limited(shared.Read(_replicator, IdOf(type, name), consistency)).ConfigureAwait(false);
        return answer is GetSuccess or NotFound
            ? new CrdtAnswer(true, shared.Shown(answer), "")
            : new CrdtAnswer(
                false, await Local(shared, name).ConfigureAwait(false),
                $"{Whose(consistency)} did not answer within {Durations.Format(consistency.Timeout)}. "
                + "read=local shows what this replica has.");
    }

    private async Task<JsonNode?> Local(SharedType type, string name) =>
        type.Shown(await Limited(type.Read(_replicator, IdOf(type.Name, name), Consistency.Parse(null, null, 1)))
            .ConfigureAwait(false));

    private string IdOf(string type, string name) => $"crdt/{start}/{type}/{SharedType.NameOf(name)}";

    private string Whose(Consistency consistency) => consistency.Text switch
    {
        "majority" => $"A majority of {Members} replicas",
        "all" => $"All of {Members} replicas",
        "local" => "The replica",
        _ => $"{consistency.Text} of {Members} replicas",
    };

    /// <summary>A replicator that starts or stops may leave a question without an answer.</summary>
    private static async Task<object> Limited(Task<object> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            return e;
        }
    }
}

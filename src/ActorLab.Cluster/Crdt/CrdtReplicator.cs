using Akka.Actor;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>
/// Akka's replicator on a node, for as long as the scenario runs. As an extension of the actor system it would never stop;
/// so each start makes it anew, under the name by which its peers find it, and its data end with it.
/// </summary>
/// <param name="system">Of the node.</param>
public sealed class CrdtReplicator(ExtendedActorSystem system) : IExtension
{
    private IActorRef? _replicator;

    /// <summary>Nobody, which answers nothing, while the scenario does not run.</summary>
    public IActorRef Running => Volatile.Read(ref _replicator) ?? system.DeadLetters;

    public static CrdtReplicator Of(ActorSystem system) => system.WithExtension<CrdtReplicator, Provider>();

    /// <summary>It gossips from now on. A replicator that runs is left alone.</summary>
    public void Start()
    {
        if (Volatile.Read(ref _replicator) is null)
        {
            Volatile.Write(ref _replicator, new DistributedData(system).Replicator);
        }
    }

    /// <summary>Ends when it gossips no more, and its name is free.</summary>
    /// <param name="limit">How long that may take.</param>
    /// <exception cref="NodeBusy">It does not stop.</exception>
    public async Task Stop(TimeSpan limit)
    {
        if (Volatile.Read(ref _replicator) is not { } running)
        {
            return;
        }

        if (!await running.GracefulStop(limit).ConfigureAwait(false))
        {
            throw new NodeBusy($"Akka's replicator did not stop within {limit.TotalSeconds:0.#} s.");
        }

        Volatile.Write(ref _replicator, null);
    }

    private sealed class Provider : ExtensionIdProvider<CrdtReplicator>
    {
        public override CrdtReplicator CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

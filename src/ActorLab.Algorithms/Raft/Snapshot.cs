using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// Figure 12: what takes the place of the log's beginning. It is a value that shares what it holds with the running state
/// machine, so that taking one costs nothing; it is written out only when it is sent, or checkpointed.
/// </summary>
/// <param name="LastIncludedIndex">The snapshot replaces all entries up through and including this index.</param>
/// <param name="LastIncludedTerm">Term of the entry there.</param>
/// <param name="Configuration">The members as of that index; null while no entry ever said who they are.</param>
/// <param name="Machine">The state machine as of that index.</param>
/// <param name="Sessions">The client sessions as of that index: they are replicated state like any other.</param>
/// <param name="MaxSessions">How many sessions there may be; the same for all servers.</param>
[MemoryPackable]
public sealed partial record Snapshot(
    long LastIncludedIndex, long LastIncludedTerm, LogCommand.Configure? Configuration, KvState Machine,
    SessionTable<KvReply> Sessions, int MaxSessions)
{
    public static readonly Snapshot Empty = new(0, 0, null, KvState.Empty, SessionTable<KvReply>.Empty, 0);

    /// <summary>The snapshot through a later index of the log behind it: what a server that applies that much holds.</summary>
    /// <param name="log">The log behind this snapshot.</param>
    /// <param name="index">An index of it.</param>
    /// <param name="maxSessions">See <see cref="RaftOptions.MaxSessions"/>.</param>
    public Snapshot Through(Log log, long index, int maxSessions)
    {
        var (store, configuration) = (new ReplicatedStore(Machine, Sessions), Configuration);
        for (var i = LastIncludedIndex + 1; i <= index; i++)
        {
            var command = log[i].Command;
            configuration = command as LogCommand.Configure ?? configuration;
            (store, _) = store.Apply(command, i, maxSessions, ReplicatedStore.Find);
        }

        return new Snapshot(index, log.TermAt(index), configuration, store.Machine, store.Sessions, maxSessions);
    }
}

using ActorLab.Algorithms.KeyValue;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Cluster membership changes: thesis chapter 4, one server at a time. A server uses the latest configuration in its log,
/// whether or not it is committed.
/// </content>
public partial class RaftServer
{
    /// <summary>The members as of an index, and the entry that says so; null where the scenario does.</summary>
    private (LogCommand.Configure? Entry, long Index) ConfigurationAt(RaftState state, long index)
    {
        if (state.ConfigurationIndex <= index)
        {
            return state.ConfigurationIndex == 0 ? (null, 0) : (state.Configuration, state.ConfigurationIndex);
        }

        return FindConfiguration(state.Disk, index);
    }

    private static (LogCommand.Configure? Entry, long Index) FindConfiguration(RaftDisk disk, long index)
    {
        for (var i = index; i > disk.Log.SnapshotIndex; i--)
        {
            if (disk.Log[i].Command is LogCommand.Configure entry)
            {
                return (entry, i);
            }
        }

        // Where in the snapshot it was is not known, and no matter: it is committed.
        return (disk.Snapshot.Configuration, disk.Snapshot.Configuration is null ? 0 : disk.Log.SnapshotIndex);
    }

    /// <summary>Reads the members from the log, up to an index that is its last or behind which no entry speaks of them.</summary>
    private RaftState Configured(RaftState state, long through)
    {
        var (entry, index) = FindConfiguration(state.Disk, through);
        return state with { Configuration = entry ?? _bootstrap, ConfigurationIndex = index };
    }

    /// <summary>The log with what a leader sent: with other members, if it says so or replaces what did.</summary>
    private RaftState Adopt(RaftState state, Log log, RaftMessage.AppendEntries append)
    {
        var adopted = state with { Disk = state.Disk with { Log = log } };
        for (var i = append.Entries.Count - 1; i >= 0; i--)
        {
            if (append.Entries[i].Command is LogCommand.Configure entry)
            {
                return adopted with { Configuration = entry, ConfigurationIndex = append.PrevLogIndex + i + 1 };
            }
        }

        return state.ConfigurationIndex > append.PrevLogIndex ? Configured(adopted, log.LastIndex) : adopted;
    }
}

using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>
/// What Raft promises once the network is quiet (section 5.6: a steady leader, as long as messages take much less than an
/// election timeout, and servers fail much more rarely). Not among <see cref="RaftProperties.All"/>: in the asynchronous
/// worlds of a model checker nothing of the kind holds (Fischer, Lynch and Paterson, 1985). The simulator judges it after
/// its quiet part.
/// </summary>
public static class RaftLiveness
{
    public static readonly Property.Temporal ALeaderStays = new(
        "A Leader Stays",
        "In the end one of the servers that run leads, and all of them know it.",
        Formula.EventuallyAlways(new Formula.Now("one leads and all know it", OneLeads)));

    public static readonly Property.Temporal LogsCommit = new(
        "Logs Commit",
        "Again and again all that is in the log of the leader is committed, and every server that runs knows it.",
        Formula.AlwaysEventually(new Formula.Now("all of the leader's log is committed everywhere", AllIsCommitted)));

    public static readonly Seq<Property> All = [ALeaderStays, LogsCommit];

    private static bool OneLeads(IWorld world)
    {
        var (leaders, known) = (0, default(NodeId?));
        foreach (var (_, server) in world.Running<RaftState>())
        {
            leaders += server.Role == ServerRole.Leader ? 1 : 0;
            known ??= server.LeaderId;
            if (server.LeaderId is null || server.LeaderId != known)
            {
                return false;
            }
        }

        return leaders == 1;
    }

    private static bool AllIsCommitted(IWorld world)
    {
        var last = -1L;
        foreach (var (_, server) in world.Running<RaftState>())
        {
            last = server.Role == ServerRole.Leader ? Math.Max(last, server.Log.LastIndex) : last;
        }

        return last >= 0 && world.Running<RaftState>().All(server => server.State.CommitIndex == last);
    }
}

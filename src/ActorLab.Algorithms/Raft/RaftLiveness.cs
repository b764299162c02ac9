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
        "In the end one of the servers that run leads, and all of its members that run know it.",
        Formula.EventuallyAlways(new Formula.Now("one leads and all know it", OneLeads)));

    public static readonly Property.Temporal LogsCommit = new(
        "Logs Commit",
        "Again and again all that is in the log of the leader is committed, and all of its members that run know it.",
        Formula.AlwaysEventually(new Formula.Now("all of the leader's log is committed everywhere", AllIsCommitted)));

    public static readonly Seq<Property> All = [ALeaderStays, LogsCommit];

    private static bool OneLeads(IWorld world)
    {
        var leaders = world.Running<RaftState>().Where(server => server.State.Role == ServerRole.Leader).Take(2).ToList();
        return leaders.Count == 1
            && Members(world, leaders[0].State).All(server => server.LeaderId == leaders[0].Address.Node);
    }

    private static bool AllIsCommitted(IWorld world)
    {
        var leader = world.Running<RaftState>().Where(server => server.State.Role == ServerRole.Leader)
            .Select(server => server.State).MaxBy(server => server.CurrentTerm);
        return leader is not null && Members(world, leader).All(server => server.CommitIndex == leader.Log.LastIndex);
    }

    /// <summary>Voters and learners that run. Whoever was removed, or never was a member, hears of no leader, and need not.</summary>
    private static IEnumerable<RaftState> Members(IWorld world, RaftState leader) => world.Running<RaftState>()
        .Where(server => leader.Configuration.Voters.Contains(server.Address.Node) || leader.Configuration.Learners.Contains(server.Address.Node))
        .Select(server => server.State);
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;

namespace ActorLab.Tests.Raft;

/// <summary>Each property of Figure 3 sees its breach, in turns made up for it, and nothing where there is none.</summary>
public sealed class RaftPropertiesTests
{
    [Fact]
    public void Election_Safety_sees_two_leaders_of_one_term()
    {
        Assert.Equal([], Broken(Turn("n1", null, Leader(2, 1, 2)), Turn("n2", null, Leader(3, 1, 2, 3))));
        Assert.Equal(["Election Safety"], Broken(Turn("n1", null, Leader(2, 1, 2)), Turn("n2", null, Leader(2, 1, 2))));
    }

    [Fact]
    public void Leader_Append_Only_sees_an_entry_that_a_leader_removed_or_replaced()
    {
        var before = Leader(3, 1, 2, 3);
        Assert.Equal([], Broken(Turn("n1", null, before), Turn("n1", before, Leader(3, 1, 2, 3, 3))));
        Assert.Equal(["Leader Append-Only"], Broken(Turn("n1", null, before), Turn("n1", before, Leader(3, 1, 2))));
        Assert.Equal(["Leader Append-Only"], Broken(Turn("n1", null, before), Turn("n1", before, Leader(3, 1, 3, 3))));
        Assert.Equal([], Broken(Turn("n1", null, Follower(3, 1, 2)), Turn("n1", Follower(3, 1, 2), Follower(3, 1))));
    }

    [Fact]
    public void Log_Matching_sees_two_entries_of_one_index_and_term_and_one_behind_two_terms()
    {
        var other = Follower(2) with { Disk = new RaftDisk(2, null, Log.Empty.Add(new LogEntry(1, new LogCommand.OpenSession(default, 1)))) };
        Assert.Equal([], Broken(Turn("n1", null, Follower(2, 1, 2)), Turn("n2", null, Follower(3, 1, 3))));
        Assert.Equal(["Log Matching"], Broken(Turn("n1", null, Follower(2, 1)), Turn("n2", null, other)));
        Assert.Equal(["Log Matching"], Broken(Turn("n1", null, Follower(3, 1, 3)), Turn("n2", null, Follower(3, 2, 3))));
    }

    [Fact]
    public void Leader_Completeness_sees_a_leader_without_a_committed_entry_whichever_came_first()
    {
        var commits = Turn("n1", null, Leader(2, 1, 2) with { CommitIndex = 2 });
        Assert.Equal([], Broken(commits, Turn("n2", null, Leader(3, 1, 2, 3))));
        Assert.Equal(["Leader Completeness"], Broken(commits, Turn("n2", null, Leader(3, 1, 3))));
        Assert.Equal(["Leader Completeness"], Broken(Turn("n2", null, Leader(3, 1, 3)), commits));
        Assert.Equal([], Broken(Turn("n2", null, Leader(1, 1)), commits)); // a leader of an earlier term need not have it
    }

    [Fact]
    public void State_Machine_Safety_sees_two_entries_applied_at_one_index()
    {
        var applied = Turn("n1", null, Follower(2, 1, 2) with { LastApplied = 2 });
        Assert.Equal([], Broken(applied, Turn("n2", null, Follower(2, 1) with { LastApplied = 1 })));
        Assert.Equal(["State Machine Safety"], Broken(applied, Turn("n2", null, Follower(3, 1, 3) with { LastApplied = 2 })));
    }

    private static RaftState Follower(long term, params long[] log) => new(OneServer.DiskOf(term, log));

    private static RaftState Leader(long term, params long[] log) => Follower(term, log) with { Role = ServerRole.Leader };

    private static Happening Turn(string node, RaftState? before, RaftState after) =>
        new(new Address(new NodeId(node), "server"), new Input.Boot(after.Disk), before, after, []);

    /// <summary>The properties that do not hold after these turns.</summary>
    private static string[] Broken(params Happening[] turns)
    {
        var world = new Folded(turns);
        return RaftProperties.All.OfType<Property.Always>().Where(property => !property.Holds(world)).Select(property => property.Name).ToArray();
    }

    private sealed class Folded(Happening[] turns) : IWorld
    {
        public Seq<Address> Addresses => throw new NotSupportedException("The properties of Raft read observers only.");

        public bool IsUp(Address address) => throw new NotSupportedException();

        public object StateAt(Address address) => throw new NotSupportedException();

        public object Observed(Observer observer) => turns.Aggregate(observer.Initial, observer.After);
    }
}

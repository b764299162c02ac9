using ActorLab.Checking;

namespace ActorLab.Models;

/// <summary>
/// Look whether the lock is free, then take it: two may look before one takes. The second attempt of "Cooperating sequential
/// processes" has the same hole, with a variable for each process.
/// </summary>
public static class NaiveLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-naive",
            "A lock that is looked at in one step and taken in the next.",
            "Dijkstra, Cooperating sequential processes (EWD 123), 1965, section 2.1",
            [LockModel.Processes(5)],
            arguments => Of(arguments["processes"])),
        _ => [DijkstraConditions.MutualExclusion, DijkstraConditions.NoStarvation]);

    internal static Model Of(int processes)
    {
        var l = new LockBuilder("lock-naive", processes);
        var taken = l.Model.Variable("taken", false);
        l.Entry("look", (s, _) => s.Await(!taken[s]));
        l.Entry("take", (s, _) => taken[s] = true);
        l.Exit("free", (s, _) => taken[s] = false);
        return l.Build();
    }
}

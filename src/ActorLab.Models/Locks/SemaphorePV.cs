using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// A binary semaphore. P waits until it is above 0, then takes one. If a waiting P may be passed over each time (a weak
/// semaphore) somebody may starve; if one that could go on again and again does so in the end (strong fairness), nobody.
/// </summary>
public static class SemaphorePV
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-semaphore",
            "A lock by a semaphore: P to get in, V to get out.",
            "Dijkstra, Cooperating sequential processes (EWD 123), 1965, section 3.3",
            [LockModel.Processes(6), LockModel.Strong("P")],
            arguments => Of(arguments["processes"], arguments["strong"] == 1)),
        arguments => arguments["strong"] == 1 ? Set<string>.Empty : [DijkstraConditions.NoStarvation]);

    // permits is the initial value; more than 1 is a mistake.
    internal static Model Of(int processes, bool strong = false, int permits = 1)
    {
        var l = new LockBuilder("lock-semaphore", processes);
        var semaphore = l.Model.Variable("semaphore", permits);
        l.Entry("P", (s, _) =>
        {
            s.Await(semaphore[s] > 0);
            semaphore[s]--;
        });
        l.Exit("V", (s, _) => semaphore[s]++);
        if (strong)
        {
            l.Strong("P");
        }

        return l.Build();
    }
}

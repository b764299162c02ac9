using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>A lock by a semaphore: what any mutual exclusion implements.</summary>
public static class SemaphoreLock
{
    public static readonly ModelFamily Family = new(
        "lock",
        "Mutual exclusion by a semaphore.",
        "tlaplus/Examples, specifications/locks_auxiliary_vars/Lock.tla",
        [new ScenarioParameter("processes", "how many processes", 2, 1, 8)],
        arguments => Of(arguments["processes"]));

    internal static Model Of(int count, bool forgetsToTake = false)
    {
        var processes = Enumerable.Range(1, count).ToArray();

        var m = new ModelBuilder("lock");
        var free = m.Variable("lock", 1);
        var proc = m.Process("proc", processes, "l0");
        proc.Label("l0", (_, _) => { });
        proc.Label("l1", (s, _) =>
        {
            s.Await(free[s] == 1);
            free[s] = forgetsToTake ? 1 : 0;
        });
        proc.Label("cs", (_, _) => { });
        proc.Label("l2", (s, self) =>
        {
            free[s] = 1;
            proc.Goto(s, self, "l0");
        });

        bool Locked(State s, int p) => proc.At(s, p) is "cs" or "l2";
        m.Always(
            "LockInv", "Only one process has the lock, and then it is taken.",
            s => processes.Count(p => Locked(s, p)) <= 1 && (!processes.Any(p => Locked(s, p)) || free[s] == 0));
        m.Sometimes("Critical", "A process has the lock.", s => processes.Any(p => Locked(s, p)));
        return m.Build();
    }
}

using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Peterson's lock for two processes: say that you want in, give the turn to the other, wait while he wants in and has the
/// turn. (The model <c>peterson</c> is another one: a proof's, without fairness.)
/// </summary>
public static class PetersonLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-peterson",
            "Peterson's lock for two processes: a flag for each, and a turn.",
            "Peterson, Myths about the mutual exclusion problem, 1981",
            [],
            _ => Of()),
        _ => Set<string>.Empty);

    // keepsTurn is a mistake: the process gives the turn to itself.
    internal static Model Of(bool keepsTurn = false)
    {
        var l = new LockBuilder("lock-peterson", 2);
        var flag = l.Model.Table("flag", l.Processes, false);
        var turn = l.Model.Variable("turn", 1);
        int Other(int self) => 3 - self;

        l.Entry("raise", (s, self) => flag[s, self] = true);
        l.Entry("yield", (s, self) => turn[s] = keepsTurn ? self : Other(self));
        l.Entry("wait", (s, self) => s.Await(!flag[s, Other(self)] || turn[s] == self));
        l.Exit("lower", (s, self) => flag[s, self] = false);
        return l.Build();
    }
}

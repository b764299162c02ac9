using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Peterson's algorithm for two processes (1981).</summary>
public static class Peterson
{
    public static readonly ModelFamily Family = new(
        "peterson",
        "Peterson's mutual exclusion for two processes.",
        "tlaplus/Examples, specifications/locks_auxiliary_vars/Peterson.tla",
        [],
        _ => Of());

    // keepsTurn and forgetsFlag are mistakes: of the two writes of the entry code one is wrong, or changes nothing.
    internal static Model Of(bool keepsTurn = false, bool forgetsFlag = false)
    {
        int[] processes = [1, 2];
        int Other(int p) => p == 1 ? 2 : 1;

        var m = new ModelBuilder("peterson");
        var c = m.Table("c", processes, false);
        var turn = m.Variable("turn", 1);

        var proc = m.Process("proc", processes, "a0");
        proc.Label("a0", (_, _) => { });
        proc.Label("a1", (s, self) => c[s, self] = !forgetsFlag);
        proc.Label("a2", (s, self) => turn[s] = keepsTurn ? self : Other(self));
        proc.Label("a3", (s, self) => s.AwaitAny(!c[s, Other(self)], turn[s] == self));
        proc.Label("cs", (_, _) => { });
        proc.Label("a4", (s, self) =>
        {
            c[s, self] = false;
            proc.Goto(s, self, "a0");
        });

        bool Locked(State s, int p) => proc.At(s, p) is "cs" or "a4";
        m.Always("MutualExclusion", "Only one process is in the critical section.", s => !processes.All(p => Locked(s, p)));
        m.Always(
            "Inv", "The inductive invariant of the proof.",
            s => processes.All(p => c[s, p] == (proc.At(s, p) is "a2" or "a3" or "cs" or "a4")
                && (!Locked(s, p) || turn[s] == p || proc.At(s, Other(p)) is "a0" or "a1" or "a2")));
        m.Sometimes("Critical", "A process is in the critical section.", s => processes.Any(p => Locked(s, p)));
        return m.Build();
    }
}

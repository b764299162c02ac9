using ActorLab.Checking;

namespace ActorLab.Models;

/// <summary>
/// Say that you want in, then wait until nobody else does: two who say so at the same time wait for each other. With three
/// processes two can do so while the third stays outside, which breaks the second condition too: the conditions see that
/// somebody stays outside, not that nobody waits for him.
/// </summary>
public static class FlagsLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-flags",
            "A lock of flags: raise your own, then wait until all others are down.",
            "Dijkstra, Cooperating sequential processes (EWD 123), 1965, section 2.1",
            [LockModel.Processes(5)],
            arguments => Of(arguments["processes"])),
        arguments => arguments["processes"] == 2
            ? [DijkstraConditions.NoDeadlock]
            : [DijkstraConditions.NoWaitForOutsiders, DijkstraConditions.NoDeadlock]);

    // looksFirst is a mistake: the own flag goes up when the others were seen to be down.
    internal static Model Of(int processes, bool looksFirst = false)
    {
        var l = new LockBuilder("lock-flags", processes);
        var flag = l.Model.Table("flag", l.Processes, false);
        var next = l.Model.Table("next", l.Processes, 0);
        int After(int self, int j) => l.Processes.FirstOrDefault(k => k > j && k != self);

        l.Entry("raise", (s, self) =>
        {
            flag[s, self] = !looksFirst;
            next[s, self] = After(self, 0);
        });
        l.Entry("wait", (s, self) =>
        {
            s.Await(!flag[s, next[s, self]]);
            next[s, self] = After(self, next[s, self]);
            if (next[s, self] != 0)
            {
                l.Goto(s, self, "wait");
            }
        });
        if (looksFirst)
        {
            l.Entry("raise late", (s, self) => flag[s, self] = true);
        }

        l.Exit("lower", (s, self) => flag[s, self] = false);
        return l.Build();
    }
}

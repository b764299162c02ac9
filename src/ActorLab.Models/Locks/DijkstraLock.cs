using ActorLab.Checking;

namespace ActorLab.Models;

/// <summary>
/// The first lock for any number of processes that only reads and writes single variables. A step touches one shared variable
/// once. It does not promise that a given process gets in: while others come and go, one may find k or c against it each time.
/// The names are the paper's; there c and b begin as true.
/// </summary>
public static class DijkstraLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-dijkstra",
            "Dijkstra's lock for any number of processes, by reads and writes.",
            "Dijkstra, Solution of a problem in concurrent programming control, 1965",
            [LockModel.Processes(5)],
            arguments => Of(arguments["processes"])),
        _ => [DijkstraConditions.NoStarvation]);

    // ignoresOthers is a mistake: whoever has k gets in without a look at the others' c.
    internal static Model Of(int processes, bool ignoresOthers = false)
    {
        var l = new LockBuilder("lock-dijkstra", processes);
        var b = l.Model.Table("b", l.Processes, true);
        var c = l.Model.Table("c", l.Processes, true);
        var k = l.Model.Variable("k", 1);
        var seen = l.Model.Table("seen", l.Processes, 0); // The k that Li3 read.
        var j = l.Model.Table("j", l.Processes, 0);
        int After(int self, int at) => l.Processes.FirstOrDefault(other => other > at && other != self);

        l.Entry("Li0", (s, self) => b[s, self] = false);
        l.Entry("Li1", (s, self) => l.Goto(s, self, k[s] == self ? "Li4" : "Li2"));
        l.Entry("Li2", (s, self) => c[s, self] = true);
        l.Entry("Li3", (s, self) => seen[s, self] = k[s]);
        l.Entry("Li3 b", (s, self) =>
        {
            l.Goto(s, self, b[s, seen[s, self]] ? "Li3 k" : "Li1");
            seen[s, self] = 0;
        });
        l.Entry("Li3 k", (s, self) =>
        {
            k[s] = self;
            l.Goto(s, self, "Li1");
        });
        l.Entry("Li4", (s, self) =>
        {
            c[s, self] = false;
            j[s, self] = After(self, 0);
        });
        l.Entry("Li4 c", (s, self) =>
        {
            var isFree = c[s, j[s, self]] || ignoresOthers;
            j[s, self] = isFree ? After(self, j[s, self]) : 0;
            l.Goto(s, self, !isFree ? "Li1" : j[s, self] == 0 ? LockBuilder.CriticalSection : "Li4 c");
        });
        l.Exit("c", (s, self) => c[s, self] = true);
        l.Exit("b", (s, self) => b[s, self] = true);
        return l.Build();
    }
}

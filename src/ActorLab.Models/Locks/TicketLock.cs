using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Take the next number, wait until it is called. The counters wrap, as those of a machine do: as many numbers as there are
/// processes are enough, for no more are waiting or inside at a time.
/// </summary>
public static class TicketLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-ticket",
            "A lock by tickets: an atomic instruction gives the next number, and the numbers are called in order.",
            "Mellor-Crummey and Scott, Algorithms for scalable synchronization on shared-memory multiprocessors, 1991",
            [LockModel.Processes(6)],
            arguments => Of(arguments["processes"], arguments["processes"])),
        _ => Set<string>.Empty);

    // tickets: after so many the numbers begin anew; fewer than processes are a mistake.
    internal static Model Of(int processes, int tickets)
    {
        var l = new LockBuilder("lock-ticket", processes);
        var next = l.Model.Variable("next", 0);
        var serving = l.Model.Variable("serving", 0);
        var ticket = l.Model.Table("ticket", l.Processes, 0);

        l.Entry("take", (s, self) =>
        {
            ticket[s, self] = next[s];
            next[s] = (next[s] + 1) % tickets;
        });
        l.Entry("wait", (s, self) => s.Await(serving[s] == ticket[s, self]));
        l.Exit("call", (s, self) =>
        {
            ticket[s, self] = 0; // Worth nothing any more: without it the same worlds would count several times.
            serving[s] = (serving[s] + 1) % tickets;
        });
        return l.Build();
    }
}

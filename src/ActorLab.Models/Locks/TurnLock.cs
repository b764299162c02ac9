using ActorLab.Checking;

namespace ActorLab.Models;

/// <summary>
/// Strict alternation: the processes get in one after the other. It keeps everybody waiting for one who stays outside while
/// it is his turn, and breaks nothing else: whoever waits does so for that reason only.
/// </summary>
public static class TurnLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-turn",
            "A lock that goes round: the processes get in by turns.",
            "Dijkstra, Cooperating sequential processes (EWD 123), 1965, section 2.1",
            [LockModel.Processes(6)],
            arguments => Of(arguments["processes"])),
        _ => [DijkstraConditions.NoWaitForOutsiders]);

    // passesAtOnce is a mistake: the turn is passed on by the one who gets in, not by the one who leaves.
    internal static Model Of(int processes, bool passesAtOnce = false)
    {
        var l = new LockBuilder("lock-turn", processes);
        var turn = l.Model.Variable("turn", 1);
        void Pass(ModelStep s) => turn[s] = (turn[s] % processes) + 1;

        l.Entry("wait", (s, self) =>
        {
            s.Await(turn[s] == self);
            if (passesAtOnce)
            {
                Pass(s);
            }
        });
        l.Exit("pass", (s, _) =>
        {
            if (!passesAtOnce)
            {
                Pass(s);
            }
        });
        return l.Build();
    }
}

using ActorLab.Checking;

namespace ActorLab.Models;

/// <summary>
/// An instruction that sets a bit and gives its old value, again and again until that was 0. One process may find the bit
/// set each time it looks. Strong fairness does not help: the instruction is carried out again and again, in vain.
/// </summary>
public static class TestAndSet
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-test-and-set",
            "A lock by an atomic instruction that sets a bit and gives its old value.",
            "Herlihy and Shavit, The Art of Multiprocessor Programming, 2008, section 7.2",
            [LockModel.Processes(5), LockModel.Strong("test-and-set")],
            arguments => Of(arguments["processes"], arguments["strong"] == 1)),
        _ => [DijkstraConditions.NoStarvation]);

    // isTorn is a mistake: the instruction is not atomic.
    internal static Model Of(int processes, bool strong = false, bool isTorn = false)
    {
        var l = new LockBuilder("lock-test-and-set", processes);
        var held = l.Model.Variable("held", false);
        var old = l.Model.Table("old", l.Processes, false);

        l.Entry("test-and-set", (s, self) =>
        {
            old[s, self] = held[s];
            held[s] = held[s] || !isTorn;
        });
        l.Entry("look", (s, self) =>
        {
            if (old[s, self])
            {
                old[s, self] = false;
                l.Goto(s, self, "test-and-set");
                return;
            }

            held[s] = true; // It is already, unless the instruction is torn.
        });
        l.Exit("clear", (s, _) => held[s] = false);
        if (strong)
        {
            l.Strong("test-and-set");
        }

        return l.Build();
    }
}

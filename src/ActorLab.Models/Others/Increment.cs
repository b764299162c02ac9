using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Threads that each add one to a shared number by reading it and writing it back, with a lock or without.</summary>
public static class Increment
{
    public static readonly ModelFamily Family = new(
        "increment",
        "Threads add one to a shared number, each by a read and a write.",
        "stateright/stateright, examples/increment.rs and increment_lock.rs",
        [
            new ScenarioParameter("threads", "how many threads", 2, 1, 6),
            new ScenarioParameter("lock", "1 if they take a lock", 0, 0, 1),
        ],
        arguments => Of(arguments["threads"], arguments["lock"] == 1));

    // forgetsToTake is a mistake: the lock is found free, and stays so.
    internal static Model Of(int count, bool locked, bool forgetsToTake = false)
    {
        var threads = Set.Of(Enumerable.Range(1, count).Select(i => new NodeId($"t{i}")));

        var m = new ModelBuilder("increment");
        var x = m.Variable("x", 0);
        var taken = locked ? m.Variable("lock", false) : null;
        var temp = m.Table("temp", threads, 0);
        var thread = m.Process("thread", threads, locked ? "acquire" : "read");
        if (taken is not null)
        {
            thread.Label("acquire", (s, _) =>
            {
                s.Await(!taken[s]);
                taken[s] = !forgetsToTake;
            });
        }

        thread.Label("read", (s, self) => temp[s, self] = x[s]);
        thread.Label("write", (s, self) => x[s] = temp[s, self] + 1);
        if (taken is not null)
        {
            thread.Label("release", (s, _) => taken[s] = false);
        }

        bool IsInside(State s, NodeId id) => thread.At(s, id) is "read" or "write";
        m.Always(
            "fin", "The number is how many threads have written.",
            s => x[s] == threads.Count(id => thread.At(s, id) is "release" or Process<NodeId>.Done));
        if (locked)
        {
            m.Always("no interloping", "Only one thread reads or writes.", s => threads.Count(id => IsInside(s, id)) <= 1);
        }

        m.Temporal(
            "eventually N", $"In the end the number is {count} for ever.",
            Formula.EventuallyAlways(m.Now($"x = {count}", s => x[s] == count)));
        m.Fair(Fairness.PerProcess());
        m.Symmetric(threads);
        return m.Build();
    }
}

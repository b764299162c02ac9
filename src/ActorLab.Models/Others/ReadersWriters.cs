using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Readers and writers with one queue: many may read at once, one may write.</summary>
public static class ReadersWriters
{
    public static readonly ModelFamily Family = new(
        "readers-writers",
        "Readers and writers in one queue.",
        "tlaplus/Examples, specifications/ReadersWriters/ReadersWriters.tla",
        [new ScenarioParameter("actors", "how many actors", 3, 1, 4)],
        arguments => Of(arguments["actors"]));

    internal readonly record struct Wish(bool Reads, int Actor);

    internal static Model Of(int count, bool writesAmongReaders = false, bool? prefersReaders = null)
    {
        var actors = Enumerable.Range(1, count).ToArray();

        var m = new ModelBuilder("readers-writers");
        var readers = m.Variable("readers", Set<int>.Empty);
        var writers = m.Variable("writers", Set<int>.Empty);
        var waiting = m.Variable("waiting", Seq<Wish>.Empty);

        m.Step("TryRead", actors, (s, actor) =>
        {
            var wish = new Wish(true, actor);
            s.Await(!waiting[s].Contains(wish));
            waiting[s] = waiting[s].Add(wish);
        });
        m.Step("TryWrite", actors, (s, actor) =>
        {
            var wish = new Wish(false, actor);
            s.Await(!waiting[s].Contains(wish));
            waiting[s] = waiting[s].Add(wish);
        });
        m.Step("ReadOrWrite", s =>
        {
            s.Await(!waiting[s].IsEmpty);
            s.Await(writers[s].IsEmpty);
            var preferred = waiting[s].FirstOrDefault(wish => wish.Reads == prefersReaders);
            var next = preferred.Actor > 0 ? preferred : waiting[s][0];
            var (reads, actor) = next;
            if (reads)
            {
                readers[s] = readers[s].Add(actor);
            }
            else
            {
                s.Await(readers[s].IsEmpty || writesAmongReaders);
                writers[s] = writers[s].Add(actor);
            }

            waiting[s] = Seq.ToSeq(waiting[s].Where(wish => wish != next));
        });
        m.Step("Stop", s =>
        {
            var actor = s.Choose(readers[s].Union(writers[s]));
            if (readers[s].Contains(actor))
            {
                readers[s] = readers[s].Remove(actor);
            }
            else
            {
                writers[s] = writers[s].Remove(actor);
            }
        });

        m.Always(
            "Safety", "Nobody writes while others read, and one writes at a time.",
            s => (readers[s].IsEmpty || writers[s].IsEmpty) && writers[s].Count <= 1);
        m.Sometimes("ReadTogether", "All read at once.", s => readers[s].Count == count);
        foreach (var actor in actors)
        {
            m.Temporal(
                $"Liveness: {actor} reads", "It reads again and again, and stops again and again.",
                Formula.AlwaysEventually(m.Now("reads", s => readers[s].Contains(actor)))
                    & Formula.AlwaysEventually(m.Now("reads not", s => !readers[s].Contains(actor))));
            m.Temporal(
                $"Liveness: {actor} writes", "It writes again and again, and stops again and again.",
                Formula.AlwaysEventually(m.Now("writes", s => writers[s].Contains(actor)))
                    & Formula.AlwaysEventually(m.Now("writes not", s => !writers[s].Contains(actor))));
        }

        m.Fair(Fairness.PerLabel(false));
        return m.Build();
    }
}

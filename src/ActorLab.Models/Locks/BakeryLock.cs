using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Lamport's bakery: take a number above all that you see, wait for all with lower ones.
/// <para>
/// The numbers grow for ever. But the algorithm only compares them and takes a higher one, so a world keeps their order: the
/// lowest in use is 1, the next 2 and so on. A process takes any number above those it read: one that is in use, one between,
/// or one above all. A behaviour of the original, in which it is one more than the highest read, is one of these with its
/// numbers replaced by their ranks, and the same steps are possible in it. So what holds of all these holds of the original;
/// a violation would have to be looked at.
/// </para>
/// (The model <c>bakery</c> is another one: a step of a proof, over registers that may give anything while they are written.)
/// </summary>
public static class BakeryLock
{
    public static readonly LockModel Lock = new(
        new ModelFamily(
            "lock-bakery",
            "Lamport's bakery: take a number above all others, wait for the lower ones.",
            "Lamport, A new solution of Dijkstra's concurrent programming problem, 1974",
            [LockModel.Processes(4)],
            arguments => Of(arguments["processes"])),
        _ => Set<string>.Empty);

    // numbers is 0 for ranks, or the highest number of the original that is not left out.
    // ignoresChoosing is a mistake: nobody waits for one who is taking his number.
    // seen hears of each world: its registers by process, ranks for numbers.
    internal static Model Of(int processes, int numbers = 0, bool ignoresChoosing = false, Action<string>? seen = null)
    {
        var l = new LockBuilder("lock-bakery", processes);
        var choosing = l.Model.Table("choosing", l.Processes, false);
        var number = l.Model.Table("number", l.Processes, 0);
        var highest = l.Model.Table("highest", l.Processes, 0); // Of those read so far.
        var j = l.Model.Table("j", l.Processes, 0);
        var ranks = new Ranks(l.Processes, number, highest);
        int After(int self, int at) => l.Processes.FirstOrDefault(other => other > at && other != self);
        bool Precedes(State s, int i, int other) => (number[s, i], i).CompareTo((number[s, other], other)) < 0;
        void Forget(ModelStep s)
        {
            if (numbers == 0)
            {
                ranks.Compress(s);
            }
        }

        l.Entry("choose", (s, self) =>
        {
            choosing[s, self] = true;
            j[s, self] = After(self, 0);
        });
        l.Entry("read", (s, self) =>
        {
            highest[s, self] = Math.Max(highest[s, self], number[s, j[s, self]]);
            Forget(s);
            Next(s, self, "read");
        });
        l.Entry("take", (s, self) =>
        {
            if (numbers == 0)
            {
                ranks.Take(s, self);
            }
            else
            {
                (number[s, self], highest[s, self]) = (highest[s, self] + 1, 0);
            }
        });
        l.Entry("chosen", (s, self) =>
        {
            choosing[s, self] = false;
            j[s, self] = After(self, 0);
        });
        l.Entry("L2", (s, self) => s.Await(ignoresChoosing || !choosing[s, j[s, self]]));
        l.Entry("L3", (s, self) =>
        {
            s.Await(number[s, j[s, self]] == 0 || Precedes(s, self, j[s, self]));
            Next(s, self, "L2");
        });
        l.Exit("leave", (s, self) =>
        {
            number[s, self] = 0;
            Forget(s);
        });
        if (numbers > 0)
        {
            l.Model.Constraint(s => l.Processes.All(p => number[s, p] <= numbers));
        }

        if (seen is not null)
        {
            l.Model.Always("Seen", "Every world is heard of.", s =>
            {
                var rank = ranks.Of(s);
                seen(string.Join("; ", l.Processes.Select(p => $"{l.LabelAt(s, p)} {choosing[s, p]} {j[s, p]} "
                    + $"{rank(number[s, p])} {rank(highest[s, p])}")));
                return true;
            });
        }

        return l.Build();

        void Next(ModelStep s, int self, string loop)
        {
            j[s, self] = After(self, j[s, self]);
            if (j[s, self] != 0)
            {
                l.Goto(s, self, loop);
            }
        }
    }

    /// <summary>Numbers of which only the order is kept.</summary>
    private sealed class Ranks(IReadOnlyList<int> processes, Table<int, int> number, Table<int, int> highest)
    {
        /// <summary>The rank of each number in use; 0 stays 0.</summary>
        public Func<int, int> Of(State s)
        {
            int[] used = [.. processes.SelectMany(p => new[] { number[s, p], highest[s, p] }).Append(0).Distinct().Order()];
            return value => Array.IndexOf(used, value);
        }

        public void Compress(ModelStep s)
        {
            var rank = Of(s);
            foreach (var p in processes)
            {
                (number[s, p], highest[s, p]) = (rank(number[s, p]), rank(highest[s, p]));
            }
        }

        /// <summary>Takes any number above the highest one read: odd ones lie between those in use.</summary>
        public void Take(ModelStep s, int self)
        {
            foreach (var p in processes)
            {
                (number[s, p], highest[s, p]) = (2 * number[s, p], 2 * highest[s, p]);
            }

            var top = processes.Max(p => Math.Max(number[s, p], highest[s, p]));
            number[s, self] = s.Choose(Enumerable.Range(highest[s, self] + 1, top + 1 - highest[s, self]));
            highest[s, self] = 0;
            Compress(s);
        }
    }
}

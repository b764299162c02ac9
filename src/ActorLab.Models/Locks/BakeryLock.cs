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
        var r = new Registers(l);
        AddDoorway(l, r, byRanks: numbers == 0);
        AddQueue(l, r, byRanks: numbers == 0, ignoresChoosing);
        if (numbers > 0)
        {
            l.Model.Constraint(s => l.Processes.All(p => r.Number[s, p] <= numbers));
        }

        if (seen is not null)
        {
            l.Model.Always("Seen", "Every world is heard of.", s =>
            {
                var rank = r.Ranks.Of(s);
                seen(string.Join("; ", l.Processes.Select(p =>
                    $"{l.LabelAt(s, p)} {r.Choosing[s, p]} {r.J[s, p]} {rank(r.Number[s, p])} {rank(r.Highest[s, p])}")));
                return true;
            });
        }

        return l.Build();
    }

    /// <summary>Takes a number.</summary>
    private static void AddDoorway(LockBuilder l, Registers r, bool byRanks)
    {
        l.Entry("choose", (s, self) =>
        {
            r.Choosing[s, self] = true;
            r.Next(s, self);
        });
        l.Entry("read", (s, self) =>
        {
            r.Highest[s, self] = Math.Max(r.Highest[s, self], r.Number[s, r.J[s, self]]);
            if (byRanks)
            {
                r.Ranks.Compress(s);
            }

            if (r.Next(s, self))
            {
                l.Goto(s, self, "read");
            }
        });
        l.Entry("take", (s, self) =>
        {
            if (byRanks)
            {
                r.Ranks.Take(s, self);
            }
            else
            {
                (r.Number[s, self], r.Highest[s, self]) = (r.Highest[s, self] + 1, 0);
            }
        });
        l.Entry("chosen", (s, self) =>
        {
            r.Choosing[s, self] = false;
            r.Next(s, self);
        });
    }

    /// <summary>Waits for those with lower numbers, and gives the own one back in the end.</summary>
    private static void AddQueue(LockBuilder l, Registers r, bool byRanks, bool ignoresChoosing)
    {
        l.Entry("L2", (s, self) => s.Await(ignoresChoosing || !r.Choosing[s, r.J[s, self]]));
        l.Entry("L3", (s, self) =>
        {
            var other = r.J[s, self];
            s.Await(r.Number[s, other] == 0 || (r.Number[s, self], self).CompareTo((r.Number[s, other], other)) < 0);
            if (r.Next(s, self))
            {
                l.Goto(s, self, "L2");
            }
        });
        l.Exit("leave", (s, self) =>
        {
            r.Number[s, self] = 0;
            if (byRanks)
            {
                r.Ranks.Compress(s);
            }
        });
    }

    /// <summary>What the processes read and write, by the names of the paper.</summary>
    private sealed class Registers(LockBuilder l)
    {
        public Table<int, bool> Choosing { get; } = l.Model.Table("choosing", l.Processes, false);

        public Table<int, int> Number { get; } = l.Model.Table("number", l.Processes, 0);

        /// <summary>The highest number that the process has read so far; local.</summary>
        public Table<int, int> Highest { get; } = l.Model.Table("highest", l.Processes, 0);

        /// <summary>Whom the process looks at; 0 for nobody; local.</summary>
        public Table<int, int> J { get; } = l.Model.Table("j", l.Processes, 0);

        public Ranks Ranks => new(l.Processes, Number, Highest);

        /// <summary>Goes on to the next of the others.</summary>
        /// <returns>Whether there is one.</returns>
        public bool Next(ModelStep s, int self)
        {
            J[s, self] = l.Processes.FirstOrDefault(other => other > J[s, self] && other != self);
            return J[s, self] != 0;
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

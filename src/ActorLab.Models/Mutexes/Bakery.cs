using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Lamport's bakery algorithm (1974), with registers that may give anything while they are written. All states that satisfy
/// the inductive invariant are starts, so that the check is one step of its induction.
/// </summary>
public static class Bakery
{
    private static readonly string[] Labels = ["ncs", "e1", "e2", "e3", "e4", "w1", "w2", "cs", "exit"];

    public static readonly ModelFamily Family = new(
        "bakery",
        "The bakery algorithm, one step from each state of its inductive invariant.",
        "tlaplus/Examples, specifications/Bakery-Boulangerie/Bakery.tla",
        [
            new ScenarioParameter("processes", "how many processes (N)", 2, 1, 2),
            new ScenarioParameter("most", "the highest number (MaxNat)", 2, 1, 4),
        ],
        arguments => Of(arguments["processes"], arguments["most"]));

    internal static Model Of(int count, int most, bool ignoresTies = false)
    {
        var procs = Enumerable.Range(1, count).ToArray();
        var naturals = Enumerable.Range(0, most + 1).ToArray();
        var subsets = Enumerable.Range(0, 1 << count)
            .Select(bits => Set.Of(procs.Where((_, i) => (bits >> i & 1) == 1))).ToArray();
        Set<int> Others(int self) => Set.Of(procs).Remove(self);

        var m = new ModelBuilder("bakery");
        var num = m.TableIn("num", procs, naturals);
        var flag = m.TableIn("flag", procs, [false, true]);
        var pc = m.TableIn("pc", procs, Labels);
        var unchecked_ = m.TableIn("unchecked", procs, subsets);
        var max = m.TableIn("max", procs, naturals);
        var nxt = m.TableIn("nxt", procs, procs);

        bool Precedes(State s, int i, int j) => num[s, i] < num[s, j] || (num[s, i] == num[s, j] && (i < j || ignoresTies));
        var invariant = new Invariants(
            procs, (s, i) => num[s, i], (s, i) => flag[s, i], (s, i) => pc[s, i], (s, i) => unchecked_[s, i],
            (s, i) => max[s, i], (s, i) => nxt[s, i], Precedes);
        m.Start(invariant.Holds);

        void Label(string at, Action<ModelStep, int> body) => m.Step(at, procs, (s, self) =>
        {
            s.Await(pc[s, self] == at);
            body(s, self);
        });
        void Go(ModelStep s, int self, string to) => pc[s, self] = to;

        Label("ncs", (s, self) => Go(s, self, "e1"));
        Label("e1", (s, self) =>
        {
            if (s.Choose([true, false]))
            {
                flag[s, self] = !flag[s, self];
                return;
            }

            flag[s, self] = true;
            unchecked_[s, self] = Others(self);
            max[s, self] = 0;
            Go(s, self, "e2");
        });
        Label("e2", (s, self) =>
        {
            if (unchecked_[s, self].IsEmpty)
            {
                Go(s, self, "e3");
                return;
            }

            var i = s.Choose(unchecked_[s, self]);
            unchecked_[s, self] = unchecked_[s, self].Remove(i);
            max[s, self] = Math.Max(num[s, i], max[s, self]);
        });
        Label("e3", (s, self) =>
        {
            var isFinal = s.Choose([false, true]);
            num[s, self] = s.Choose(isFinal ? naturals.Where(k => k > max[s, self]) : naturals);
            Go(s, self, isFinal ? "e4" : "e3");
        });
        Label("e4", (s, self) =>
        {
            if (s.Choose([true, false]))
            {
                flag[s, self] = !flag[s, self];
                return;
            }

            flag[s, self] = false;
            unchecked_[s, self] = Others(self);
            Go(s, self, "w1");
        });
        Label("w1", (s, self) =>
        {
            if (unchecked_[s, self].IsEmpty)
            {
                Go(s, self, "cs");
                return;
            }

            var i = s.Choose(unchecked_[s, self]);
            s.Await(!flag[s, i]);
            nxt[s, self] = i;
            Go(s, self, "w2");
        });
        Label("w2", (s, self) =>
        {
            var other = nxt[s, self];
            s.AwaitAny(num[s, other] == 0, Precedes(s, self, other));
            unchecked_[s, self] = unchecked_[s, self].Remove(other);
            Go(s, self, "w1");
        });
        Label("cs", (s, self) => Go(s, self, "exit"));
        Label("exit", (s, self) =>
        {
            var isFinal = s.Choose([false, true]);
            num[s, self] = isFinal ? 0 : s.Choose(naturals);
            Go(s, self, isFinal ? "ncs" : "exit");
        });

        m.Always(
            "MutualExclusion", "Only one process is in the critical section.",
            s => procs.Count(i => pc[s, i] == "cs") <= 1);
        m.Always("Inv", "The inductive invariant.", invariant.Holds);
        m.Sometimes("Critical", "A process is in the critical section.", s => procs.Any(i => pc[s, i] == "cs"));
        return m.Build();
    }

    /// <summary>The inductive invariant of the proof, with the names of the specification.</summary>
    private sealed record Invariants(
        int[] Procs, Func<State, int, int> Num, Func<State, int, bool> Flag, Func<State, int, string> Pc,
        Func<State, int, Set<int>> Unchecked, Func<State, int, int> Max, Func<State, int, int> Nxt,
        Func<State, int, int, bool> Precedes)
    {
        public bool Holds(State s) => Procs.All(i => HoldsOf(s, i));

        private bool HoldsOf(State s, int i)
        {
            var at = Pc(s, i);
            return (at is not ("e4" or "w1" or "w2" or "cs") || Num(s, i) != 0)
                && (at is not ("e2" or "e3") || Flag(s, i))
                && (at != "w2" || Nxt(s, i) != i)
                && (at is not ("w1" or "w2") || !Unchecked(s, i).Contains(i))
                && (at is not ("w1" or "w2")
                    || Procs.Where(j => j != i && !Unchecked(s, i).Contains(j)).All(j => Before(s, i, j)))
                && (at != "w2" || !IsChoosing(s, Nxt(s, i), i) || Max(s, Nxt(s, i)) >= Num(s, i))
                && (at != "cs" || Procs.Where(j => j != i).All(j => Before(s, i, j)));
        }

        private bool IsChoosing(State s, int j, int i) =>
            (Pc(s, j) == "e2" && !Unchecked(s, j).Contains(i)) || Pc(s, j) == "e3";

        private bool Before(State s, int i, int j) => Num(s, i) > 0 && Pc(s, j) switch
        {
            "ncs" or "e1" or "exit" => true,
            "e2" => Unchecked(s, j).Contains(i) || Max(s, j) >= Num(s, i),
            "e3" => Max(s, j) >= Num(s, i),
            "e4" => Precedes(s, i, j),
            "w1" or "w2" => Precedes(s, i, j) && Unchecked(s, j).Contains(i),
            _ => false,
        };
    }
}

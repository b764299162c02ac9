using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Lamport's bakery algorithm (1974), with registers that may give anything while they are written. By default all states
/// that satisfy the inductive invariant are starts, so that the check is one step of its induction (ISpec). From the one
/// start of the algorithm (Spec) liveness is asked for too, which does not hold: a process may be busy writing its register
/// for ever, as the fairness is of its steps and not of the end of a write; and there may be no number left to choose.
/// </summary>
public static class Bakery
{
    private static readonly string[] Labels = ["ncs", "e1", "e2", "e3", "e4", "w1", "w2", "cs", "exit"];

    public static readonly ModelFamily Family = new(
        "bakery",
        "The bakery algorithm, one step from each state of its inductive invariant.",
        "tlaplus/Examples, specifications/Bakery-Boulangerie/Bakery.tla",
        [
            new ScenarioParameter("processes", "how many processes (N)", 2, 1, 3),
            new ScenarioParameter("most", "the highest number (MaxNat)", 2, 0, 4),
            new ScenarioParameter("inductive", "1 to start in all states of the invariant (ISpec), 0 for Spec", 1, 0, 1),
        ],
        arguments => Of(arguments["processes"], arguments["most"], arguments["inductive"] == 1));

    // ignoresTies is a mistake: of two processes with the same number, each thinks that it comes first.
    internal static Model Of(int count, int most, bool inductive = true, bool ignoresTies = false)
    {
        if (inductive && count > 2)
        {
            throw new FormatException(
                $"processes={count} has too many states of the invariant to start from: choose 2 or inductive=0.");
        }

        var procs = Enumerable.Range(1, count).ToArray();
        var naturals = Enumerable.Range(0, most + 1).ToArray();
        var subsets = Enumerable.Range(0, 1 << count)
            .Select(bits => Set.Of(procs.Where((_, i) => (bits >> i & 1) == 1))).ToArray();
        Set<int> Others(int self) => Set.Of(procs).Remove(self);

        var m = new ModelBuilder("bakery");
        IEnumerable<T> Starts<T>(IEnumerable<T> any) => inductive ? any : any.Take(1);
        var num = m.TableIn("num", procs, Starts(naturals));
        var flag = m.TableIn("flag", procs, Starts([false, true]));
        var pc = m.TableIn("pc", procs, Starts(Labels));
        var unchecked_ = m.TableIn("unchecked", procs, Starts(subsets));
        var max = m.TableIn("max", procs, Starts(naturals));
        var nxt = m.TableIn("nxt", procs, Starts(procs));

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
        if (!inductive)
        {
            AskForLiveness(m, procs, pc);
        }

        return m.Build();
    }

    private static void AskForLiveness(ModelBuilder m, int[] procs, Table<int, string> pc)
    {
        Formula Trying(int i) => m.Now($"{i} is trying", s => pc[s, i] == "e1");
        Formula InCS(int i) => m.Now($"{i} is in the critical section", s => pc[s, i] == "cs");
        m.Temporal(
            "DeadlockFree", "When one tries to get in, one does.",
            procs.Select(Trying).Aggregate((one, other) => one | other)
                .LeadsTo(procs.Select(InCS).Aggregate((one, other) => one | other)));
        m.Temporal(
            "StarvationFree", "Whoever tries to get in does.",
            procs.Select(i => Trying(i).LeadsTo(InCS(i))).Aggregate((one, other) => one & other));
        m.Fair(new Fairness(
            "weak fairness of each process but for ncs", false, step => step.Name == "ncs" ? null : step.Process));
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

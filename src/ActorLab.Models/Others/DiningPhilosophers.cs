using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>The dining philosophers with clean and dirty forks (Chandy and Misra 1984).</summary>
public static class DiningPhilosophers
{
    public static readonly ModelFamily Family = new(
        "dining",
        "Dining philosophers who pass dirty forks on.",
        "tlaplus/Examples, specifications/DiningPhilosophers/DiningPhilosophers.tla",
        [new ScenarioParameter("philosophers", "how many philosophers (NP)", 5, 1, 10)],
        arguments => Of(arguments["philosophers"]));

    internal readonly record struct Fork(int Holder, bool Clean);

    internal static Model Of(int count, bool keepsForks = false, bool eatsWithDirtyForks = false)
    {
        var philosophers = Enumerable.Range(1, count).ToArray();
        int RightFork(int p) => p == count ? 1 : p + 1;
        int LeftPhilosopher(int p) => p == 1 ? count : p - 1;
        int RightPhilosopher(int p) => p == count ? 1 : p + 1;

        var m = new ModelBuilder("dining");
        var forks = m.Table("forks", philosophers, fork => new Fork(fork == 2 ? 1 : fork, false));
        var hungry = m.Table("hungry", philosophers, true);

        bool CanEat(State s, int p) =>
            IsFit(forks[s, p], p) && IsFit(forks[s, RightFork(p)], p);
        bool IsFit(Fork fork, int p) => fork.Holder == p && (fork.Clean || eatsWithDirtyForks);

        var philosopher = m.Process("philosopher", philosophers, "Loop");
        philosopher.Label("Loop", (s, self) =>
        {
            var eats = CanEat(s, self);
            if (forks[s, self] == new Fork(self, false) && !keepsForks)
            {
                forks[s, self] = new Fork(LeftPhilosopher(self), true);
            }
            else if (forks[s, RightFork(self)] == new Fork(self, false))
            {
                forks[s, RightFork(self)] = new Fork(RightPhilosopher(self), true);
            }

            philosopher.Goto(s, self, !hungry[s, self] ? "Think" : eats ? "Eat" : "Loop");
        });
        philosopher.Label("Think", (s, self) =>
        {
            hungry[s, self] = true;
            philosopher.Goto(s, self, "Loop");
        });
        philosopher.Label("Eat", (s, self) =>
        {
            hungry[s, self] = false;
            forks[s, self] = forks[s, self] with { Clean = false };
            forks[s, RightFork(self)] = forks[s, RightFork(self)] with { Clean = false };
            philosopher.Goto(s, self, "Loop");
        });

        m.Always(
            "ExclusiveAccess", "Neighbours do not eat at once.",
            s => philosophers.All(p => philosophers.All(q => p == q || (RightFork(p) != q && RightFork(q) != p)
                || !(philosopher.At(s, p) == "Eat" && philosopher.At(s, q) == "Eat"))));
        m.Sometimes("Eats", "A philosopher eats.", s => philosophers.Any(p => philosopher.At(s, p) == "Eat"));
        foreach (var p in philosophers)
        {
            m.Temporal(
                $"NobodyStarves: {p}", "It is full again and again.",
                Formula.AlwaysEventually(m.Now("full", s => !hungry[s, p])));
        }

        m.Fair(Fairness.PerProcess());
        return m.Build();
    }
}

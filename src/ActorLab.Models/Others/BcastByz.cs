using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Reliable broadcast with Byzantine processes (Srikanth and Toueg 1987): echoes that up to T processes may forge.</summary>
public static class BcastByz
{
    public static readonly ModelFamily Family = new(
        "bcast-byz",
        "Reliable broadcast by echoes, with Byzantine processes.",
        "tlaplus/Examples, specifications/bcastByz/bcastByz.tla",
        [
            new ScenarioParameter("processes", "how many processes (N), more than 3 T", 4, 1, 7),
            new ScenarioParameter("tolerated", "how many faulty ones it tolerates (T)", 1, 0, 2),
            new ScenarioParameter("faulty", "how many are faulty (F), at most T", 1, 0, 2),
        ],
        arguments => Of(arguments["processes"], arguments["tolerated"], arguments["faulty"]));

    internal static Model Of(
        int count, int tolerated, int faultyCount, bool anyNumbers = false, bool keepsEchoes = false, bool joinsNever = false)
    {
        if ((count <= 3 * tolerated || faultyCount > tolerated) && !anyNumbers)
        {
            throw new FormatException(
                $"processes={count}, tolerated={tolerated}, faulty={faultyCount} is outside what the algorithm is for: N > 3 T and F <= T.");
        }

        var all = Enumerable.Range(1, count).ToArray();
        Set<int>[] subsets = [.. Subsets(Set.Of(all))];

        var m = new ModelBuilder("bcast-byz");
        var corr = m.VariableIn("Corr", subsets.Where(set => set.Count == count - faultyCount));
        var faulty = m.VariableIn("Faulty", subsets.Where(set => set.Count == faultyCount));
        var pc = m.TableIn("pc", all, ["V0", "V1"]);
        var rcvd = m.Table("rcvd", all, Set<int>.Empty);
        var sent = m.Variable("sent", Set<int>.Empty);
        m.Start(s => faulty[s] == Set.Of(all).Except(corr[s]));

        var accepts = count - tolerated;
        var joins = joinsNever ? accepts : count - (2 * tolerated);
        m.Step(all, (s, self) =>
        {
            s.Await(corr[s].Contains(self));
            var arrived = s.Choose(Subsets(sent[s].Union(faulty[s])));
            rcvd[s, self] = rcvd[s, self].Union(arrived);
            var (at, echoes) = (pc[s, self], rcvd[s, self].Count);
            var isNew = at is "V0" or "V1";
            var next = s.Choose(((string Name, bool Holds, string To)[])
            [
                ("UponV1", at == "V1", "SE"),
                ("UponNonFaulty", isNew && echoes >= joins && echoes < accepts, "SE"),
                ("UponAcceptNotSentBefore", isNew && echoes >= accepts, "AC"),
                ("UponAcceptSentBefore", at == "SE" && echoes >= accepts, "AC"),
            ]);
            s.Await(next.Holds);
            pc[s, self] = next.To;
            if (isNew && !keepsEchoes)
            {
                sent[s] = sent[s].Add(self);
            }

            return arrived.Except(faulty[s]) == arrived ? "ReceiveFromCorrectSender" : "ReceiveFromAnySender";
        });
        m.Step("Stutter", _ => { });

        m.Sometimes("Accepted", "All correct processes accept.", s => corr[s].All(i => pc[s, i] == "AC"));
        m.Temporal(
            "UnforgLtl", "If no correct process broadcasts, none accepts.",
            m.Now("nobody broadcasts", s => corr[s].All(i => pc[s, i] == "V0"))
                .Implies(new Formula.Always(m.Now("nobody accepts", s => corr[s].All(i => pc[s, i] != "AC")))));
        var allAccept = new Formula.Eventually(m.Now("all accept", s => corr[s].All(i => pc[s, i] == "AC")));
        m.Temporal(
            "CorrLtl", "If all correct processes broadcast, all of them accept.",
            m.Now("all broadcast", s => corr[s].All(i => pc[s, i] == "V1")).Implies(allAccept));
        m.Temporal(
            "RelayLtl", "If a correct process accepts, all of them do.",
            new Formula.Always(m.Now("one accepts", s => corr[s].Any(i => pc[s, i] == "AC")).Implies(allAccept)));
        m.Fair(new Fairness(
            "weak fairness of all steps upon messages of correct processes", false,
            step => step.Name == "ReceiveFromCorrectSender" ? "all" : null));
        return m.Build();
    }

    private static IEnumerable<Set<int>> Subsets(Set<int> of)
    {
        int[] items = [.. of];
        return Enumerable.Range(0, 1 << items.Length)
            .Select(bits => Set.Of(items.Where((_, i) => (bits >> i & 1) == 1)));
    }
}

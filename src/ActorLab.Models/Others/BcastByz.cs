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
            new ScenarioParameter("processes", "how many processes (N), more than 3 T", 4, 1, 10),
            new ScenarioParameter("tolerated", "how many faulty ones it tolerates (T)", 1, 0, 3),
            new ScenarioParameter("faulty", "how many are faulty (F), at most T", 1, 0, 3),
            new ScenarioParameter("broadcast", "0 if nobody hears from the broadcaster (InitNoBcast)", 1, 0, 1),
        ],
        arguments => Of(
            arguments["processes"], arguments["tolerated"], arguments["faulty"], arguments["broadcast"] == 1));

    /// <summary>What makes it wrong.</summary>
    [Flags]
    internal enum Mistake
    {
        None = 0,

        /// <summary>N, T and F need not fit each other.</summary>
        AnyNumbers = 1,

        /// <summary>Acceptance waits for the echoes of all, the faulty ones included.</summary>
        AcceptsFromAll = 2,

        /// <summary>Who hears enough echoes to be sure that one is honest does not echo.</summary>
        EchoesForNobody = 4,

        /// <summary>The links are not authenticated: correct processes are heard that never spoke.</summary>
        ForgedSenders = 8,
    }

    internal static Model Of(
        int count, int tolerated, int faultyCount, bool broadcast = true, Mistake mistake = Mistake.None)
    {
        if ((count <= 3 * tolerated || faultyCount > tolerated) && !mistake.HasFlag(Mistake.AnyNumbers))
        {
            throw new FormatException(
                $"processes={count}, tolerated={tolerated}, faulty={faultyCount} is outside what the algorithm is for: N > 3 T and F <= T.");
        }

        var all = Enumerable.Range(1, count).ToArray();
        var accepts = mistake.HasFlag(Mistake.AcceptsFromAll) ? count : count - tolerated;
        var echoes = mistake.HasFlag(Mistake.EchoesForNobody) ? accepts : count - (2 * tolerated);

        var m = new ModelBuilder("bcast-byz");
        var corr = m.VariableIn("Corr", Subsets(Set.Of(all)).Where(set => set.Count == count - faultyCount));
        var faulty = m.VariableIn("Faulty", Subsets(Set.Of(all)).Where(set => set.Count == faultyCount));
        var pc = m.TableIn("pc", all, (string[])(broadcast ? ["V0", "V1"] : ["V0"]));
        var rcvd = m.Table("rcvd", all, Set<int>.Empty);
        var sent = m.Variable("sent", Set<int>.Empty);
        m.Start(s => faulty[s] == Set.Of(all).Except(corr[s]));

        // Which label a step goes under depends on whom the process heard: fairness speaks of the correct senders only, as
        // nobody is bound to hear what a faulty process might have said.
        m.Step(all, (s, self) =>
        {
            s.Await(corr[s].Contains(self));
            var heardOf = mistake.HasFlag(Mistake.ForgedSenders) ? Set.Of(all) : sent[s].Union(faulty[s]);
            var newMessages = s.Choose(Subsets(heardOf));
            var fromCorrect = newMessages.All(sent[s].Contains);
            rcvd[s, self] = rcvd[s, self].Union(newMessages);
            var (at, heard) = (pc[s, self], rcvd[s, self].Count);
            var isNew = at is "V0" or "V1";
            var next = s.Choose(((string Name, bool Holds, string To)[])
            [
                ("UponV1", at == "V1", "SE"),
                ("UponNonFaulty", isNew && heard >= echoes && heard < accepts, "SE"),
                ("UponAcceptNotSentBefore", isNew && heard >= accepts, "AC"),
                ("UponAcceptSentBefore", at == "SE" && heard >= accepts, "AC"),
            ]);
            s.Await(next.Holds);
            pc[s, self] = next.To;
            sent[s] = isNew ? sent[s].Add(self) : sent[s];
            return fromCorrect ? "ReceiveFromCorrectSender" : "ReceiveFromAnySender";
        });
        m.Step("Stutter", _ => { });

        bool AllAccept(State s) => corr[s].All(i => pc[s, i] == "AC");
        bool NobodyAccepts(State s) => corr[s].All(i => pc[s, i] != "AC");
        m.Always(
            "TypeOK", "Only what was sent, or comes from a faulty process, is received.",
            s => all.All(i => rcvd[s, i].All(from => sent[s].Contains(from) || faulty[s].Contains(from))));
        m.Always(
            "FCConstraints", "Whoever is not correct is faulty, and those are T at most.",
            s => faulty[s] == Set.Of(all).Except(corr[s]) && faulty[s].Count <= tolerated);
        if (broadcast)
        {
            m.Sometimes("Accepted", "All correct processes accept.", AllAccept);
            m.Fair(new Fairness(
                "weak fairness of all steps upon messages of correct processes", false,
                step => step.Name == "ReceiveFromCorrectSender" ? "all" : null));
        }
        else
        {
            m.Always("Unforg", "Nobody broadcasts, so no correct process accepts.", NobodyAccepts);
        }

        m.Temporal(
            "CorrLtl", "If all correct processes hear the broadcast, all accept.",
            m.Now("all hear it", s => corr[s].All(i => pc[s, i] == "V1"))
                .Implies(new Formula.Eventually(m.Now("all accept", AllAccept))));
        m.Temporal(
            "RelayLtl", "If a correct process accepts, all do.",
            m.Now("one accepts", s => !NobodyAccepts(s)).LeadsTo(m.Now("all accept", AllAccept)));
        m.Temporal(
            "UnforgLtl", "If no correct process hears the broadcast, none accepts.",
            m.Now("nobody hears it", s => corr[s].All(i => pc[s, i] == "V0"))
                .Implies(new Formula.Always(m.Now("nobody accepts", NobodyAccepts))));
        return m.Build();
    }

    private static IEnumerable<Set<int>> Subsets(Set<int> of)
    {
        int[] items = [.. of];
        return Enumerable.Range(0, 1 << items.Length)
            .Select(bits => Set.Of(items.Where((_, i) => (bits >> i & 1) == 1)));
    }
}

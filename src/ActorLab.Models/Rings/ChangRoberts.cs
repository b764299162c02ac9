using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Election in a ring in one direction (Chang and Roberts 1979): the smallest identity goes all the way round.</summary>
public static class ChangRoberts
{
    public static readonly ModelFamily Family = new(
        "chang-roberts",
        "Leader election in a ring in one direction; any nodes may be initiators.",
        "tlaplus/Examples, specifications/chang_roberts/ChangRoberts.tla",
        [new ScenarioParameter("nodes", "how many nodes, with the identities 1, 2, .. in the order of the ring", 3, 1, 6)],
        arguments => Of(arguments["nodes"]));

    internal static Model Of(int count, bool passesAll = false)
    {
        var nodes = Enumerable.Range(1, count).ToArray();
        int Succ(int n) => n == count ? 1 : n + 1;

        var m = new ModelBuilder("chang-roberts");
        var msgs = m.Table("msgs", nodes, Set<int>.Empty);
        var initiator = m.TableIn("initiator", nodes, [false, true]);
        var state = m.TableIn("state", nodes, ["lost", "cand"]);
        m.Start(s => nodes.All(n => state[s, n] == (initiator[s, n] ? "cand" : "lost")));

        var node = m.Process("node", nodes, "n0");
        node.Label("n0", (s, self) =>
        {
            if (initiator[s, self])
            {
                msgs[s, Succ(self)] = msgs[s, Succ(self)].Add(self);
            }
        });
        node.Label("n1", (s, self) =>
        {
            var id = s.Choose(msgs[s, self]);
            msgs[s, self] = msgs[s, self].Remove(id);
            if (state[s, self] == "lost" || id < self || passesAll)
            {
                state[s, self] = state[s, self] == "lost" || id >= self ? state[s, self] : "lost";
                msgs[s, Succ(self)] = msgs[s, Succ(self)].Add(id);
            }
            else if (id == self)
            {
                state[s, self] = "won";
            }

            node.Goto(s, self, "n1");
        });

        m.Always(
            "Correctness", "Who won is an initiator, all others lost, and no initiator has a smaller identity.",
            s => nodes.Where(n => state[s, n] == "won").All(n => initiator[s, n] && nodes.Where(other => other != n)
                .All(other => state[s, other] == "lost" && (!initiator[s, other] || other > n))));
        m.Sometimes("Won", "A node wins.", s => nodes.Any(n => state[s, n] == "won"));
        m.Temporal(
            "Liveness", "If there is a candidate, somebody wins.",
            m.Now("a candidate", s => nodes.Any(n => state[s, n] == "cand"))
                .Implies(new Formula.Eventually(m.Now("won", s => nodes.Any(n => state[s, n] == "won")))));
        m.Fair(Fairness.PerProcess());
        return m.Build();
    }
}

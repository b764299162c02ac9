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
        [
            new ScenarioParameter("nodes", "how many nodes (N)", 3, 1, 6),
            new ScenarioParameter(
                "order", "in which of all orders the identities 1, 2, .. stand round the ring (Id); 0 for rising ones", 0, 0, 719),
        ],
        arguments => Of(arguments["nodes"], arguments["order"]));

    internal static Model Of(int count, int order = 0, bool passesAll = false, bool winsEarly = false)
    {
        var nodes = Enumerable.Range(1, count).ToArray();
        var ids = Order(count, order);
        int Id(int n) => ids[n - 1];
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
                msgs[s, Succ(self)] = msgs[s, Succ(self)].Add(Id(self));
            }
        });
        node.Label("n1", (s, self) =>
        {
            var id = s.Choose(msgs[s, self]);
            msgs[s, self] = msgs[s, self].Remove(id);
            if (state[s, self] == "lost" || id < Id(self) || passesAll)
            {
                state[s, self] = state[s, self] == "lost" || id >= Id(self) ? state[s, self] : "lost";
                msgs[s, Succ(self)] = msgs[s, Succ(self)].Add(id);
            }
            else if (id == Id(self) || winsEarly)
            {
                state[s, self] = "won";
            }

            node.Goto(s, self, "n1");
        });

        m.Always(
            "Correctness", "Who won is an initiator, all others lost, and no initiator has a smaller identity.",
            s => nodes.Where(n => state[s, n] == "won").All(n => initiator[s, n] && nodes.Where(other => other != n)
                .All(other => state[s, other] == "lost" && (!initiator[s, other] || Id(other) > Id(n)))));
        m.Sometimes("Won", "A node wins.", s => nodes.Any(n => state[s, n] == "won"));
        m.Temporal(
            "Liveness", "If there is a candidate, somebody wins.",
            m.Now("a candidate", s => nodes.Any(n => state[s, n] == "cand"))
                .Implies(new Formula.Eventually(m.Now("won", s => nodes.Any(n => state[s, n] == "won")))));
        m.Fair(Fairness.PerProcess());
        return m.Build();
    }

    /// <summary>The numbers from 1 to <paramref name="count"/> in one of their orders.</summary>
    /// <exception cref="FormatException">There are not so many orders.</exception>
    private static int[] Order(int count, int number)
    {
        var orders = Enumerable.Range(1, count).Aggregate(1, (product, factor) => product * factor);
        if (number >= orders)
        {
            throw new FormatException($"order={number} is too large: {count} identities have the orders 0 to {orders - 1}.");
        }

        var left = Enumerable.Range(1, count).ToList();
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            orders /= left.Count;
            ids[i] = left[number / orders];
            left.RemoveAt(number / orders);
            number %= orders;
        }

        return ids;
    }
}

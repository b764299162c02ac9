using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>A ring that comes back to one token from any state (Dijkstra 1974, EWD426).</summary>
public static class Ewd426
{
    public static readonly ModelFamily Family = new(
        "ewd426",
        "A self-stabilising token ring: every state is a start.",
        "tlaplus/Examples, specifications/ewd426/TokenRing.tla",
        [
            new ScenarioParameter("nodes", "how many nodes (N)", 6, 1, 7),
            new ScenarioParameter("values", "how many values a counter has (M), at least N - 1", 6, 1, 8),
        ],
        arguments => Of(arguments["nodes"], arguments["values"]));

    internal static Model Of(int count, int values, bool anyValues = false)
    {
        if (count > values + 1 && !anyValues)
        {
            throw new FormatException($"values={values} is too few for {count} nodes: the ring needs values >= nodes - 1.");
        }

        var nodes = Enumerable.Range(0, count).ToArray();

        var m = new ModelBuilder("ewd426");
        var c = m.TableIn("c", nodes, Enumerable.Range(0, values));

        m.Step("CreateToken", s =>
        {
            s.Await(c[s, 0] == c[s, count - 1]);
            c[s, 0] = (c[s, count - 1] + 1) % values;
        });
        m.Step("PassToken", nodes.Where(i => i != 0), (s, i) =>
        {
            s.Await(c[s, i] != c[s, i - 1]);
            c[s, i] = c[s, i - 1];
        });

        bool UniqueToken(State s) => Enumerable.Range(0, count + 1).Any(i =>
            nodes.All(j => c[s, j] == (j < i ? c[s, 0] : (c[s, 0] + values - 1) % values)));
        if (count > 1)
        {
            m.Sometimes("Disorder", "There is more than one token.", s => !UniqueToken(s)); // one node alone has one
        }

        m.Temporal(
            "Stab", "From some time on there is one token.",
            Formula.EventuallyAlways(m.Now("one token", UniqueToken)));
        m.Fair(new Fairness("weak fairness of all steps together", false, _ => "next"));
        return m.Build();
    }
}

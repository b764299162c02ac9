using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Termination detection in a ring by a token (Dijkstra, Feijen, van Gasteren 1983, EWD840).</summary>
public static class Ewd840
{
    public static readonly ModelFamily Family = new(
        "ewd840",
        "Termination detection in a ring by a token.",
        "tlaplus/Examples, specifications/ewd840/EWD840.tla",
        [new ScenarioParameter("nodes", "how many nodes (N)", 3, 1, 7)],
        arguments => Of(arguments["nodes"]));

    internal static Model Of(
        int count, bool staysWhite = false, bool probesOnce = false, bool wakesUp = false, bool asksTooMuch = false)
    {
        var nodes = Enumerable.Range(0, count).ToArray();

        var m = new ModelBuilder("ewd840");
        var active = m.TableIn("active", nodes, [false, true]);
        var color = m.TableIn("color", nodes, ["white", "black"]);
        var tpos = m.VariableIn("tpos", nodes);
        var tcolor = m.Variable("tcolor", "black");

        m.Step("InitiateProbe", s =>
        {
            s.Await(tpos[s] == 0);
            s.AwaitAny(tcolor[s] == "black" && !probesOnce, color[s, 0] == "black");
            tpos[s] = count - 1;
            tcolor[s] = "white";
            color[s, 0] = "white";
        });
        m.Step("PassToken", nodes.Where(i => i != 0), (s, i) =>
        {
            s.Await(tpos[s] == i);
            s.AwaitAny(!active[s, i], color[s, i] == "black", tcolor[s] == "black");
            tpos[s] = i - 1;
            tcolor[s] = color[s, i] == "black" ? "black" : tcolor[s];
            color[s, i] = "white";
        });
        m.Step("SendMsg", nodes, (s, i) =>
        {
            s.Await(active[s, i] || wakesUp);
            var j = s.Choose(nodes.Where(other => other != i));
            active[s, j] = true;
            color[s, i] = j > i && !staysWhite ? "black" : color[s, i];
        });
        m.Step("Deactivate", nodes, (s, i) =>
        {
            s.Await(active[s, i]);
            active[s, i] = false;
        });

        bool Terminated(State s) => nodes.All(i => !active[s, i]);
        bool Detected(State s) => tpos[s] == 0 && tcolor[s] == "white" && color[s, 0] == "white" && !active[s, 0];
        m.Always("TerminationDetection", "What is detected is so.", s => !Detected(s) || Terminated(s));
        m.Always(
            "Inv", "Dijkstra's invariant: P0, P1 or P2.",
            s => nodes.All(i => tpos[s] >= i || !active[s, i])
                || nodes.Any(j => j <= tpos[s] && color[s, j] == "black") || tcolor[s] == "black");
        m.Sometimes("Detected", "Termination is detected.", Detected);
        m.Temporal(
            "Quiescence", "Once all are inactive they remain so: a claim of SyncTerminationDetection, which this implements.",
            new Formula.Always(m.Now("terminated", Terminated).Implies(
                new Formula.Always(m.Now("terminated", Terminated)))));
        m.Temporal(
            "Liveness", "Termination is detected in the end.",
            m.Now("terminated", Terminated).LeadsTo(m.Now("detected", Detected)));
        if (asksTooMuch)
        {
            var passive = nodes.Select(i => Formula.AlwaysEventually(m.Now($"{i} is passive", s => !active[s, i])))
                .Aggregate((left, right) => left & right);
            m.Temporal(
                "FalseLiveness", "Termination is detected where each node is passive again and again: it need not be.",
                passive.LeadsTo(m.Now("detected", Detected)));
        }

        m.Fair(new Fairness(
            "weak fairness of the system", false, step => step.Name is "InitiateProbe" or "PassToken" ? "system" : null));
        return m.Build();
    }
}

using System.Collections;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// A generalized Büchi automaton that accepts exactly the behaviours of a formula: the tableau of Gerth, Peled, Vardi and
/// Wolper, "Simple On-the-fly Automatic Verification of Linear Temporal Logic" (1995). Predicates stand at its states.
/// </summary>
internal sealed class Automaton
{
    private readonly List<Func<IWorld, bool>> _predicates = [];
    private readonly Dictionary<Node, int> _ids = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Tableau> _states = [];

    /// <param name="formula">What is accepted.</param>
    public Automaton(Formula formula)
    {
        Expand(new Tableau([-1], [IdOf(Normal(formula, positive: true))], [], []));
        var untils = Enumerable.Range(0, _nodes.Count).Where(id => _nodes[id].Kind == Kind.Until).ToList();
        Accepting = [.. untils.Select(until => _states.Select(state =>
            !state.Old.Contains(until) || state.Old.Contains(_nodes[until].Right)).ToArray())];
    }

    private enum Kind
    {
        True,
        False,
        Predicate,
        NotPredicate,
        And,
        Or,
        Until,
        Release,
    }

    /// <summary>How many states it has.</summary>
    public int Count => _states.Count;

    /// <summary>For each set of which a run must visit a state again and again, the states in it.</summary>
    public IReadOnlyList<bool[]> Accepting { get; }

    /// <summary>For each state the worlds in which its predicates hold.</summary>
    public BitArray[] WorldsOf(StateGraph graph)
    {
        BitArray[] holds = [.. _predicates.Select(graph.Where)];
        return [.. _states.Select(state =>
        {
            var worlds = new BitArray(graph.Count, true);
            foreach (var node in state.Old.Select(id => _nodes[id]))
            {
                if (node.Kind == Kind.Predicate)
                {
                    worlds.And(holds[node.Left]);
                }
                else if (node.Kind == Kind.NotPredicate)
                {
                    worlds.And(new BitArray(holds[node.Left]).Not());
                }
            }

            return worlds;
        })];
    }

    /// <summary>The states in which a run may begin.</summary>
    public int[] Initial() => After(-1);

    /// <summary>The states that may follow a state.</summary>
    public int[] After(int state) =>
        [.. Enumerable.Range(0, Count).Where(next => _states[next].Incoming.Contains(state))];

    /// <summary>Negation normal form.</summary>
    private Node Normal(Formula formula, bool positive) => (formula, positive) switch
    {
        (Formula.Now now, _) => new Node(positive ? Kind.Predicate : Kind.NotPredicate, PredicateOf(now.Holds), 0),
        (Formula.Not not, _) => Normal(not.Of, !positive),
        (Formula.And and, true) => Pair(Kind.And, and.Left, and.Right, true),
        (Formula.And and, false) => Pair(Kind.Or, and.Left, and.Right, false),
        (Formula.Or or, true) => Pair(Kind.Or, or.Left, or.Right, true),
        (Formula.Or or, false) => Pair(Kind.And, or.Left, or.Right, false),
        (Formula.Eventually eventually, true) => Until(eventually.Of, true),
        (Formula.Eventually eventually, false) => Release(eventually.Of, false),
        (Formula.Always always, true) => Release(always.Of, true),
        (Formula.Always always, false) => Until(always.Of, false),
        _ => throw new NotSupportedException($"A {formula.GetType().Name} is no formula that can be checked."),
    };

    private Node Pair(Kind kind, Formula left, Formula right, bool positive) =>
        new(kind, IdOf(Normal(left, positive)), IdOf(Normal(right, positive)));

    private Node Until(Formula of, bool positive) =>
        new(Kind.Until, IdOf(new Node(Kind.True, 0, 0)), IdOf(Normal(of, positive)));

    private Node Release(Formula of, bool positive) =>
        new(Kind.Release, IdOf(new Node(Kind.False, 0, 0)), IdOf(Normal(of, positive)));

    private int PredicateOf(Func<IWorld, bool> holds)
    {
        if (_predicates.IndexOf(holds) is var known and >= 0)
        {
            return known;
        }

        _predicates.Add(holds);
        return _predicates.Count - 1;
    }

    private int IdOf(Node node)
    {
        if (!_ids.TryGetValue(node, out var id))
        {
            id = _nodes.Count;
            _ids.Add(node, id);
            _nodes.Add(node);
        }

        return id;
    }

    private void Expand(Tableau tableau)
    {
        if (tableau.New.Count == 0)
        {
            var twin = _states.FindIndex(state => state.Old.SetEquals(tableau.Old) && state.Next.SetEquals(tableau.Next));
            if (twin >= 0)
            {
                _states[twin].Incoming.UnionWith(tableau.Incoming);
                return;
            }

            _states.Add(tableau);
            Expand(new Tableau([_states.Count - 1], [.. tableau.Next], [], []));
            return;
        }

        var id = tableau.New.Min;
        var node = _nodes[id];
        if (node.Kind == Kind.False || tableau.Old.Any(old => Contradicts(_nodes[old], node)))
        {
            return;
        }

        foreach (var (now, next) in Ways(id, node))
        {
            Expand(new Tableau(
                [.. tableau.Incoming],
                [.. tableau.New.Where(one => one != id).Concat(now.Where(one => !tableau.Old.Contains(one) && one != id))],
                [.. tableau.Old, id],
                [.. tableau.Next, .. next]));
        }
    }

    /// <summary>What must hold now and what next, in each of the ways in which a formula may hold.</summary>
    private static (int[] Now, int[] Next)[] Ways(int id, Node node) => node.Kind switch
    {
        Kind.And => [([node.Left, node.Right], [])],
        Kind.Or => [([node.Left], []), ([node.Right], [])],
        Kind.Until => [([node.Left], [id]), ([node.Right], [])],
        Kind.Release => [([node.Right], [id]), ([node.Left, node.Right], [])],
        _ => [([], [])],
    };

    private static bool Contradicts(Node one, Node other) => one.Left == other.Left
        && ((one.Kind == Kind.Predicate && other.Kind == Kind.NotPredicate)
            || (one.Kind == Kind.NotPredicate && other.Kind == Kind.Predicate));

    /// <summary>A formula by the numbers of its parts; of a predicate by its number.</summary>
    private readonly record struct Node(Kind Kind, int Left, int Right);

    /// <summary>A state under construction: where it comes from, what is yet to be taken apart, what holds, what is next.</summary>
    private sealed record Tableau(HashSet<int> Incoming, SortedSet<int> New, HashSet<int> Old, HashSet<int> Next);
}

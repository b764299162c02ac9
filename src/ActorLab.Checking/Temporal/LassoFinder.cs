using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>A behaviour that goes on for ever.</summary>
/// <param name="Start">The ordinal of its start.</param>
/// <param name="Stem">The ordinals of the steps before the cycle.</param>
/// <param name="Cycle">Those of the steps of the cycle; -1 where the world just stays as it is.</param>
internal sealed record Lasso(int Start, IReadOnlyList<int> Stem, IReadOnlyList<int> Cycle);

/// <summary>
/// Finds a fair behaviour that breaks a formula: in the product of the graph with an automaton for the negation, a strongly
/// connected set that the automaton accepts and that a fair run can stay in. Strong fairness by removing the states that
/// enable what is never taken, and looking again (Emerson and Lei 1987).
/// </summary>
internal sealed class LassoFinder
{
    private const int Unknown = -2;
    private const int IsStart = -1;

    private readonly Product _product;
    private readonly FairActions _actions;
    private readonly Components _components;

    /// <summary>Of each state of the product the number of the set it is looked for in; 0 for none.</summary>
    private readonly int[] _set;

    /// <summary>Of each state of the product the one from which it was reached first.</summary>
    private readonly int[] _from;
    private readonly HashSet<int> _good = [];
    private readonly Stack<int[]> _todo = new();
    private int _sets;

    private LassoFinder(StateGraph graph, Formula formula, Seq<Fairness> fairness)
    {
        _product = new Product(graph, new Automaton(new Formula.Not(formula)));
        _actions = new FairActions(graph, fairness);
        _components = new Components(_product);
        _set = new int[_product.Count];
        _from = new int[_product.Count];
    }

    /// <summary>A shortest way into a fair cycle that breaks the formula; null if it holds of every fair behaviour.</summary>
    /// <exception cref="NotSupportedException">The formula cannot be checked.</exception>
    public static Lasso? Find(StateGraph graph, Formula formula, Seq<Fairness> fairness) =>
        new LassoFinder(graph, formula, fairness).Find();

    private Lasso? Find()
    {
        var reached = Reach();
        _todo.Push(reached);
        while (_todo.TryPop(out var part))
        {
            _components.Visit(part, _set, NewSet(part), Judge);
        }

        foreach (var state in reached)
        {
            if (_good.Contains(_set[state]))
            {
                return Tell(state);
            }
        }

        return null;
    }

    /// <summary>All states of the product that can be reached, nearest first.</summary>
    private int[] Reach()
    {
        var reached = new int[1024];
        var count = 0;
        Array.Fill(_from, Unknown);
        void Add(int state, int from)
        {
            if (_from[state] == Unknown)
            {
                _from[state] = from;
                if (count == reached.Length)
                {
                    Array.Resize(ref reached, count * 2);
                }

                reached[count++] = state;
            }
        }

        foreach (var (state, _) in _product.Starts())
        {
            Add(state, IsStart);
        }

        for (var i = 0; i < count; i++)
        {
            if (i % 1024 == 0)
            {
                _product.Cancellation.ThrowIfCancellationRequested();
            }

            var cursor = 0;
            while (_product.Next(reached[i], ref cursor, out var next, out _))
            {
                Add(next, reached[i]);
            }
        }

        return reached[..count];
    }

    private int NewSet(ReadOnlySpan<int> states)
    {
        _sets++;
        foreach (var state in states)
        {
            _set[state] = _sets;
        }

        return _sets;
    }

    /// <summary>Whether a fair run can stay in a component for ever and be accepted; what may hide such a run is looked at later.</summary>
    private void Judge(ReadOnlySpan<int> component)
    {
        foreach (var accepting in _product.Automaton.Accepting)
        {
            var isVisited = false;
            for (var i = 0; i < component.Length && !isVisited; i++)
            {
                isVisited = _product.IsIn(accepting, component[i]);
            }

            if (!isVisited)
            {
                return;
            }
        }

        if (component.Length == 1 && !HasLoop(component[0]))
        {
            return;
        }

        // In a single state a run stays as it is, so that nobody may have to move, or its numbers grow for ever.

        var set = NewSet(component);
        var unfair = _actions.Unfair(_product, component, _set, set);
        if (unfair.Count == 0)
        {
            _good.Add(set);
        }
        else if (unfair.All(_actions.IsStrong))
        {
            var rest = new List<int>();
            foreach (var state in component)
            {
                if (!unfair.Any(action => _actions.IsEnabled(action, _product.WorldOf(state))))
                {
                    rest.Add(state);
                }
            }

            _todo.Push([.. rest]);
        }
    }

    private bool HasLoop(int state)
    {
        var cursor = 0;
        while (_product.Next(state, ref cursor, out var next, out _))
        {
            if (next == state)
            {
                return true;
            }
        }

        return false;
    }

    private Lasso Tell(int entry)
    {
        var stem = new List<int>();
        var state = entry;
        for (; _from[state] != IsStart; state = _from[state])
        {
            var cursor = 0;
            while (_product.Next(_from[state], ref cursor, out var next, out var edge))
            {
                if (next == state)
                {
                    if (edge.Ordinal >= 0) // A world that stays moves nothing but the automaton: no part of the story.
                    {
                        stem.Add(edge.Ordinal);
                    }

                    break;
                }
            }
        }

        stem.Reverse();
        var start = _product.Starts().First(start => start.State == state).Ordinal;
        return new Lasso(start, stem, new CycleBuilder(_product, _actions, _set, entry).Build());
    }
}

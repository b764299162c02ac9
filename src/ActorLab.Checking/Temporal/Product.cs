using System.Collections;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The graph of all worlds times an automaton: a state is a world and where the automaton is. A world may always stay as it
/// is: stuttering.
/// </summary>
internal sealed class Product
{
    private readonly StateGraph _graph;
    private readonly BitArray[] _worldsOf;
    private readonly int[][] _after;
    private readonly int _width;

    public Product(StateGraph graph, Automaton automaton)
    {
        _graph = graph;
        Automaton = automaton;
        _width = Math.Max(1, automaton.Count);
        _worldsOf = automaton.WorldsOf(graph);
        _after = [.. Enumerable.Range(0, automaton.Count).Select(automaton.After)];
        if ((long)graph.Count * _width > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"{graph.Count} worlds times the {automaton.Count} states of the automaton of a formula are too many to check it: "
                + "choose smaller parameters.");
        }

        Count = graph.Count * _width;
    }

    public Automaton Automaton { get; }

    public CancellationToken Cancellation => _graph.Cancellation;

    /// <summary>How many states there are, reachable or not.</summary>
    public int Count { get; }

    public int WorldOf(int state) => state / _width;

    /// <summary>Whether a state is in one of the sets of which a run must visit a state again and again.</summary>
    public bool IsIn(bool[] accepting, int state) => accepting[state % _width];

    /// <summary>The states at which a run may begin, with the ordinals of their starts.</summary>
    public IEnumerable<(int State, int Ordinal)> Starts() =>
        from start in _graph.Starts
        from at in Automaton.Initial()
        where _worldsOf[at][start.World]
        select ((start.World * _width) + at, start.Ordinal);

    /// <summary>Goes on to the next state that may follow: by a step, or by stuttering (ordinal -1).</summary>
    /// <param name="state">The state.</param>
    /// <param name="cursor">0 before the first.</param>
    /// <param name="next">The state that follows.</param>
    /// <param name="edge">The step that leads there.</param>
    /// <returns>False after the last.</returns>
    public bool Next(int state, ref int cursor, out int next, out Edge edge)
    {
        var (world, at) = (state / _width, state % _width);
        var after = _after[at];
        var (first, last) = _graph.EdgesOf(world);
        for (; after.Length > 0; cursor++)
        {
            var number = first + (cursor / after.Length);
            if (number > last)
            {
                break;
            }

            edge = number < last ? _graph[number] : new Edge(world, -1, -1);
            var to = after[cursor % after.Length];
            if (_worldsOf[to][edge.Target])
            {
                next = (edge.Target * _width) + to;
                cursor++;
                return true;
            }
        }

        (next, edge) = (-1, default);
        return false;
    }
}

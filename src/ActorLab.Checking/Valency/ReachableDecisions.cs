using System.Numerics;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The steps of a graph, by the world that they lead to.</summary>
internal sealed class StepsInto
{
    private readonly int[] _first;
    private readonly int[] _from;
    private readonly int[] _edges;

    public StepsInto(StateGraph graph)
    {
        _first = new int[graph.Count + 1];
        var edges = checked((int)graph.EdgesOf(graph.Count - 1).Last);
        for (var edge = 0; edge < edges; edge++)
        {
            _first[graph[edge].Target + 1]++;
        }

        for (var world = 0; world < graph.Count; world++)
        {
            _first[world + 1] += _first[world];
        }

        _from = new int[edges];
        _edges = new int[edges];
        var next = _first.AsSpan(0, graph.Count).ToArray();
        for (var world = 0; world < graph.Count; world++)
        {
            for (var (edge, last) = graph.EdgesOf(world); edge < last; edge++)
            {
                var at = next[graph[edge].Target]++;
                _from[at] = world;
                _edges[at] = (int)edge;
            }
        }
    }

    /// <summary>The worlds before, once for each step.</summary>
    public ReadOnlySpan<int> WorldsBefore(int world) => _from.AsSpan(_first[world].._first[world + 1]);

    /// <summary>The numbers of the steps, in the order of <see cref="WorldsBefore"/>.</summary>
    public ReadOnlySpan<int> EdgesInto(int world) => _edges.AsSpan(_first[world].._first[world + 1]);

    /// <summary>Gives every world the marks of all worlds that can be reached from it.</summary>
    public void Spread(ulong[] marks)
    {
        var queue = new Queue<int>(Enumerable.Range(0, marks.Length).Where(world => marks[world] != 0));
        while (queue.TryDequeue(out var world))
        {
            foreach (var before in WorldsBefore(world))
            {
                if ((marks[before] | marks[world]) != marks[before])
                {
                    marks[before] |= marks[world];
                    queue.Enqueue(before);
                }
            }
        }
    }
}

/// <summary>
/// The set V of section 3 of Fischer, Lynch and Paterson for every world: the decisions of the worlds that can be reached
/// from it, itself included. A world is bivalent with two of them or more.
/// </summary>
internal sealed class ReachableDecisions
{
    private const int Most = 64;
    private readonly StateGraph _graph;
    private readonly ulong[] _reachable;
    private readonly ulong[] _leadsOut;

    /// <exception cref="ArgumentException">There are more different decisions than this can tell apart.</exception>
    public ReachableDecisions(StateGraph graph, StepsInto stepsInto, StateSpace space, Func<object, object?> decisionOf)
    {
        _graph = graph;
        _reachable = new ulong[graph.Count];
        var numbers = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        var view = space.CreateView();
        graph.ForEachWorld((number, world) =>
        {
            view.Show(world);
            foreach (var address in view.Addresses)
            {
                var state = view.StateAt(address);
                if (!numbers.TryGetValue(state, out var decision))
                {
                    decision = decisionOf(state) is { } value ? NumberOf(value as string ?? Canonical.Text(value), space.Name) : -1;
                    numbers.Add(state, decision);
                }

                _reachable[number] |= decision < 0 ? 0 : 1UL << decision;
            }
        });
        stepsInto.Spread(_reachable);
        _leadsOut = [.. Enumerable.Range(0, graph.Count).Select(world => graph.ExcludedFrom(world).IsEmpty ? 0UL : 1UL)];
        stepsInto.Spread(_leadsOut);
    }

    /// <summary>All decisions, in the order in which worlds show them.</summary>
    public List<string> Decisions { get; } = [];

    /// <summary>Worlds with at most one decision from which a way leads out of the constraint.</summary>
    public long Open => Enumerable.Range(0, _graph.Count).LongCount(world => _leadsOut[world] != 0 && !IsBivalent(world));

    public bool IsBivalent(int world) => BitOperations.PopCount(_reachable[world]) > 1;

    public bool IsUnivalent(int world) => BitOperations.PopCount(_reachable[world]) == 1;

    /// <summary>Whether both are univalent, with different decisions.</summary>
    public bool AreOpposed(int one, int other) =>
        IsUnivalent(one) && IsUnivalent(other) && _reachable[one] != _reachable[other];

    public string NameOf(int world) => NameOf(_reachable[world]);

    /// <summary>Counts worlds by their valency: the undecided ones first, then by decision, the bivalent ones last.</summary>
    public Seq<ValencyClass> Classes(IEnumerable<int> worlds) => Seq.ToSeq(worlds
        .GroupBy(world => _reachable[world])
        .Select(group => (group.Key, Class: new ValencyClass(NameOf(group.Key), [.. TextsOf(group.Key)], group.LongCount())))
        .OrderBy(one => BitOperations.PopCount(one.Key))
        .ThenBy(one => one.Class.Name, StringComparer.Ordinal)
        .Select(one => one.Class));

    private string NameOf(ulong decisions) => BitOperations.PopCount(decisions) switch
    {
        0 => "none",
        1 => $"{TextsOf(decisions).Single()}-valent",
        2 => Decisions.Count == 2 ? "bivalent" : $"bivalent {{{string.Join(", ", TextsOf(decisions))}}}",
        _ => $"multivalent {{{string.Join(", ", TextsOf(decisions))}}}",
    };

    private IEnumerable<string> TextsOf(ulong decisions) => Enumerable.Range(0, Decisions.Count)
        .Where(decision => (decisions >> decision & 1) == 1)
        .Select(decision => Decisions[decision])
        .Order(StringComparer.Ordinal);

    private int NumberOf(string decision, string name)
    {
        var number = Decisions.IndexOf(decision);
        if (number < 0)
        {
            number = Decisions.Count;
            Decisions.Add(decision);
        }

        return number < Most ? number : throw new ArgumentException(
            $"{name} has more than {Most} different decisions: valency is for fewer. Give it fewer inputs.");
    }
}

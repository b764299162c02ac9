using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// A small random model, and the slow and plain way to everything that the engine says of it: worlds are arrays, nothing is
/// interned or remembered, and a fair cycle is looked for among all sets of worlds.
/// </summary>
internal sealed class NaiveReference
{
    private readonly int[] _start;
    private readonly List<(int Guard, int Value, (int Variable, int Value)[] Writes)[]> _actions = [];
    private readonly List<int[]> _worlds = [];
    private readonly List<(int From, int To, int Action)> _edges = []; // to -1, where the constraint excludes the next world
    private readonly Func<int[], bool> _isInside;

    /// <summary>Two variables of so many values; with more than three, ask for no formulas.</summary>
    public NaiveReference(Random random, int size = 3)
    {
        _start = [random.Next(size), random.Next(size)];
        for (var action = 0; action < 2 + random.Next(size); action++)
        {
            _actions.Add([.. Enumerable.Range(0, 1 + random.Next(size - 1)).Select(_ => (random.Next(2), random.Next(size),
                Enumerable.Range(0, 1 + random.Next(2)).Select(_ => (random.Next(2), random.Next(size))).ToArray()))]);
        }

        Fairness = [.. Enumerable.Range(0, _actions.Count).Select(_ => random.Next(3))];
        P = world => world[0] == _start[0];
        var goal = (Variable: random.Next(2), Value: random.Next(size));
        Q = world => world[goal.Variable] == goal.Value;
        var (bound, most, high) = (random.Next(2), random.Next(size), random.Next(size, 2 * size));
        _isInside = world => world[bound] <= Math.Max(most, _start[bound]);
        IsHigh = world => world.Sum() >= high;
        Explore();
    }

    public int[] Fairness { get; } // of each action: 0 unfair, 1 weakly fair, 2 strongly fair
    public Func<int[], bool> P { get; }
    public Func<int[], bool> Q { get; }
    public Func<int[], bool> IsHigh { get; } // of few worlds, and of more outside the constraint than within

    public (int Distinct, long Generated) Counts => (_worlds.Count, _edges.Count + 1);

    /// <summary>Whether Q holds in every world, and whether one is high.</summary>
    public (bool AlwaysQ, bool SometimesHigh) Verdicts => (_worlds.All(Q), _worlds.Any(IsHigh));

    /// <summary>The formulas of which <see cref="Violates"/> knows whether a fair behaviour breaks them.</summary>
    public static IReadOnlyList<Func<Formula, Formula, Formula>> Formulas { get; } =
    [
        (_, q) => new Formula.Eventually(q),
        (_, q) => Formula.AlwaysEventually(q),
        (_, q) => Formula.EventuallyAlways(q),
        (p, q) => p.LeadsTo(q),
        (p, q) => Formula.AlwaysEventually(p).Implies(Formula.AlwaysEventually(q)),
        (p, q) => !(Formula.EventuallyAlways(p) & !Formula.AlwaysEventually(q)),
    ];

    public bool Violates(int formula) => formula switch
    {
        0 => FairSets(world => !Q(world)).Any(set => IsReachable([0], set, world => !Q(world))),
        1 => FairSets(world => !Q(world)).Any(),
        2 => FairSets(_ => true).Any(set => set.Any(world => !Q(_worlds[world]))),
        3 => FairSets(world => !Q(world)).Any(set => IsReachable(
            [.. Enumerable.Range(0, _worlds.Count).Where(world => P(_worlds[world]))], set, world => !Q(world))),
        4 => FairSets(world => !Q(world)).Any(set => set.Any(world => P(_worlds[world]))),
        _ => FairSets(world => P(world) && !Q(world)).Any(),
    };

    public Model Build()
    {
        var m = new ModelBuilder("random");
        Variable<int>[] variables = [m.Variable("v0", _start[0]), m.Variable("v1", _start[1])];
        for (var action = 0; action < _actions.Count; action++)
        {
            var ways = _actions[action];
            m.Step($"a{action}", s =>
            {
                var (guard, value, writes) = s.Choose(ways);
                s.Await(variables[guard][s] == value);
                Array.ForEach(writes, write => variables[write.Variable][s] = write.Value);
            });
        }

        int[] Read(State s) => [variables[0][s], variables[1][s]];
        m.Constraint(s => _isInside(Read(s)));
        m.Always("Q", "-", s => Q(Read(s)));
        m.Always("Low", "-", s => !IsHigh(Read(s)));
        m.Sometimes("High", "-", s => IsHigh(Read(s)));
        var (p, q) = (m.Now("p", s => P(Read(s))), m.Now("q", s => Q(Read(s))));
        for (var i = 0; i < Formulas.Count; i++)
        {
            m.Temporal($"F{i}", "-", Formulas[i](p, q));
        }

        m.Fair(new Fairness("weak", false, step => Fairness[int.Parse(step.Name[1..])] == 1 ? step.Name : null));
        m.Fair(new Fairness("strong", true, step => Fairness[int.Parse(step.Name[1..])] == 2 ? step.Name : null));
        return m.Build();
    }

    /// <summary>Whether a run that visits exactly these worlds again and again, by all steps between them, is fair.</summary>
    public bool IsFair(IReadOnlyCollection<int[]> worlds) => IsFair(worlds.Select(NumberOf).ToHashSet());

    private int NumberOf(int[] world) => _worlds.FindIndex(known => known.SequenceEqual(world));

    private bool IsFair(HashSet<int> set) => Enumerable.Range(0, _actions.Count).All(action =>
    {
        var steps = _edges.Where(edge => edge.Action == action && edge.From != edge.To && set.Contains(edge.From)).ToList();
        var enabledIn = steps.Select(step => step.From).Distinct().Count();
        return Fairness[action] == 0 || steps.Any(step => set.Contains(step.To))
            || (Fairness[action] == 1 ? enabledIn < set.Count : enabledIn == 0);
    });

    private IEnumerable<HashSet<int>> FairSets(Func<int[], bool> inside) => Enumerable.Range(1, (1 << _worlds.Count) - 1)
        .Select(bits => Enumerable.Range(0, _worlds.Count).Where(world => (bits >> world & 1) == 1).ToHashSet())
        .Where(set => set.All(world => inside(_worlds[world]))
            && set.All(world => IsReachable([world], set, _ => true, set, set.Count)) && IsFair(set));

    /// <summary>Whether paths through allowed worlds lead from some worlds to some, or to all, of a set.</summary>
    private bool IsReachable(
        int[] from, HashSet<int> to, Func<int[], bool> through, HashSet<int>? within = null, int howMany = 1)
    {
        var seen = from.Where(world => through(_worlds[world])).ToHashSet();
        while (_edges.Any(edge => edge.To >= 0 && seen.Contains(edge.From) && through(_worlds[edge.To])
            && within?.Contains(edge.To) != false && seen.Add(edge.To))) { }
        return to.Count(seen.Contains) >= howMany;
    }

    private void Explore()
    {
        _worlds.Add(_start);
        for (var from = 0; from < _worlds.Count; from++)
        {
            foreach (var (action, (_, _, writes)) in _actions.SelectMany((ways, action) => ways.Select(way => (action, way)))
                .Where(one => _worlds[from][one.way.Guard] == one.way.Value))
            {
                var next = (int[])_worlds[from].Clone();
                Array.ForEach(writes, write => next[write.Variable] = write.Value);
                if (_isInside(next) && NumberOf(next) < 0)
                {
                    _worlds.Add(next);
                }

                _edges.Add((from, NumberOf(next), action));
            }
        }
    }
}

using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// A small random model, and the slow and plain way to everything that the engine says of it: worlds are arrays, nothing is
/// interned or remembered, and a fair cycle is looked for among all sets of worlds.
/// </summary>
internal sealed class NaiveReference
{
    private const int Size = 3;
    private readonly int[] _start;
    private readonly List<(int Guard, int Value, (int Variable, int Value)[] Writes)[]> _actions = [];
    private readonly List<int[]> _worlds = [];
    private readonly List<(int From, int To, int Action)> _edges = [];

    public NaiveReference(Random random)
    {
        _start = [random.Next(Size), random.Next(Size)];
        for (var action = 0; action < 2 + random.Next(3); action++)
        {
            _actions.Add([.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => (random.Next(2), random.Next(Size),
                Enumerable.Range(0, 1 + random.Next(2)).Select(_ => (random.Next(2), random.Next(Size))).ToArray()))]);
        }

        Fairness = [.. Enumerable.Range(0, _actions.Count).Select(_ => random.Next(3))];
        P = world => world[0] == _start[0];
        var goal = (Variable: random.Next(2), Value: random.Next(Size));
        Q = world => world[goal.Variable] == goal.Value;
        Explore();
    }

    /// <summary>Of each action: 0 unfair, 1 weakly fair, 2 strongly fair.</summary>
    public int[] Fairness { get; }

    public Func<int[], bool> P { get; }

    public Func<int[], bool> Q { get; }

    public (int Distinct, long Generated) Counts => (_worlds.Count, _edges.Count + 1);

    /// <summary>Whether Q holds in every world.</summary>
    public bool AlwaysQ => _worlds.All(Q);

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
        m.Always("Q", "-", s => Q(Read(s)));
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
    public bool IsFair(IReadOnlyCollection<int[]> worlds) =>
        IsFair(worlds.Select(world => _worlds.FindIndex(known => known.SequenceEqual(world))).ToHashSet());

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
        while (_edges.Any(edge => seen.Contains(edge.From) && through(_worlds[edge.To])
            && within?.Contains(edge.To) != false && seen.Add(edge.To)))
        {
        }

        return to.Count(seen.Contains) >= howMany;
    }

    private void Explore()
    {
        _worlds.Add(_start);
        for (var from = 0; from < _worlds.Count; from++)
        {
            for (var action = 0; action < _actions.Count; action++)
            {
                foreach (var (_, _, writes) in _actions[action].Where(way => _worlds[from][way.Guard] == way.Value))
                {
                    var next = (int[])_worlds[from].Clone();
                    Array.ForEach(writes, write => next[write.Variable] = write.Value);
                    var to = _worlds.FindIndex(known => known.SequenceEqual(next));
                    if (to < 0)
                    {
                        to = _worlds.Count;
                        _worlds.Add(next);
                    }

                    _edges.Add((from, to, action));
                }
            }
        }
    }
}

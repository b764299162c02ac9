using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Builds a model: first its variables, then its steps, then what must hold.</summary>
/// <param name="name">Lower case.</param>
public sealed class ModelBuilder(string name)
{
    private readonly List<SlotOfModel> _slots = [];
    private readonly List<Func<ValueTable>> _variables = [];
    private readonly List<StepOfModel> _steps = [];
    private readonly List<Property> _properties = [];
    private readonly List<Func<State, bool>> _starts = [];
    private readonly List<Fairness> _fairness = [];
    private readonly List<Func<State, bool>> _done = [];
    private readonly HashSet<string> _names = [];
    private Set<NodeId> _interchangeable = [];
    private Func<IWorld, bool>? _constraint;

    /// <summary>A variable with one initial value.</summary>
    public Variable<T> Variable<T>(string name, T initial) => VariableIn(name, [initial]);

    /// <summary>A variable that starts with any of some values.</summary>
    public Variable<T> VariableIn<T>(string name, IEnumerable<T> initials)
    {
        var variable = Declare<T>(name);
        AddSlot(name, variable, null, initials);
        return new Variable<T>(variable, _slots.Count - 1);
    }

    /// <summary>A function with one initial value for all keys.</summary>
    public Table<K, T> Table<K, T>(string name, IEnumerable<K> keys, T initial)
        where K : notnull => Declare(name, keys, _ => new[] { initial });

    /// <summary>A function whose initial values depend on the key.</summary>
    public Table<K, T> Table<K, T>(string name, IEnumerable<K> keys, Func<K, T> initial)
        where K : notnull => Declare(name, keys, key => new[] { initial(key) });

    /// <summary>A function that starts with any of some values for each key.</summary>
    public Table<K, T> TableIn<K, T>(string name, IEnumerable<K> keys, IEnumerable<T> initials)
        where K : notnull => Declare(name, keys, _ => initials);

    /// <summary>A further condition on the starts, as in a TLA+ Init that is no plain product.</summary>
    public void Start(Func<State, bool> where) => _starts.Add(where);

    /// <summary>An action.</summary>
    public void Step(string label, Action<ModelStep> body) => _steps.Add(new StepOfModel("", null, step =>
    {
        body(step);
        return label;
    }));

    /// <summary>An action for each of some parameters: <c>\E p \in of</c>.</summary>
    public void Step<P>(string label, IEnumerable<P> of, Action<ModelStep, P> body)
    {
        foreach (var parameter in of)
        {
            _steps.Add(new StepOfModel(Canonical.Text(parameter), parameter, step =>
            {
                body(step, parameter);
                return label;
            }));
        }
    }

    /// <summary>Actions of which each step says itself under which label it goes: fairness may speak of some steps only.</summary>
    public void Step<P>(IEnumerable<P> of, Func<ModelStep, P, string> body)
    {
        foreach (var parameter in of)
        {
            _steps.Add(new StepOfModel(Canonical.Text(parameter), parameter, step => body(step, parameter)));
        }
    }

    /// <summary>Processes in the form of PlusCal; add their labels.</summary>
    /// <param name="name">Of their kind.</param>
    /// <param name="ids">Who they are.</param>
    /// <param name="first">The label at which they start.</param>
    public Process<K> Process<K>(string name, IEnumerable<K> ids, string first)
        where K : notnull
    {
        K[] all = [.. ids];
        var pc = Table(_names.Contains("pc") ? $"pc of {name}" : "pc", all, first);
        var process = new Process<K>(name, all, pc);
        foreach (var id in all)
        {
            _steps.Add(new StepOfModel($"{name} {Canonical.Text(id)}", id, step => process.Move(step, id)));
        }

        _done.Add(state => all.All(id => process.At(state, id) == Checking.Process<K>.Done));
        return process;
    }

    /// <summary>PlusCal's last disjunct: when all processes are done the world may stay as it is. A step that counts.</summary>
    public void Terminating() => Step("Terminating", step => step.Await(_done.All(done => done(step))));

    /// <summary>Holds in every reachable world.</summary>
    public void Always(string name, string claim, Func<State, bool> holds) =>
        Add(new Property.Always(name, claim, Lift(holds)));

    /// <summary>Is reached in some world.</summary>
    public void Sometimes(string name, string claim, Func<State, bool> reached) =>
        Add(new Property.Sometimes(name, claim, Lift(reached)));

    /// <summary>Holds of every fair behaviour.</summary>
    public void Temporal(string name, string claim, Formula formula) => Add(new Property.Temporal(name, claim, formula));

    /// <summary>A state predicate, to build formulas of.</summary>
    public Formula Now(string name, Func<State, bool> holds) => new Formula.Now(name, Lift(holds));

    /// <summary>Worlds outside are generated, but neither counted nor explored.</summary>
    public void Constraint(Func<State, bool> inside) => _constraint = Lift(inside);

    public void Fair(Fairness fairness) => _fairness.Add(fairness);

    /// <summary>These nodes are the same to all: renaming them anywhere gives a behaviour again.</summary>
    public void Symmetric(Set<NodeId> nodes) => _interchangeable = nodes;

    /// <exception cref="ArgumentException">The model has nothing to explore.</exception>
    public Model Build()
    {
        if (_slots.Count == 0)
        {
            throw new ArgumentException($"The model {name} has no variables.");
        }

        return new Model
        {
            Name = name,
            Slots = _slots,
            Variables = _variables,
            Steps = _steps,
            StartsWhere = _starts,
            Properties = Seq.ToSeq(_properties),
            Fairness = Seq.ToSeq(_fairness),
            Interchangeable = _interchangeable,
            Constraint = _constraint,
        };
    }

    private static Func<IWorld, bool> Lift(Func<State, bool> predicate) => world => predicate(((SharedView)world).State);

    private int Declare<T>(string name)
    {
        if (!_names.Add(name))
        {
            throw new ArgumentException($"There are two variables {name}.");
        }

        _variables.Add(() => new ValueTable<T>());
        return _variables.Count - 1;
    }

    private Table<K, T> Declare<K, T>(string name, IEnumerable<K> keys, Func<K, IEnumerable<T>> initials)
        where K : notnull
    {
        var variable = Declare<T>(name);
        var slots = new Dictionary<K, int>();
        foreach (var key in keys)
        {
            if (!slots.TryAdd(key, _slots.Count))
            {
                throw new ArgumentException($"{name} has the key {key} twice.");
            }

            AddSlot(name, variable, key, initials(key));
        }

        return new Table<K, T>(name, variable, slots);
    }

    private void AddSlot<T>(string name, int variable, object? key, IEnumerable<T> initials)
    {
        T[] values = [.. initials];
        if (values.Length == 0)
        {
            throw new ArgumentException($"{name} has no initial value.");
        }

        _slots.Add(new SlotOfModel(name, variable, key, tables =>
            [.. values.Select(((ValueTable<T>)tables[variable]).Of)]));
    }

    private void Add(Property property)
    {
        if (_properties.Any(other => other.Name == property.Name))
        {
            throw new ArgumentException($"There are two properties {property.Name}.");
        }

        _properties.Add(property);
    }
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A variable of a model.</summary>
/// <typeparam name="T">Any type with a canonical form: see <see cref="Canonical"/>.</typeparam>
public sealed class Variable<T>
{
    private readonly int _variable;
    private readonly int _slot;

    internal Variable(int variable, int slot) => (_variable, _slot) = (variable, slot);

    /// <exception cref="InvalidOperationException">An assignment outside a step.</exception>
    public T this[State state]
    {
        get => ((ValueTable<T>)state.Values[_variable])[state.Read(_slot)];
        set => state.Write(_slot, ((ValueTable<T>)state.Values[_variable]).Of(value));
    }
}

/// <summary>A variable that is a function with a fixed domain, such as <c>[Proc -> BOOLEAN]</c>.</summary>
/// <typeparam name="K">The keys.</typeparam>
/// <typeparam name="T">The values: any type with a canonical form.</typeparam>
public sealed class Table<K, T>
    where K : notnull
{
    private readonly string _name;
    private readonly int _variable;
    private readonly Dictionary<K, int> _slots;

    internal Table(string name, int variable, Dictionary<K, int> slots) => (_name, _variable, _slots) = (name, variable, slots);

    /// <summary>The domain, in its order.</summary>
    public IReadOnlyCollection<K> Keys => _slots.Keys;

    /// <exception cref="KeyNotFoundException">The key is not in the domain.</exception>
    /// <exception cref="InvalidOperationException">An assignment outside a step.</exception>
    public T this[State state, K key]
    {
        get => ((ValueTable<T>)state.Values[_variable])[state.Read(SlotOf(key))];
        set => state.Write(SlotOf(key), ((ValueTable<T>)state.Values[_variable]).Of(value));
    }

    private int SlotOf(K key) => _slots.TryGetValue(key, out var slot)
        ? slot
        : throw new KeyNotFoundException($"{_name} has no key {key}; it has {string.Join(", ", _slots.Keys)}.");
}

/// <summary>Processes in the form of PlusCal: each is at one of its labels, and a step is all from one label to the next.</summary>
/// <typeparam name="K">Names them.</typeparam>
public sealed class Process<K>
    where K : notnull
{
    /// <summary>Where a process is that has come to the end.</summary>
    public const string Done = "Done";

    private readonly List<(string Name, Action<ModelStep, K> Body)> _labels = [];

    internal Process(string name, IReadOnlyList<K> ids, Table<K, string> pc) => (Name, Ids, Pc) = (name, ids, pc);

    public string Name { get; }

    public IReadOnlyList<K> Ids { get; }

    /// <summary>Where each of them is.</summary>
    public Table<K, string> Pc { get; }

    internal IReadOnlyList<(string Name, Action<ModelStep, K> Body)> Labels => _labels;

    /// <summary>Adds a label. After its body the process is at the label added next, or done, unless the body says where.</summary>
    /// <exception cref="ArgumentException">There is one with this name.</exception>
    public Process<K> Label(string name, Action<ModelStep, K> body)
    {
        if (name == Done || _labels.Any(label => label.Name == name))
        {
            throw new ArgumentException($"{Name} has two labels {name}.");
        }

        _labels.Add((name, body));
        return this;
    }

    /// <summary>Where the process is.</summary>
    public string At(State state, K self) => Pc[state, self];

    /// <summary>Where the process goes after this step.</summary>
    /// <exception cref="ArgumentException">There is no such label.</exception>
    public void Goto(ModelStep step, K self, string label)
    {
        if (label != Done && _labels.All(known => known.Name != label))
        {
            throw new ArgumentException(
                $"{Name} has no label {label}. It has {string.Join(", ", _labels.Select(known => known.Name))}.");
        }

        Pc[step, self] = label;
    }

    /// <summary>The step from wherever the process is; the name of the label that it left.</summary>
    internal string Move(ModelStep step, K self)
    {
        var at = Pc[step, self];
        step.Await(at != Done);
        var index = _labels.FindIndex(label => label.Name == at);
        Pc[step, self] = index + 1 < _labels.Count ? _labels[index + 1].Name : Done;
        _labels[index].Body(step, self);
        return at;
    }
}

/// <summary>The values that a variable took, by number.</summary>
internal abstract class ValueTable
{
    /// <summary>What the values take, by a rough estimate.</summary>
    public abstract long Bytes { get; }

    /// <summary>The value, as an object.</summary>
    public abstract object? ObjectAt(int number);

    /// <summary>The number of a value with its nodes renamed.</summary>
    public abstract int Renamed(int number, Func<NodeId, NodeId> rename);
}

/// <inheritdoc />
internal sealed class ValueTable<T> : ValueTable
{
    private readonly Dictionary<ValueTuple<T>, int> _numbers = [];
    private readonly List<T> _values = [];
    private long _bytes;

    public override long Bytes => _bytes;

    public T this[int number] => _values[number];

    /// <exception cref="NotSupportedException">The value has no canonical form.</exception>
    public int Of(T value)
    {
        var key = new ValueTuple<T>(value);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _bytes += 64 + (2L * Canonical.Bytes(value).Length);
            number = _values.Count;
            _numbers.Add(key, number);
            _values.Add(value);
        }

        return number;
    }

    public override int Renamed(int number, Func<NodeId, NodeId> rename) => Of(Canonical.Rename(_values[number], rename));

    public override object? ObjectAt(int number) => _values[number];
}

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Objects that hold one value: registers, and the keys of a store whose values are texts.</summary>
public sealed class ValueModel : HistoryModel
{
    /// <summary>Reads and writes.</summary>
    public static readonly ValueModel Register = new(
        "register", "read and write; nil at the start", null, [typeof(ObjectCommand.Read), typeof(ObjectCommand.Write)]);

    /// <summary>Reads, writes and comparisons.</summary>
    public static readonly ValueModel CasRegister = new(
        "cas-register", "read, write and cas; nil at the start", null,
        [typeof(ObjectCommand.Read), typeof(ObjectCommand.Write), typeof(ObjectCommand.CompareAndSet)]);

    /// <summary>A store of texts by key, in which a missing key is an empty text.</summary>
    public static readonly ValueModel KeyValue = new(
        "kv", "get, put, append, delete and cas by key; every key is \"\" at the start", "",
        [
            typeof(ObjectCommand.Read), typeof(ObjectCommand.Write), typeof(ObjectCommand.CompareAndSet),
            typeof(ObjectCommand.Append), typeof(ObjectCommand.Delete),
        ]);

    private readonly string? _initial;
    private readonly HashSet<Type> _commands;

    private ValueModel(string name, string summary, string? initial, HashSet<Type> commands) =>
        (Name, Summary, _initial, _commands) = (name, summary, initial, commands);

    public override string Name { get; }

    public override string Summary { get; }

    public override string? ObjectOf(HistoryOperation operation) =>
        operation.Command is ObjectCommand command ? command.Key : throw Unknown(operation);

    public override Specification Specify(ReadOnlySpan<HistoryOperation> operations, Span<int> kinds)
    {
        var specification = new ValueSpecification(_initial);
        for (var i = 0; i < operations.Length; i++)
        {
            if (!_commands.Contains(operations[i].Command.GetType()))
            {
                throw Unknown(operations[i]);
            }

            kinds[i] = KindOf(operations[i], specification);
        }

        return specification;
    }

    public override string Describe(HistoryOperation operation) => ObjectText.Of(operation);

    private int KindOf(HistoryOperation operation, ValueSpecification specification) =>
        (operation.Command, operation.Outcome == Outcome.Ok ? operation.Reply : null) switch
        {
            (ObjectCommand.Read, ObjectReply.Value read) => specification.Read(read.Text),
            (ObjectCommand.Read, null) => Specification.None,
            (ObjectCommand.Write write, null or ObjectReply.Done) => specification.Write(write.Value),
            (ObjectCommand.Delete, null or ObjectReply.Done) => specification.Write(_initial),
            (ObjectCommand.Append append, null or ObjectReply.Done) => specification.Append(append.Value),
            (ObjectCommand.CompareAndSet cas, ObjectReply.Swapped(false)) => specification.Differs(cas.Expected),
            (ObjectCommand.CompareAndSet cas, null or ObjectReply.Done or ObjectReply.Swapped) =>
                specification.Swap(cas.Expected, cas.Value),
            _ => throw Unknown(operation),
        };
}

/// <summary>One value. States are texts of a pool.</summary>
internal sealed class ValueSpecification(string? initial) : Specification
{
    private readonly TextPool _texts = new();
    private readonly List<(Does Does, int Text, int Other)> _kinds = [];
    private readonly Dictionary<(Does Does, int Text, int Other), int> _numbers = [];
    private bool _grows;

    private enum Does
    {
        Read,
        Write,
        Append,
        Swap,
        Differs,
    }

    public override int Initial => _texts.Of(initial);

    public override bool HasForesight => true;

    public int Read(string? value) => Number(Does.Read, value);

    public int Write(string? value) => Number(Does.Write, value);

    /// <summary>A comparison that set the value.</summary>
    public int Swap(string? expected, string? value) => Number(Does.Swap, expected, value);

    /// <summary>A comparison that found another value.</summary>
    public int Differs(string? expected) => Number(Does.Differs, expected);

    public int Append(string tail)
    {
        _grows = true;
        return Number(Does.Append, tail);
    }

    public override int Step(int state, int kind)
    {
        var (does, text, other) = _kinds[kind];
        return does switch
        {
            Does.Read => state == text ? state : None,
            Does.Write => text,
            Does.Append => _texts.Append(state, text),
            Does.Swap => state == text ? other : None,
            _ => state != text ? state : None,
        };
    }

    public override bool Observes(int kind)
    {
        var (does, text, other) = _kinds[kind];
        return does is Does.Read or Does.Differs || (does == Does.Swap && text == other);
    }

    public override bool Demands(int kind) => _kinds[kind].Does is Does.Read or Does.Swap or Does.Differs;

    public override int Overwrites(int kind) => _kinds[kind] switch
    {
        (Does.Write, var text, _) => text,
        (Does.Swap, _, var other) => other,
        _ => None,
    };

    public override bool Leads(int state, int kind)
    {
        var (does, text, _) = _kinds[kind];
        return does switch
        {
            Does.Read or Does.Swap => state == text || (_grows && (state == TextPool.Null || _texts.StartsWith(text, state))),
            Does.Differs => _grows || state != text,
            _ => true,
        };
    }

    public override bool Grows(int state, int kind, int goal) => _kinds[goal].Does is Does.Differs
        || _texts.HasAt(_kinds[goal].Text, state, _kinds[kind].Text);

    public override string Describe(int state) => state == TextPool.Null ? "nil" : _texts.ToString(state);

    private int Number(Does does, string? text, string? other = null)
    {
        var kind = (does, _texts.Of(text), does == Does.Swap ? _texts.Of(other) : 0);
        if (!_numbers.TryGetValue(kind, out var number))
        {
            _numbers[kind] = number = _kinds.Count;
            _kinds.Add(kind);
        }

        return number;
    }
}

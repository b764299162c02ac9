using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;

namespace ActorLab.Lab;

/// <summary>A real object, which generated histories are recorded from.</summary>
internal abstract class LiveObject
{
    /// <summary>By the name of a model.</summary>
    public static LiveObject Of(string model) => model switch
    {
        "register" or "cas-register" => new Values(null),
        "kv" => new Values(""),
        "kv-store" => new Store(),
        "mutex" => new Lock(),
        "queue" => new Queue(),
        _ => throw new ArgumentException($"There is no object for the model {model}."),
    };

    /// <summary>Does an operation and gives its reply; null, and nothing done, where the client has to wait.</summary>
    public abstract object? Apply(object command);

    public abstract LiveObject Copy();

    private sealed class Values(string? initial) : LiveObject
    {
        private Dictionary<string, string?> _values = [];

        public override object Apply(object command)
        {
            var asked = (ObjectCommand)command;
            var value = _values.GetValueOrDefault(asked.Key, initial);
            switch (asked)
            {
                case ObjectCommand.Read:
                    return new ObjectReply.Value(value);
                case ObjectCommand.Write write:
                    _values[asked.Key] = write.Value;
                    return ObjectReply.Ok;
                case ObjectCommand.Append append:
                    _values[asked.Key] = value + append.Value;
                    return ObjectReply.Ok;
                case ObjectCommand.Delete:
                    _values[asked.Key] = initial;
                    return ObjectReply.Ok;
                case ObjectCommand.CompareAndSet cas when value == cas.Expected:
                    _values[asked.Key] = cas.Value;
                    return new ObjectReply.Swapped(true);
                case ObjectCommand.CompareAndSet:
                    return new ObjectReply.Swapped(false);
                default:
                    throw new ArgumentException($"No value takes {command}.");
            }
        }

        public override LiveObject Copy() => new Values(initial) { _values = new Dictionary<string, string?>(_values) };
    }

    private sealed class Store : LiveObject
    {
        private KvState _state = KvState.Empty;

        public override object Apply(object command)
        {
            (_state, var reply) = KvStore.Instance.Apply(_state, (KvCommand)command);
            return reply;
        }

        public override LiveObject Copy() => new Store { _state = _state };
    }

    private sealed class Lock : LiveObject
    {
        private bool _held;

        public override object? Apply(object command)
        {
            if (command is ObjectCommand.Acquire == _held)
            {
                return null;
            }

            _held = !_held;
            return ObjectReply.Ok;
        }

        public override LiveObject Copy() => new Lock { _held = _held };
    }

    private sealed class Queue : LiveObject
    {
        private Queue<string?> _items = new();

        public override object Apply(object command)
        {
            if (command is ObjectCommand.Enqueue enqueue)
            {
                _items.Enqueue(enqueue.Value);
                return ObjectReply.Ok;
            }

            return _items.TryDequeue(out var item) ? new ObjectReply.Value(item) : new ObjectReply.Empty();
        }

        public override LiveObject Copy() => new Queue { _items = new Queue<string?>(_items) };
    }
}

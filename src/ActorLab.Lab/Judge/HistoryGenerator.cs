using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>What a generated history is like.</summary>
internal sealed record HistoryShape(string Model)
{
    public int Operations { get; init; } = 100;

    /// <summary>Each has one operation at a time.</summary>
    public int Clients { get; init; } = 5;

    public int Keys { get; init; } = 1;

    /// <summary>How many different values are written; 0 when each is written once.</summary>
    public int Values { get; init; }

    /// <summary>How many of the operations read.</summary>
    public double Reads { get; init; } = 0.5;

    /// <summary>Of the operations that do not read, how many simply write.</summary>
    public double Writes { get; init; } = 1;

    public double Unknown { get; init; }

    public double Failed { get; init; }
}

/// <summary>
/// Histories recorded from a real object, and therefore linearizable: each operation takes effect at one moment between
/// its invocation and its return; one of unknown outcome at any moment after its invocation, or never.
/// </summary>
internal sealed class HistoryGenerator
{
    private readonly HistoryShape _shape;
    private readonly RandomStream _random;
    private readonly LiveObject _object;
    private readonly HistoryBuilder _history = new();
    private readonly List<Pending> _lost = [];
    private readonly bool[] _holds;
    private long _now;
    private int _asked;

    private HistoryGenerator(long seed, HistoryShape shape)
    {
        (_shape, _random, _object) = (shape, RandomStream.Named(seed, "history"), LiveObject.Of(shape.Model));
        _holds = new bool[shape.Clients];
    }

    public static History Of(long seed, HistoryShape shape) => new HistoryGenerator(seed, shape).Run();

    /// <summary>
    /// The history with one answer exchanged for another of the same sort, or without one operation where there are no
    /// two such answers: it may or may not be linearizable.
    /// </summary>
    public static History Corrupt(long seed, History history)
    {
        var random = RandomStream.Named(seed, "corruptor");
        var operations = history.Operations;
        var answered = Enumerable.Range(0, operations.Count)
            .Where(i => operations[i] is { Outcome: Outcome.Ok, Reply: not ObjectReply.Done and not KvReply.Done }).ToList();
        if (operations.IsEmpty)
        {
            return history;
        }

        if (answered.Count == 0)
        {
            var lost = random.Next(operations.Count);
            return new History(operations.Take(lost).AddRange(operations.Skip(lost + 1)));
        }

        var place = random.Pick(answered);
        var alike = answered.Where(i => operations[i].Command.GetType() == operations[place].Command.GetType()).ToList();
        return new History(operations.SetItem(place, operations[place] with { Reply = operations[random.Pick(alike)].Reply }));
    }

    private History Run()
    {
        var clients = new Pending?[_shape.Clients];
        while (_asked < _shape.Operations || clients.Any(pending => pending is not null))
        {
            var client = _random.Next(clients.Length);
            clients[client] = Advance(client, clients[client]);
            if (_lost.Count > 0 && _random.Chance(0.1))
            {
                var late = _random.Next(_lost.Count);
                if (_object.Apply(_lost[late].Command) is not null)
                {
                    _lost.RemoveAt(late);
                }
            }

            if (_shape.Model == "mutex" && _asked >= _shape.Operations)
            {
                break; // Some may wait for ever.
            }
        }

        return _history.ToHistory();
    }

    /// <summary>A client asks, or the object answers, or the client hears.</summary>
    private Pending? Advance(int client, Pending? pending)
    {
        var address = new Address(new NodeId($"c{client + 1}"), "client");
        _now++;
        if (pending is null)
        {
            if (_asked == _shape.Operations)
            {
                return null;
            }

            pending = new Pending(++_asked, CommandOf(client));
            _history.Add(_now, address, new HistoryEvent.Invoked(pending.Number, pending.Command));
            return pending;
        }

        if (pending.Reply is null && _random.Chance(_shape.Unknown))
        {
            _lost.Add(pending);
            _history.Add(_now, address, new HistoryEvent.Completed(pending.Number, Outcome.Unknown, null, "lost"));
            return null;
        }

        if (pending.Reply is null && _random.Chance(_shape.Failed))
        {
            _history.Add(_now, address, new HistoryEvent.Completed(pending.Number, Outcome.Failed, null, "refused"));
            return null;
        }

        if (pending.Reply is null)
        {
            return pending with { Reply = _object.Apply(pending.Command) };
        }

        _holds[client] = pending.Command is ObjectCommand.Acquire;
        _history.Add(_now, address, new HistoryEvent.Completed(pending.Number, Outcome.Ok, pending.Reply, ""));
        return null;
    }

    private object CommandOf(int client)
    {
        var key = _shape.Keys == 1 && _shape.Model is not ("kv" or "kv-store") ? "" : $"k{_random.Next(_shape.Keys)}";
        var reads = _random.Chance(_shape.Reads);
        return _shape.Model switch
        {
            "mutex" => _holds[client] ? new ObjectCommand.Release() : new ObjectCommand.Acquire(),
            "queue" => reads ? new ObjectCommand.Dequeue { Key = key } : new ObjectCommand.Enqueue(Value()) { Key = key },
            "kv-store" => reads ? new KvCommand.Get(key) : StoreCommand(key),
            _ => reads ? new ObjectCommand.Read { Key = key } : ValueCommand(key),
        };
    }

    private ObjectCommand ValueCommand(string key)
    {
        if (_random.Chance(_shape.Writes) || _shape.Model == "register")
        {
            return new ObjectCommand.Write(Value()) { Key = key };
        }

        return (_shape.Model == "kv" ? _random.Next(4) : 0) switch
        {
            0 => new ObjectCommand.CompareAndSet(Recent(), Value()) { Key = key },
            1 => new ObjectCommand.Delete { Key = key },
            _ => new ObjectCommand.Append(Value()) { Key = key },
        };
    }

    private KvCommand StoreCommand(string key) => _random.Chance(_shape.Writes) ? new KvCommand.Put(key, Value()) : _random.Next(4) switch
    {
        0 => new KvCommand.CompareAndSet(key, _random.Chance(0.2) ? null : Recent(), Value()),
        1 => new KvCommand.Delete(key),
        _ => new KvCommand.Append(key, Value()),
    };

    private string Value() => _shape.Values == 0 ? $"{_asked}" : $"{_random.Next(_shape.Values)}";

    private string Recent() => _shape.Values == 0 ? $"{Math.Max(1, _asked - 1 - _random.Next(_shape.Clients))}" : Value();

    private sealed record Pending(int Number, object Command)
    {
        /// <summary>What the object answered, which the client has not heard yet.</summary>
        public object? Reply { get; init; }
    }
}

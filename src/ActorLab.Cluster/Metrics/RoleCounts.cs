using System.Collections.Concurrent;

namespace ActorLab.Cluster;

/// <summary>
/// What a role did since its process began, over its crashes and boots. Its own actor counts, others may read at any time:
/// to count costs an addition, and nothing where nobody reads.
/// </summary>
internal sealed class RoleCounts
{
    private readonly ConcurrentDictionary<Type, Count> _sent = new();
    private readonly ConcurrentDictionary<Type, Count> _received = new();
    private readonly ConcurrentDictionary<string, Count> _changes = new(StringComparer.Ordinal);
    private readonly Count _boots = new();
    private readonly Count _messages = new();
    private readonly Count _operations = new();
    private readonly Count _timers = new();

    /// <summary>Turns by what started them.</summary>
    public IEnumerable<(string Input, long Count)> Turns =>
        [("boot", _boots.Value), ("message", _messages.Value), ("operation", _operations.Value), ("timer", _timers.Value)];

    /// <summary>Messages that left, by type.</summary>
    public IEnumerable<(string Type, long Count)> Sent => Read(_sent);

    /// <summary>Messages that came, by type, operations of users among them.</summary>
    public IEnumerable<(string Type, long Count)> Received => Read(_received);

    /// <summary>How often it became what: see <see cref="ScenarioEntry.Becomes"/>.</summary>
    public IEnumerable<(string To, long Count)> Changes => _changes.Select(change => (change.Key, change.Value.Value));

    public void Turn(Input input)
    {
        switch (input)
        {
            case Input.Deliver deliver:
                (deliver.Sender == Address.Outside ? _operations : _messages).Add();
                Of(_received, deliver.Message.GetType()).Add();
                break;
            case Input.Expire:
                _timers.Add();
                break;
            default:
                _boots.Add();
                break;
        }
    }

    public void Send(object message) => Of(_sent, message.GetType()).Add();

    public void Become(string what) => _changes.GetOrAdd(what, _ => new Count()).Add();

    private static Count Of(ConcurrentDictionary<Type, Count> counts, Type type) => counts.GetOrAdd(type, static _ => new Count());

    private static IEnumerable<(string Type, long Count)> Read(ConcurrentDictionary<Type, Count> counts) =>
        counts.Select(count => (count.Key.Name, count.Value.Value));

    /// <summary>One writer, any readers.</summary>
    private sealed class Count
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Volatile.Write(ref _value, _value + 1);
    }
}

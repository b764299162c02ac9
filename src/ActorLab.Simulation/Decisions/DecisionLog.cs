using System.Buffers;
using System.Runtime.InteropServices;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Writes down what a run decides.</summary>
internal sealed class DecisionLog
{
    private readonly List<DecidedOperation> _operations = [];
    private readonly List<DecidedClock> _clocks = [];
    private readonly List<ScriptedFault> _faults = [];
    private readonly List<DecidedMessage> _messages = [];
    private readonly SortedDictionary<string, List<long>> _draws = new(StringComparer.Ordinal);

    public Moments Moments { get; } = new();

    public void Operation(long at, RoleSlot target, object message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        target.Binding.WriteMessage(bytes, message);
        _operations.Add(new DecidedOperation(
            Durations.FromMicros(at), target.Address, bytes.WrittenSpan.ToArray(), Canonical.Text(message)));
    }

    public void Clock(NodeId node, long offset)
    {
        if (offset != 0)
        {
            _clocks.Add(new DecidedClock(node, offset));
        }
    }

    public void Fault(long at, FaultAction action) => _faults.Add(new ScriptedFault(Durations.FromMicros(at), action));

    public void Message(long at, RoleSlot from, RoleSlot to, long number, long delay, long? again, bool overtakes)
    {
        _messages.Add(new DecidedMessage(from.Address, to.Address, number, delay, again, overtakes));
        Moments.AddMessage(from.Address, to.Address, at);
    }

    public void Lost(long at, RoleSlot from, RoleSlot to) => Moments.AddLost(from.Address, to.Address, at);

    public void Draw(long at, string name, long value)
    {
        Moments.AddDraw(name, at, value);
        if (!_draws.TryGetValue(name, out var values))
        {
            _draws.Add(name, values = []);
        }

        values.Add(value);
    }

    public Decisions ToDecisions() => new()
    {
        Operations = _operations.ToSeq(),
        Clocks = _clocks.ToSeq(),
        Faults = _faults.ToSeq(),
        Messages = _messages.ToSeq(),
        Draws = _draws.Select(pair => new DecidedDraws(pair.Key, Seq.Of(CollectionsMarshal.AsSpan(pair.Value)))).ToSeq(),
    };
}

using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Decisions, by what they decide.</summary>
internal sealed class DecidedRun
{
    private readonly Dictionary<(Address From, Address To, long Number), DecidedMessage> _messages;
    private readonly Dictionary<string, Seq<long>> _draws;
    private readonly Dictionary<NodeId, long> _clocks;
    private readonly long _seed;

    /// <exception cref="ArgumentException">Two decisions are about the same thing.</exception>
    public DecidedRun(Decisions decisions, long seed, LooseReplay? loose = null)
    {
        (Decisions, _seed, Loose) = (decisions, seed, loose);
        _messages = decisions.Messages.ToDictionary(message => (message.From, message.To, message.Number));
        _draws = decisions.Draws.ToDictionary(draws => draws.Of, draws => draws.Values);
        _clocks = decisions.Clocks.ToDictionary(clock => clock.Node, clock => clock.Offset);
    }

    public Decisions Decisions { get; }

    /// <summary>Messages and draws are decided by it instead, where there is one.</summary>
    public LooseReplay? Loose { get; }

    /// <summary>How far a clock is off at first.</summary>
    public long ClockOf(NodeId node) => _clocks.GetValueOrDefault(node);

    /// <summary>What becomes of a message; null where it is lost.</summary>
    public DecidedMessage? FateOf(RoleSlot from, RoleSlot to, long number) =>
        _messages.GetValueOrDefault((from.Address, to.Address, number));

    /// <summary>
    /// The draw of this name and number. One that is missing, or out of range because the run took another way, is a
    /// function of seed, name and number: the same in every replay, whatever else was removed.
    /// </summary>
    public long Draw(string name, int number, Wait range) =>
        _draws.TryGetValue(name, out var values) && number < values.Count && IsIn(range, values[number])
            ? values[number]
            : Otherwise(name, number, range);

    /// <summary>The draw of this name at this moment, for a run that is taken again by its moments.</summary>
    public long DrawAt(string name, long at, int nth, Wait range) =>
        Loose!.Moments.DrawAt(name, at, nth) is { } value && IsIn(range, value) ? value : Otherwise(name, at + nth, range);

    private static bool IsIn(Wait range, long value) => value >= range.Least && value <= range.Most;

    private long Otherwise(string name, long number, Wait range)
    {
        var bits = new SplitMix64(new SplitMix64((ulong)_seed ^ StableHash.Of(name)).Next() + (ulong)number).Next();
        return range.Least + (long)(bits % ((ulong)(range.Most - range.Least) + 1));
    }
}

using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// When each thing of a run was decided. A run that takes decisions by their moments, rather than by their numbers, stays close
/// to the recorded one where something is left out: what happens at the same time as before is decided as before, however much
/// was sent or drawn until then.
/// </summary>
internal sealed class Moments
{
    private const int Lost = -1;

    private readonly Dictionary<(Address From, Address To, long At, int Nth), int> _messages = [];
    private readonly Dictionary<(string Name, long At, int Nth), long> _draws = [];
    private readonly List<long> _sent = [];

    /// <summary>When each of the messages that arrive was sent, by their places among the decisions.</summary>
    public IReadOnlyList<long> Sent => _sent;

    public void AddMessage(Address from, Address to, long at)
    {
        Add(from, to, at, _sent.Count);
        _sent.Add(at);
    }

    public void AddLost(Address from, Address to, long at) => Add(from, to, at, Lost);

    public void AddDraw(string name, long at, long value)
    {
        var nth = 0;
        while (!_draws.TryAdd((name, at, nth), value))
        {
            nth++;
        }
    }

    /// <summary>The place of a message among the decisions; negative where it was lost, null where none was sent then.</summary>
    public int? MessageAt(Address from, Address to, long at, int nth) =>
        _messages.TryGetValue((from, to, at, nth), out var index) ? index : null;

    public long? DrawAt(string name, long at, int nth) => _draws.TryGetValue((name, at, nth), out var value) ? value : null;

    private void Add(Address from, Address to, long at, int index)
    {
        var nth = 0;
        while (!_messages.TryAdd((from, to, at, nth), index))
        {
            nth++;
        }
    }
}

/// <summary>A recorded run, to be taken again by its moments with some of its messages left out.</summary>
/// <param name="Moments">When what was decided.</param>
/// <param name="Messages">What became of the messages that arrive.</param>
/// <param name="Removed">The places of those that are lost now.</param>
/// <param name="Once">The places of those that arrive once now.</param>
internal sealed record LooseReplay(Moments Moments, Seq<DecidedMessage> Messages, HashSet<int> Removed, HashSet<int> Once)
{
    /// <summary>What becomes of a message: null where that is not known, and a delay below 0 where it is lost.</summary>
    public DecidedMessage? FateAt(Address from, Address to, long at, int nth)
    {
        if (Moments.MessageAt(from, to, at, nth) is not { } index)
        {
            return null;
        }

        return index < 0 || Removed.Contains(index) ? new DecidedMessage(from, to, 0, -1)
            : Once.Contains(index) ? Messages[index] with { Again = null }
            : Messages[index];
    }
}

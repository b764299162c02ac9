using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Worlds that are the same modulo numbers that grow for ever.</content>
internal sealed partial class RoleSpace
{
    private readonly List<int> _leastOfState = [];
    private readonly List<int> _leastOfMessage = [];
    private readonly List<int> _leastOfObserved = [];
    private readonly LongMap _shiftedStates = new();
    private readonly LongMap _shiftedEnvelopes = new();
    private readonly LongMap _shiftedObserved = new();

    /// <inheritdoc />
    public override bool HasNormalForm => _scenario.Normalisation is not null;

    /// <inheritdoc />
    public override bool Normalise(ReadOnlySpan<int> world, Span<int> normal, bool learn)
    {
        world.CopyTo(normal);
        var least = LeastOf(world, learn);
        return least is not int.MinValue && (least is 0 or int.MaxValue || Shift(world, normal, least, learn));
    }

    /// <inheritdoc />
    public override bool HasFallen(ReadOnlySpan<int> world) => LeastOf(world, learn: true) < 0;

    /// <summary>The least number in a world: MaxValue if it has none, MinValue if that is to be learned.</summary>
    private int LeastOf(ReadOnlySpan<int> world, bool learn)
    {
        var least = int.MaxValue;
        for (var place = 0; place < _layout.Places; place++)
        {
            least = Math.Min(least, LeastOf(_leastOfState, Layout.StateOf(world[place]), _turns.States, learn));
        }

        for (var i = 0; i < _scenario.Observers.Count; i++)
        {
            least = Math.Min(least, LeastOf(_leastOfObserved, world[_layout.Observers + i], _memory.Observed, learn));
        }

        for (var i = _layout.Network; i < world.Length; i++)
        {
            var message = _turns.Envelopes[world[i]].Message;
            least = Math.Min(least, LeastOf(_leastOfMessage, message, _turns.Messages, learn));
        }

        return least;
    }

    /// <inheritdoc />
    public override bool IsNumbered(int label, Fairness demand)
    {
        var step = LabelOf(label);
        return _scenario.Normalisation is { } numbers && step is { Kind: not StepKind.Operation, Detail: Input.Deliver deliver }
            && numbers.Least(deliver.Message) is not null
            && !Equals(
                demand.ActionOf(step), demand.ActionOf(step with { Detail = deliver with { Message = numbers.Shift(deliver.Message, -1) } }));
    }

    private bool Shift(ReadOnlySpan<int> world, Span<int> normal, int by, bool learn)
    {
        var known = true;
        for (var place = 0; place < _layout.Places; place++)
        {
            var state = Shifted(_shiftedStates, Layout.StateOf(world[place]), by, _turns.States, learn);
            known &= state >= 0;
            normal[place] = Layout.IsUp(world[place]) ? state : ~state;
        }

        for (var i = 0; i < _scenario.Observers.Count; i++)
        {
            var slot = _layout.Observers + i;
            normal[slot] = Shifted(_shiftedObserved, world[slot], by, _memory.Observed, learn);
            known &= normal[slot] >= 0;
        }

        if (world[_layout.LastDelivered] > 0)
        {
            normal[_layout.LastDelivered] = ShiftedEnvelope(world[_layout.LastDelivered] - 1, by, learn) + 1;
            known &= normal[_layout.LastDelivered] > 0;
        }

        for (var i = _layout.Network; i < world.Length && known; i++)
        {
            normal[i] = ShiftedEnvelope(world[i], by, learn);
            known &= normal[i] >= 0;
        }

        if (known)
        {
            SortTail(normal[_layout.Network..]);
        }

        return known;
    }

    /// <summary>The least number in a value: MaxValue if it has none, MinValue if that is to be learned.</summary>
    private int LeastOf(List<int> known, int number, Interner<object> values, bool learn)
    {
        while (learn && known.Count <= number)
        {
            known.Add(_scenario.Normalisation!.Least(values[known.Count]) ?? int.MaxValue);
        }

        return number < known.Count ? known[number] : int.MinValue;
    }

    private int Shifted(LongMap known, int number, int by, Interner<object> values, bool learn)
    {
        var key = LongMap.Key(number, by);
        var shifted = known[key];
        if (shifted < 0 && learn)
        {
            shifted = values.Of(_scenario.Normalisation!.Shift(values[number], by));
            known.Add(key, shifted);
        }

        return shifted;
    }

    private int ShiftedEnvelope(int number, int by, bool learn)
    {
        var key = LongMap.Key(number, by);
        var shifted = _shiftedEnvelopes[key];
        if (shifted < 0 && learn)
        {
            var envelope = _turns.Envelopes[number];
            var message = _scenario.Normalisation!.Shift(_turns.Messages[envelope.Message], by);
            shifted = _turns.Envelopes.Of(envelope with { Message = _turns.Messages.Of(message) });
            _shiftedEnvelopes.Add(key, shifted);
        }

        return shifted;
    }
}

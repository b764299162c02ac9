using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Steps as people read them.</content>
internal sealed partial class RoleSpace
{
    /// <inheritdoc />
    public override StepLabel LabelOf(int label)
    {
        var kind = (StepKind)(label % Kinds);
        var subject = label / Kinds;
        switch (kind)
        {
            case StepKind.Boot:
                return new StepLabel(kind, "", "boot");
            case StepKind.Crash or StepKind.Restart:
                var node = _layout.Nodes[subject].ToString();
                return new StepLabel(kind, node, kind == StepKind.Crash ? "crash" : "restart");
            case StepKind.Expire:
                var (place, timer) = _turns.Timers[subject];
                return new StepLabel(kind, _turns.AddressOf(place).ToString(), timer.Name, new Input.Expire(timer));
            default:
                var envelope = _turns.Envelopes[subject];
                var input = _turns.InputOf(envelope);
                return new StepLabel(kind, _turns.AddressOf(envelope.To).ToString(), input.Message.GetType().Name, input);
        }
    }

    /// <inheritdoc />
    public override Seq<StoryStep> TellStart(int detail, ReadOnlySpan<int> start) => Seq.ToSeq(
        Pick([.. Enumerable.Range(0, _layout.Places).Select(_turns.FirstBoot)], detail).Select(boot => Tell(StepKind.Boot, boot)));

    /// <inheritdoc />
    public override StoryStep Tell(int label, int detail, ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var kind = (StepKind)(label % Kinds);
        var subject = label / Kinds;
        switch (kind)
        {
            case StepKind.Operation or StepKind.Deliver or StepKind.Expire:
                return Tell(kind, _turns[detail]);
            case StepKind.Crash:
                return new StoryStep(kind, FirstOn(subject), null, null, null, []);
            case StepKind.Restart:
                var ways = Reboots(subject, before, learn: true)!;
                var whole = Combinations(ways);
                var boots = detail < whole
                    ? Pick(ways, detail)
                    : Pick(WithTorn(subject, ways, before, learn: true)!, detail - whole);
                return new StoryStep(kind, FirstOn(subject), null, null, null, [])
                {
                    Boots = Seq.ToSeq(boots.Select(boot => Tell(StepKind.Boot, boot))),
                };
            default:
                var envelope = _turns.Envelopes[subject];
                return new StoryStep(kind, _turns.AddressOf(envelope.To), _turns.InputOf(envelope), null, null, []);
        }
    }

    private StoryStep Tell(StepKind kind, Outcome outcome) => new(
        kind,
        _turns.AddressOf(outcome.Place),
        outcome.Input,
        outcome.Before < 0 ? null : _turns.States[outcome.Before],
        outcome.Error is null ? _turns.States[outcome.After] : null,
        Seq.ToSeq(outcome.Effects),
        outcome.Torn,
        outcome.Error)
    {
        Counts = outcome.Counts,
    };

    private Address FirstOn(int node) => _turns.AddressOf(_layout.PlacesOf[node][0]);
}

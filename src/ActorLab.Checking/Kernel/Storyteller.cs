using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>Turns ordinals back into a story, by taking the same steps again.</summary>
internal sealed class Storyteller(Layout layout, Turns turns, Expansion expansion)
{
    /// <param name="path">The ordinal of the start, then those of the steps.</param>
    public Story Tell(IReadOnlyList<int> path)
    {
        var boots = Seq<StoryStep>.Empty;
        var steps = Seq<StoryStep>.Empty;
        int[] world = [];
        for (var i = 0; i < path.Count; i++)
        {
            var (transition, next) = Pick(i == 0 ? null : world, path[i]);
            if (i == 0)
            {
                boots = Seq.ToSeq(transition.Boots!.Select(boot => TellOf(StepKind.Boot, boot)));
            }
            else
            {
                steps = steps.Add(TellOf(transition));
            }

            world = next;
        }

        return new Story(boots, steps);
    }

    private (Transition Transition, int[] Next) Pick(int[]? world, int ordinal)
    {
        (Transition, int[])? picked = null;
        bool Visit(in Transition transition, ReadOnlySpan<int> next)
        {
            if (ordinal-- > 0)
            {
                return true;
            }

            picked = (transition, next.ToArray());
            return false;
        }

        if (world is null)
        {
            expansion.Starts(Visit);
        }
        else
        {
            expansion.Steps(world, Visit);
        }

        return picked ?? throw new InvalidOperationException(
            "A step could not be taken again: a role is not deterministic, it must give the same turn for the same input.");
    }

    private StoryStep TellOf(Transition transition) => transition switch
    {
        { Turn: { } turn } => TellOf(transition.Kind, turn),
        { Kind: StepKind.Crash } => new StoryStep(StepKind.Crash, FirstOn(transition.Subject), null, null, null, []),
        { Boots: { } boots } => new StoryStep(StepKind.Restart, FirstOn(transition.Subject), null, null, null, [])
        {
            Boots = Seq.ToSeq(boots.Select(boot => TellOf(StepKind.Boot, boot))),
        },
        _ => new StoryStep(
            transition.Kind, turns.AddressOf(turns.Envelopes[transition.Subject].To),
            turns.InputOf(turns.Envelopes[transition.Subject]), null, null, []),
    };

    private StoryStep TellOf(StepKind kind, Outcome outcome) => new(
        kind,
        turns.AddressOf(outcome.Place),
        outcome.Input,
        outcome.Before < 0 ? null : turns.States[outcome.Before],
        outcome.Error is null ? turns.States[outcome.After] : null,
        Seq.ToSeq(outcome.Effects),
        outcome.Torn,
        outcome.Error);

    private Address FirstOn(int node) => turns.AddressOf(layout.PlacesOf[node][0]);
}

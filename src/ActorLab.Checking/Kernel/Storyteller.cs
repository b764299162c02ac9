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
                boots = TellOf(transition);
            }
            else
            {
                steps = steps.AddRange(TellOf(transition));
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

    private Seq<StoryStep> TellOf(Transition transition) => transition.Kind switch
    {
        StepKind.Crash => [new StoryStep(StepKind.Crash, FirstOn(transition.Subject), null, null, null, [])],
        StepKind.Drop or StepKind.Duplicate or StepKind.Lost =>
        [
            new StoryStep(
                transition.Kind, turns.AddressOf(turns.Envelopes[transition.Subject].To),
                turns.InputOf(turns.Envelopes[transition.Subject]), null, null, []),
        ],
        _ => Seq.ToSeq(transition.Outcomes.Select(outcome => new StoryStep(
            transition.Kind,
            turns.AddressOf(outcome.Place),
            outcome.Input,
            outcome.Before < 0 ? null : turns.States[outcome.Before],
            outcome.Error is null ? turns.States[outcome.After] : null,
            Seq.ToSeq(outcome.Effects),
            outcome.Torn,
            outcome.Error))),
    };

    private Address FirstOn(int node) => turns.AddressOf(layout.PlacesOf[node][0]);
}

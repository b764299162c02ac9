using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>A step from one world to the next, in numbers.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Subject">The envelope of a message's step, the node of a crash or restart, else unused.</param>
/// <param name="Turn">The turn taken; null where there is none.</param>
/// <param name="Boots">At a start or restart, the turns of all roles that boot; null else.</param>
internal readonly record struct Transition(StepKind Kind, int Subject, Outcome? Turn = null, Outcome[]? Boots = null)
{
    /// <summary>The first turn that threw; null where none did.</summary>
    public Outcome? Failed =>
        Turn?.Error is not null ? Turn : Boots is null ? null : Array.Find(Boots, outcome => outcome.Error is not null);
}

/// <summary>Takes the steps out of a world, in their fixed order.</summary>
/// <param name="transition">The step.</param>
/// <param name="next">Where it leads, valid until the call returns; empty when a turn failed.</param>
/// <returns>Whether to go on.</returns>
internal delegate bool StepVisitor(in Transition transition, ReadOnlySpan<int> next);

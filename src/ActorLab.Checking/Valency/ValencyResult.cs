using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Worlds with the same valency.</summary>
/// <param name="Name">Such as <c>bivalent</c>, <c>0-valent</c>, <c>none</c>.</param>
/// <param name="Decisions">The decisions that they can still reach, those already made included; canonical texts.</param>
/// <param name="Count">How many worlds.</param>
public sealed record ValencyClass(string Name, Seq<string> Decisions, long Count);

/// <summary>Two starts that differ in the state of one process, and in which no decision of one is one of the other.</summary>
/// <param name="Differs">The process.</param>
/// <param name="OneValency">Of the first.</param>
/// <param name="One">The first, a story without steps.</param>
/// <param name="OtherValency">Of the second.</param>
/// <param name="Other">The second, a story without steps.</param>
public sealed record AdjacentStarts(Address Differs, string OneValency, Story One, string OtherValency, Story Other);

/// <summary>
/// Lemma 2 of Fischer, Lynch and Paterson: a protocol that is correct in spite of one fault has a bivalent initial world.
/// </summary>
/// <param name="Bivalent">The first such start, a story without steps; null if there is none.</param>
/// <param name="Adjacent">Where none is bivalent, the two that the proof looks at; null if there are none.</param>
public sealed record Lemma2(Story? Bivalent, AdjacentStarts? Adjacent);

/// <summary>A bivalent world that is reached from another one with an event last.</summary>
/// <param name="Event">The event.</param>
/// <param name="Story">From a start to the first, and on to the second.</param>
/// <param name="From">After how many steps the first is reached.</param>
public sealed record LastEvent(string Event, Story Story, int From);

/// <summary>A bivalent world and an event after which, whatever happens before, nothing is bivalent any more.</summary>
/// <param name="Event">The event.</param>
/// <param name="Story">From a start to the world, and on to one of the two neighbours of the proof.</param>
/// <param name="From">After how many steps the world is reached.</param>
/// <param name="Neighbour">The step between the neighbours.</param>
/// <param name="OneValency">Of the world that the event leads to from the first neighbour.</param>
/// <param name="OtherValency">Of that from the second, one <paramref name="Neighbour"/> further.</param>
/// <param name="SameProcess">Whether event and step are of one process: case 2 of the proof.</param>
public sealed record LastEventMissing(
    string Event, Story Story, int From, string Neighbour, string OneValency, string OtherValency, bool SameProcess);

/// <summary>
/// Lemma 3: from a bivalent world, with an event that is applicable there, a bivalent world is reached with that event last.
/// An event that its receiver came to ignore is applied where that happened, for it changes nothing.
/// </summary>
/// <param name="Pairs">Bivalent worlds, each with each event applicable there.</param>
/// <param name="Found">Of them, those with such a world.</param>
/// <param name="Unknown">Those without one as far as explored: a constraint or a shift of numbers hides the rest.</param>
/// <param name="Example">The nearest for which the event itself would end bivalence, so that others must go first.</param>
/// <param name="Missing">The nearest for which there is none; null if there is always one.</param>
public sealed record Lemma3(long Pairs, long Found, long Unknown, LastEvent? Example, LastEventMissing? Missing)
{
    public long None => Pairs - Found - Unknown;
}

/// <summary>The choices that lead out of a run that never decides.</summary>
/// <param name="Worlds">From how many worlds of the cycle the same events, with other outcomes of choices, end bivalence.</param>
/// <param name="Story">From a start into the cycle, and out of it.</param>
/// <param name="From">After how many steps it leaves the cycle.</param>
/// <param name="Valency">Of the world where it ends.</param>
public sealed record WayOut(int Worlds, Story Story, int From, string Valency);

/// <summary>A fair run that never decides.</summary>
/// <param name="Story">The lasso.</param>
/// <param name="Cycle">The valencies of the worlds of its cycle.</param>
/// <param name="WayOut">Null where no choice leads out.</param>
public sealed record UndecidedRun(Story Story, Seq<ValencyClass> Cycle, WayOut? WayOut);

/// <summary>What decisions the worlds of a consensus scenario can still reach.</summary>
/// <param name="Distinct">Different worlds within the constraint.</param>
/// <param name="Generated">Starts and steps taken.</param>
/// <param name="Depth">Steps from a start to the furthest world.</param>
/// <param name="Complete">Whether every reachable world was explored; if not, nothing else is known.</param>
/// <param name="Elapsed">Wall-clock time.</param>
public sealed record ValencyResult(long Distinct, long Generated, int Depth, bool Complete, TimeSpan Elapsed)
{
    /// <summary>Why the exploration is not complete; null if it is.</summary>
    public string? StoppedBecause { get; init; }

    /// <summary>Whether a step of a role failed, which stopped the exploration.</summary>
    public bool HasFailed { get; init; }

    /// <summary>All decisions that any world made, as canonical texts.</summary>
    public Seq<string> Decisions { get; init; }

    public Seq<ValencyClass> Worlds { get; init; }

    public Seq<ValencyClass> Starts { get; init; }

    /// <summary>
    /// Worlds with at most one decision from which a way leads out of the constraint: they may have more than is said here.
    /// </summary>
    public long Open { get; init; }

    /// <summary>Bivalent worlds in which an event has several outcomes, so that a choice is made.</summary>
    public long Choosing { get; init; }

    /// <summary>Of those, the worlds in which one of these outcomes alone ends bivalence.</summary>
    public long ChoosingOut { get; init; }

    public Lemma2? Lemma2 { get; init; }

    /// <summary>Null where the scenario has faults: the events of the lemma are turns.</summary>
    public Lemma3? Lemma3 { get; init; }

    /// <summary>Null if every fair run decides.</summary>
    public UndecidedRun? Undecided { get; init; }

    public Seq<string> Remarks { get; init; }
}

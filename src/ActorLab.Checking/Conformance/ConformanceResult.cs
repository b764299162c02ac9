using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Where a recording and the roles do not agree.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="What">What was recorded, and what came; a sentence without its beginning.</param>
public sealed record ConformanceDifference(TurnName Turn, string What)
{
    public override string ToString() => $"{Turn}: {What}";
}

/// <summary>What a recorded run says of one property.</summary>
/// <param name="Property">The property.</param>
/// <param name="Kind">
/// Holds or Violated for an Always, Reached or NeverReached for a Sometimes; Undecided where nothing could be judged, Skipped
/// for a Temporal: a run that ended says nothing of what happens for ever.
/// </param>
/// <param name="Turn">The first turn after which it was violated or reached.</param>
/// <param name="Error">What the property itself threw there.</param>
public sealed record RecordedVerdict(Property Property, VerdictKind Kind, TurnName? Turn, string? Error);

/// <summary>What came of a replay of recordings.</summary>
/// <param name="Turns">Turns that came out the same.</param>
/// <param name="Lost">Of these, turns that no disk kept and nobody saw: a crash took them.</param>
/// <param name="Difference">The first that did not; null where all did.</param>
/// <param name="Failure">The first turn that threw, as recorded; null if there is none.</param>
/// <param name="Verdicts">One for each property, judged after every turn up to the difference.</param>
/// <param name="History">What the clients asked and were answered.</param>
/// <param name="Remarks">What a reader must know, in sentences.</param>
public sealed record ConformanceResult(
    long Turns, long Lost, ConformanceDifference? Difference, ConformanceDifference? Failure, Seq<RecordedVerdict> Verdicts,
    History History, Seq<string> Remarks)
{
    /// <summary>
    /// Of the turns that came out the same, those at the end of a recording that stopped before it said whether a disk kept them:
    /// they are left out, too.
    /// </summary>
    public long Open { get; init; }

    /// <summary>All events in one order, with causes and what each turn changed; empty unless asked for.</summary>
    public Seq<PictureEvent> Events { get; init; }

    /// <summary>Of a run whose events were asked for the first property that was violated.</summary>
    public PictureViolation? Violated { get; init; }

    /// <summary>The first property that was violated; null where none was.</summary>
    public RecordedVerdict? Violation => Verdicts.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Violated);

    /// <summary>All turns came out the same, none threw, and no property was violated.</summary>
    public bool Passed => Difference is null && Failure is null && Violation is null;
}

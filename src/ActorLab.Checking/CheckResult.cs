using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>What an exploration says of one property.</summary>
public enum VerdictKind
{
    /// <summary>An Always that holds in every reachable world, or a Temporal that holds of every fair behaviour.</summary>
    Holds,

    /// <summary>An Always that some reachable world breaks, or a Temporal that some fair behaviour breaks.</summary>
    Violated,

    /// <summary>A Sometimes that some reachable world shows.</summary>
    Reached,

    /// <summary>A Sometimes that no reachable world shows: the exploration was complete.</summary>
    NeverReached,

    /// <summary>The exploration stopped before it could tell.</summary>
    Undecided,

    /// <summary>It was not asked for.</summary>
    Skipped,
}

/// <summary>What came of one property.</summary>
/// <param name="Property">The property.</param>
/// <param name="Kind">What is known.</param>
/// <param name="Story">A shortest way to the world that breaks or shows it; null for other verdicts.</param>
/// <param name="Error">What the property itself threw there; null as a rule.</param>
public sealed record Verdict(Property Property, VerdictKind Kind, Story? Story, string? Error);

/// <summary>A step that threw: a broken <see cref="Invariant"/>, or a mistake of the role or model.</summary>
/// <param name="Where">The address or process that took it.</param>
/// <param name="Message">What it threw, in a sentence.</param>
/// <param name="Story">A shortest way there, the step that failed last; null where no single step is to blame.</param>
public sealed record Failure(string Where, string Message, Story? Story);

/// <summary>What an exploration found.</summary>
/// <param name="Distinct">Different worlds within the constraint, the starts included.</param>
/// <param name="Generated">Starts and steps taken, to known worlds and to worlds outside the constraint included.</param>
/// <param name="Depth">Steps from a start to the furthest world, by the shortest way.</param>
/// <param name="Complete">Whether every reachable world within the constraint was explored.</param>
/// <param name="Elapsed">Wall-clock time of the exploration.</param>
/// <param name="Turns">How often code of a role or model was really called; all other steps came from memory.</param>
/// <param name="Verdicts">One for each property, in the order of the scenario.</param>
/// <param name="Failure">The first step that threw, or a role that is not deterministic; null if there is none.</param>
/// <param name="StoppedBecause">Why the exploration is not complete; null if it is.</param>
public sealed record CheckResult(
    long Distinct, long Generated, int Depth, bool Complete, TimeSpan Elapsed, int Turns,
    Seq<Verdict> Verdicts, Failure? Failure, string? StoppedBecause)
{
    /// <summary>What a reader of the verdicts must know: a constraint, a normalisation, a full memory. Sentences.</summary>
    public Seq<string> Remarks { get; init; }

    /// <summary>Wall-clock time that the temporal properties took after the exploration.</summary>
    public TimeSpan TemporalElapsed { get; init; }

    /// <summary>Whether it ended at the first violation, so that other properties may be undecided.</summary>
    public bool StoppedAtViolation { get; init; }

    /// <summary>Worlds that were found and not explored, where something stopped it.</summary>
    public long Waiting { get; init; }

    /// <summary>What the tables of worlds took in the end.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Everything asked for was explored, holds or is reached, and no step failed.</summary>
    public bool Passed => Complete && Failure is null && Verdicts.All(verdict =>
        verdict.Kind is VerdictKind.Holds or VerdictKind.Reached or VerdictKind.Skipped);

    /// <summary>The shortest way to what went wrong; null where nothing did.</summary>
    public Story? Counterexample =>
        Verdicts.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Violated)?.Story ?? Failure?.Story;

    /// <exception cref="KeyNotFoundException">There is no such property.</exception>
    public Verdict this[string property] => Verdicts.FirstOrDefault(verdict => verdict.Property.Name == property)
        ?? throw new KeyNotFoundException($"No property is called '{property}'.");
}

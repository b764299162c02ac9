using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Why a run ended.</summary>
public enum Ending
{
    TimeIsUp,
    TurnsAreUp,
    ConditionReached,

    /// <summary>What the scenario's properties take for granted was no longer true.</summary>
    OutsideAssumption,
    Violation,
}

/// <summary>What a run found about one property.</summary>
public enum Finding
{
    /// <summary>Always true, in this run.</summary>
    Held,
    Violated,

    /// <summary>True at some moment of this run.</summary>
    Reached,
    NotReached,

    /// <summary>
    /// Of what is judged when the time is up: the run ended before, has no quiet part, or the judge of its history came to no end.
    /// Or a form that a run cannot judge. Of all, where the run left the scenario's assumption.
    /// </summary>
    NotJudged,
}

/// <summary>What a run found about one property, by name.</summary>
public sealed record Verdict(string Property, Finding Finding);

/// <summary>A claim that a run broke.</summary>
/// <param name="Property">The property; for an exception in a role, its type.</param>
/// <param name="Reason">The claim, or the message of the exception.</param>
/// <param name="At">Virtual time.</param>
/// <param name="TraceIndex">The event after which it was broken.</param>
/// <param name="Where">The address whose turn broke it; null where it was no turn.</param>
/// <param name="Error">The exception, where there was one.</param>
public sealed record Violation(
    string Property, string Reason, TimeSpan At, long TraceIndex, Address? Where, Exception? Error = null)
{
    public override string ToString() =>
        $"{Property} broken at {At.TotalSeconds:0.000000} s{(Where is { } where ? $" by {where}" : "")}"
        + $" (event {TraceIndex}): {Reason}";
}

/// <summary>How much happened in a run.</summary>
public sealed class SimulationCounts
{
    /// <summary>Messages that roles sent.</summary>
    public long Sent { get; internal set; }

    public long Delivered { get; internal set; }

    /// <summary>Lost, cut, or for a node that was down.</summary>
    public long Dropped { get; internal set; }

    public long Duplicated { get; internal set; }

    /// <summary>Lost on the way: among the dropped ones, those that met no node that was down.</summary>
    public long Lost { get; internal set; }

    /// <summary>Thrown away because of their checksum; among the dropped ones.</summary>
    public long Corrupted { get; internal set; }

    public long Pauses { get; internal set; }

    /// <summary>Crashes that tore a record.</summary>
    public long TornRecords { get; internal set; }

    /// <summary>Acknowledged writes that disks lost.</summary>
    public long ForgottenWrites { get; internal set; }

    /// <summary>Nodes that stayed down because the checksum of their disk did not match.</summary>
    public long NeedRepair { get; internal set; }

    public long ClockChanges { get; internal set; }

    public long Syncs { get; internal set; }

    public long Crashes { get; internal set; }

    public long Partitions { get; internal set; }

    /// <summary>Operations of users that were handed in.</summary>
    public long Operations { get; internal set; }
}

/// <summary>What came of a run.</summary>
public sealed record SimulationResult
{
    public required string Scenario { get; init; }

    public required long Seed { get; init; }

    public required long Turns { get; init; }

    public required TimeSpan VirtualTime { get; init; }

    /// <summary>The same for the same build, scenario and options, in every process.</summary>
    public required UInt128 TraceHash { get; init; }

    /// <summary>All events; empty unless <see cref="SimulationOptions.Record"/> was on.</summary>
    public required Seq<TraceEvent> Trace { get; init; }

    public required History History { get; init; }

    public required Seq<Verdict> Verdicts { get; init; }

    public required Violation? Violation { get; init; }

    public required Ending Ending { get; init; }

    public required SimulationCounts Counts { get; init; }

    /// <summary>The last state of every role and observer.</summary>
    public required IWorld World { get; init; }

    /// <summary>What was left to chance; null unless <see cref="SimulationOptions.RecordDecisions"/> was on.</summary>
    public Decisions? Decisions { get; init; }

    /// <summary>When the decisions were taken; null as they are.</summary>
    internal Moments? Moments { get; init; }

    public Finding FindingOf(string property) =>
        Verdicts.FirstOrDefault(verdict => verdict.Property == property)?.Finding ?? throw new KeyNotFoundException(
            $"{Scenario} has no property '{property}'. It has: {string.Join(", ", Verdicts.Select(v => v.Property))}.");

    public override string ToString() =>
        $"{Scenario}, seed {Seed}: {Turns} turns in {VirtualTime.TotalSeconds:0.000} s, trace {TraceHash:x32}"
        + (Violation is null ? "" : $"; {Violation}");
}

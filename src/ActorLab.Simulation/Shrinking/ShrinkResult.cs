using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Limits of shrinking.</summary>
public sealed record ShrinkOptions
{
    /// <summary>What is smallest then is the result, though it may not be minimal. The run itself counts.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many schedules are tried side by side. While the time is not up, the result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Told after every trial.</summary>
    public Action<ShrinkProgress>? Progress { get; init; }

    /// <summary>Ends it as the limit does.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far shrinking has come.</summary>
/// <param name="Tried">Schedules that were run.</param>
/// <param name="Before">What there was at first.</param>
/// <param name="Now">What is left.</param>
/// <param name="Elapsed">Since it began.</param>
public sealed record ShrinkProgress(int Tried, ScheduleSize Before, ScheduleSize Now, TimeSpan Elapsed);

/// <summary>How much a schedule holds; clocks that are off from the start count as faults.</summary>
public readonly record struct ScheduleSize(int Operations, int Faults, int Messages, TimeSpan Length)
{
    public override string ToString() => FormattableString.Invariant(
        $"{Counted.Of(Operations, "operation")}, {Counted.Of(Faults, "fault")}, {Counted.Of(Messages, "message")} in {Length.TotalSeconds:0.000} s");
}

/// <summary>What came of shrinking.</summary>
/// <param name="Result">The run of the smallest schedule that was found.</param>
/// <param name="Options">With which it runs again; its decisions are in <see cref="SimulationOptions.Replay"/>.</param>
/// <param name="Before">The schedule that was to be shrunk.</param>
/// <param name="After">The one that was found.</param>
/// <param name="IsMinimal">
/// Without any one of its operations, faults and messages the property is not violated, in as much time as it takes now.
/// </param>
/// <param name="Tried">Schedules that were run.</param>
/// <param name="Elapsed">What it took.</param>
/// <param name="IsAnother">It is the schedule of another, shorter run that breaks the same property.</param>
public sealed record ShrinkResult(
    SimulationResult Result, SimulationOptions Options, ScheduleSize Before, ScheduleSize After, bool IsMinimal, int Tried,
    TimeSpan Elapsed, bool IsAnother = false);

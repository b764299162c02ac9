namespace ActorLab.Core;

/// <summary>
/// What the clocks of a role showed at a turn, which carried them along as it happened: so it can be compared with that of any
/// other turn, whatever became of the turns and messages between the two.
/// </summary>
/// <param name="Start">Within which the clocks count: a start of a scenario. Those of different starts have nothing in common.</param>
/// <param name="Time">Lamport's.</param>
/// <param name="Vector">How many turns of each role it knows of; its own is among them.</param>
public sealed record EventClock(string Start, LamportClock Time, VectorClock Vector)
{
    /// <summary>What this turn is to the other.</summary>
    /// <exception cref="ArgumentException">They count within different starts.</exception>
    public Causality Compare(EventClock other) => Start == other.Start
        ? Vector.Compare(other.Vector)
        : throw new ArgumentException($"A clock of {Start} and one of {other.Start} cannot be compared: each counts its own events.");
}

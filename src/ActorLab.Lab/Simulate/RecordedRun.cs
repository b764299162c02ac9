using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>A run with all that there is to see of it.</summary>
/// <param name="Scenario">What ran.</param>
/// <param name="Properties">What was judged.</param>
/// <param name="Result">With its trace.</param>
/// <param name="Turns">In the order of the trace, each with the states before and after.</param>
/// <param name="Broken">The world in which a claim was false; null where none was that speaks of a world.</param>
internal sealed record RecordedRun(
    Scenario Scenario, Seq<Property> Properties, SimulationResult Result, IReadOnlyList<TurnSeen> Turns, PictureWorld? Broken)
{
    /// <summary>Runs a scenario.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="options">How.</param>
    /// <param name="isShown">Whether the trace and the turns are kept.</param>
    /// <param name="progress">Told its time after every step.</param>
    /// <exception cref="ArgumentException">The options ask for what the scenario rules out or has not.</exception>
    public static RecordedRun Of(Scenario scenario, SimulationOptions options, bool isShown = true, Action<TimeSpan>? progress = null)
    {
        var properties = SimulateView.PropertiesOf(scenario, options);
        var turns = new List<TurnSeen>();
        PictureWorld? broken = null;
        var run = new SimulationRun(scenario, options with
        {
            Record = isShown,
            Watch = isShown ? turns.Add : null,

            // A run may go on within its step when a claim is false: what it judged is kept when it judged it.
            Properties = !isShown ? properties : [.. properties.Select(property => property is Property.Always always
                ? always with { Holds = world => Holds(always, world) }
                : property)],
        });
        while (run.Step())
        {
            progress?.Invoke(run.Now);
        }

        return new RecordedRun(scenario, properties, run.Result(), turns, broken);

        bool Holds(Property.Always claim, IWorld world)
        {
            var holds = claim.Holds(world);
            broken ??= holds ? null : PictureWorld.Copy(world, scenario.Observers);
            return holds;
        }
    }
}

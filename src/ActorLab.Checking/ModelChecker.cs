using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Explores every world that a scenario or a model can reach, breadth first, so that each story is a shortest one. The
/// same input gives the same result, step for step, on every machine and with any number of threads.
/// </summary>
public static class ModelChecker
{
    /// <exception cref="ArgumentException">The scenario contradicts itself, or the options; the sentence says how.</exception>
    /// <exception cref="NotSupportedException">A value has no canonical form, or a turn is too wide to tear.</exception>
    public static CheckResult Check(Scenario scenario, CheckOptions? options = null) =>
        new CheckRun(
            () => new RoleSpace(options is { Symmetry: true } ? InEveryOrder(scenario) : scenario),
            options ?? CheckOptions.Default,
            () => new RoleSpace(InEveryOrder(scenario))).Run();

    /// <inheritdoc cref="Check(Scenario, CheckOptions?)" />
    public static CheckResult Check(Model model, CheckOptions? options = null) =>
        new CheckRun(() => new SharedSpace(model), options ?? CheckOptions.Default).Run();

    /// <summary>
    /// Computes for every reachable world of a consensus scenario which decisions are still reachable, and what Fischer, Lynch
    /// and Paterson (1985) say of that.
    /// </summary>
    /// <exception cref="ArgumentException">The scenario says of no state what it decided, or contradicts itself.</exception>
    public static ValencyResult Valency(Scenario scenario, CheckOptions? options = null) =>
        new ValencyRun(scenario, options ?? CheckOptions.Default).Run();

    /// <inheritdoc cref="Replay(Scenario, Seq{int}, int?)" />
    public static Replayed Replay(Model model, Seq<int> ordinals, int? loopsTo = null) =>
        Replay(new SharedSpace(model), ordinals, loopsTo);

    /// <summary>Takes the steps of an earlier story again.</summary>
    /// <param name="scenario">The same scenario.</param>
    /// <param name="ordinals">From <see cref="Story.Ordinals"/>.</param>
    /// <param name="loopsTo">From <see cref="Story.LoopsTo"/>.</param>
    /// <exception cref="InvalidOperationException">The scenario has no such steps, or they form no cycle.</exception>
    public static Replayed Replay(Scenario scenario, Seq<int> ordinals, int? loopsTo = null) =>
        Replay(new RoleSpace(InEveryOrder(scenario)), ordinals, loopsTo);

    /// <summary>What an undecided run of a consensus scenario breaks, and the fairness that it is fair by.</summary>
    /// <exception cref="ArgumentException">The scenario says of no state what it decided.</exception>
    public static (Property.Temporal Claim, Seq<Fairness> Fairness) SomebodyDecides(Scenario scenario) =>
        UndecidedRuns.Claim(scenario);

    private static Replayed Replay(StateSpace space, Seq<int> ordinals, int? loopsTo)
    {
        var storyteller = new Storyteller(space);
        var story = storyteller.Tell([.. ordinals], loopsTo);
        return new Replayed(story, new StoryJudge(space, story, storyteller.Worlds), space.Fairness);
    }

    /// <summary>
    /// All orders of delivery. A renaming may put another message first, so that one order and symmetry do not go together;
    /// and which is the first one in a story may be another than in the exploration.
    /// </summary>
    private static Scenario InEveryOrder(Scenario scenario) => scenario with { RoundsCommute = false };
}

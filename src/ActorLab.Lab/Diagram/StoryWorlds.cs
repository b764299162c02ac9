using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The worlds that a story goes through, and what in the last ones makes a claim false.</summary>
internal sealed class StoryWorlds(Scenario? scenario)
{
    private readonly List<PictureWorld> _marks = [];
    private readonly Dictionary<string, string> _variables = [];
    private PictureWorld _now = PictureWorld.Of(scenario);

    /// <summary>A turn, or the step of a model.</summary>
    public void Take(StoryStep step, Happening? happening)
    {
        foreach (var change in step.Changed)
        {
            _variables[change.Path] = change.After;
        }

        _now = happening is not null && step.Counts ? _now.After(happening) : _now;
    }

    public void Up(NodeId node, bool isUp) => _now = _now.WithNode(node, isUp);

    /// <summary>The step is over: this is a world.</summary>
    public void Mark() => _marks.Add(_now);

    /// <param name="property">What is broken in the worlds so far.</param>
    /// <param name="story">The story.</param>
    /// <param name="steps">How many of its steps were taken.</param>
    /// <param name="last">The last event.</param>
    public PictureViolation Explain(Property property, Story story, int steps, int last) => property switch
    {
        Property.Temporal temporal => new PictureViolation(property.Name, property.Claim, ReasonOf(story), -1)
        {
            Facts = scenario is null ? Variables() : Parts(temporal.Formula, story),
        },
        _ => new PictureViolation(
            property.Name, property.Claim, steps == 0 ? "It does not hold at the start." : $"It does not hold after step {steps}.", last)
        {
            Facts = scenario is null ? Variables() : _now.Facts(property),
        },
    };

    private static string ReasonOf(Story story) => story.LoopsTo is { } from
        ? $"Steps {from + 1} to {story.Steps.Count} repeat for ever, which is fair to all, and it never comes true."
        : "It never comes true.";

    /// <summary>Of the parts of a formula, where they hold: for ever, never, now and then.</summary>
    private Seq<PictureFact> Parts(Formula formula, Story story) => Seq.ToSeq(
        PartsOf(formula).DistinctBy(part => part.Name).Select(part =>
        {
            var loop = _marks.Skip(story.LoopsTo is { } from ? from + 1 : _marks.Count - 1).DefaultIfEmpty(_now)
                .Select(part.Holds).ToList();
            var before = _marks.Select(part.Holds).ToList();
            var first = before.IndexOf(true);
            return new PictureFact(
                part.Name, "",
                loop.TrueForAll(holds => holds) ? "true in every world that repeats"
                : loop.TrueForAll(holds => !holds)
                    ? $"false in every world that repeats{(first >= 0 ? $", true after step {first}" : ", and before")}"
                : "now true, now false in the worlds that repeat",
                Matters: !loop.TrueForAll(holds => holds));
        }));

    private static IEnumerable<Formula.Now> PartsOf(Formula formula) => formula switch
    {
        Formula.Now now => [now],
        Formula.Not not => PartsOf(not.Of),
        Formula.And and => PartsOf(and.Left).Concat(PartsOf(and.Right)),
        Formula.Or or => PartsOf(or.Left).Concat(PartsOf(or.Right)),
        Formula.Always always => PartsOf(always.Of),
        Formula.Eventually eventually => PartsOf(eventually.Of),
        _ => throw new InvalidOperationException($"A picture knows no {formula.GetType().Name}."),
    };

    private Seq<PictureFact> Variables() => Seq.ToSeq(_variables.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => new PictureFact(pair.Key, "", pair.Value, Matters: false)));
}

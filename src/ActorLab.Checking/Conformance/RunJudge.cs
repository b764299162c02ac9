using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Judges the properties of a scenario after every turn of a run, and keeps where each was first violated or reached.</summary>
internal sealed class RunJudge(Scenario scenario, RecordedWorld world)
{
    private readonly RecordedVerdict?[] _decided = new RecordedVerdict?[scenario.Properties.Count];
    private bool _hasLooked;

    public void Look(TurnName turn)
    {
        if (!world.IsWhole)
        {
            return;
        }

        _hasLooked = true;
        for (var i = 0; i < _decided.Length; i++)
        {
            _decided[i] ??= Decide(scenario.Properties[i], turn);
        }
    }

    public Seq<RecordedVerdict> Verdicts => scenario.Properties.Select((property, i) => _decided[i] ?? new RecordedVerdict(
        property,
        property switch
        {
            Property.Temporal => VerdictKind.Skipped,
            _ when !_hasLooked => VerdictKind.Undecided,
            Property.Always => VerdictKind.Holds,
            _ => VerdictKind.NeverReached,
        },
        null, null)).ToSeq();

    private RecordedVerdict? Decide(Property property, TurnName turn)
    {
        try
        {
            return property switch
            {
                Property.Always always when !always.Holds(world) => new RecordedVerdict(property, VerdictKind.Violated, turn, null),
                Property.Sometimes sometimes when sometimes.Reached(world) => new RecordedVerdict(property, VerdictKind.Reached, turn, null),
                _ => null,
            };
        }
        catch (Exception error)
        {
            return new RecordedVerdict(property, VerdictKind.Violated, turn, $"{error.GetType().Name}: {error.Message}");
        }
    }
}

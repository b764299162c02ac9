using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Goes through the merged items of one run: counts, judges, collects history and picture.</summary>
internal sealed class ConformanceRun
{
    private readonly RecordedWorld _world;
    private readonly RunJudge _judge;
    private readonly HistoryBuilder _history = new();
    private readonly PictureWriter? _picture;
    private long _turns;
    private long _lost;
    private long _open;
    private ConformanceDifference? _difference;
    private ConformanceDifference? _failure;

    public ConformanceRun(Scenario scenario, bool draws)
    {
        _world = new RecordedWorld(scenario);
        _judge = new RunJudge(scenario, _world);
        _picture = draws ? new PictureWriter(scenario) : null;
    }

    public ConformanceResult Of(Merge merge)
    {
        foreach (var (item, difference) in merge.InOrder())
        {
            _picture?.Add(item);
            switch (item)
            {
                case var _ when difference is not null:
                    _difference = difference;
                    break;
                case ReplayedCrash crash:
                    _world.Crashes(crash.Name.Where);
                    _judge.Look(crash.Name);
                    break;
                case ReplayedTurn turn:
                    Take(turn);
                    break;
                default:
                    throw new InvalidOperationException($"{item.GetType().Name} is no part of a run.");
            }
        }

        return new ConformanceResult(
            _turns, _lost, _difference, _failure, _judge.Verdicts, _history.ToHistory(), [])
        {
            Open = _open,
            Events = _picture?.Events ?? default,
            Violated = Violated(),
        };
    }

    private PictureViolation? Violated() =>
        _picture is not null && _judge.Verdicts.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Violated) is { Turn: { } after } broken
            ? new PictureViolation(broken.Property.Name, broken.Property.Claim, $"It does not hold after {after}.", _picture.EventOf(after))
            : null;

    private void Take(ReplayedTurn turn)
    {
        _turns++;
        if (turn.Error is not null)
        {
            _failure ??= new ConformanceDifference(turn.Name, $"it throws {turn.Error}");
            return;
        }

        Report(turn);
        if (!turn.Counts)
        {
            // Nobody saw it, and as far as is recorded no disk has it: for the algorithm it never was.
            _open += turn.IsOpen ? 1 : 0;
            _lost += turn.IsOpen ? 0 : 1;
            return;
        }

        _world.Happens(new Happening(turn.Name.Where, turn.Input!, turn.Before, turn.After!, turn.Effects));
        _judge.Look(turn.Name);
    }

    /// <summary>An operation is invoked when its turn runs; its answer is seen when the turn counts.</summary>
    private void Report(ReplayedTurn turn)
    {
        foreach (var report in turn.Effects.OfType<Effect.Report>())
        {
            if (!turn.Counts && report.Event is not HistoryEvent.Invoked)
            {
                continue;
            }

            try
            {
                _history.Add(turn.At, turn.Name.Where, report.Event);
            }
            catch (ArgumentException error)
            {
                _failure ??= new ConformanceDifference(turn.Name, error.Message.TrimEnd('.'));
            }
        }
    }
}

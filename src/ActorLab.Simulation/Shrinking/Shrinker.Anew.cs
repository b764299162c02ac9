namespace ActorLab.Simulation;

/// <content>
/// A long run owes its violation to all that was before, and little of it can be left out. A shorter run that breaks the same
/// property is a better start: other seeds, and what happened in the last part of the run as if it began then.
/// </content>
public sealed partial class Shrinker
{
    /// <summary>All that time may go to it, before it is given up.</summary>
    private const double ShareOfAnew = 0.4;

    /// <summary>So often as long as the run that is to be shrunk.</summary>
    private const int MostRunsAnew = 400;

    /// <summary>Parts of the length of the run, each tried for as long in all as the others.</summary>
    private static readonly int[] Parts = [4, 8, 8, 16, 16, 16, 16, 32, 32, 32, 32, 32, 32, 32, 32];

    private void BeginAnew()
    {
        var spent = 0.0;
        var next = 0;
        while (!IsAboutTheEnd && _best.Items.Length > Few && spent < MostRunsAnew && _watch.Elapsed < _how.Limit * ShareOfAnew && !IsTimeUp)
        {
            var first = next;
            if (Try(_how.Threads, i => Anew(first + i)) is { } place)
            {
                next += place + 1;
                _isAnother = true;
            }
            else
            {
                next += _how.Threads;
            }

            spent += Enumerable.Range(first, next - first).Sum(i => 1.0 / Parts[i / 2 % Parts.Length]) * (_best.End / _original.End);
        }
    }

    /// <summary>One short run: by turns of another seed, and of the last part of the run that is to be shrunk.</summary>
    private Found? Anew(int number)
    {
        var time = Durations.FromMicros(Math.Max(1, _best.End.Micros() / Parts[number / 2 % Parts.Length]));
        var options = _options with { Seed = SeedOf(number), VirtualTime = time, Quiet = TimeSpan.Zero };
        if (number % 2 == 1)
        {
            options = options with { Replay = _best.Last(time) };
        }

        return Breaks(options) ? AsFound(options) : null;
    }

    /// <summary>Others than those of many runs from one seed on.</summary>
    private long SeedOf(int number) => (long)(new SplitMix64((ulong)_before.Messages + (ulong)number).Next() >> 24);

    /// <summary>A run that broke the property in a trial, with its own decisions, taken again by them.</summary>
    private Found? AsFound(SimulationOptions options)
    {
        var recorded = Trial(options);
        if (recorded?.Violation?.Property != _property || (!_mayLose && recorded.Counts.Lost > 0))
        {
            return null; // Nothing may be lost in a shorter story where nothing was in the longer one.
        }

        var schedule = Schedule.Of(recorded, _mayLose);
        return Whole(OptionsFor(schedule) with { Seed = options.Seed }) is { } result
            ? new Found(Schedule.Of(result, _mayLose), result, options.Seed)
            : null;
    }
}

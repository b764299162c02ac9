using System.Diagnostics;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>One check, from options to result.</summary>
internal sealed partial class CheckRun
{
    /// <summary>Of eight nodes.</summary>
    private const int MostRenamings = 40_320;

    private readonly Func<StateSpace> _fresh;
    private readonly Func<StateSpace> _forStories;
    private readonly StateSpace _space;
    private readonly CheckOptions _options;
    private readonly bool[] _asked;
    private readonly List<string> _remarks = [];

    /// <param name="fresh">Makes the space; called again where something else must not be mixed up with the exploration.</param>
    /// <param name="options">How, and how far.</param>
    /// <param name="forStories">Makes the space in which stories are told and replayed; null if any will do.</param>
    public CheckRun(Func<StateSpace> fresh, CheckOptions options, Func<StateSpace>? forStories = null)
    {
        _fresh = fresh;
        _forStories = forStories ?? fresh;
        _space = fresh();
        _options = options;
        var known = _space.Properties.Select(property => property.Name).ToList();
        if (options.Properties.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"{_space.Name} has no property '{unknown}'. It has: {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
        }

        _asked = [.. known.Select(name => options.Properties.IsEmpty || options.Properties.Contains(name))];
        if (options.Symmetry)
        {
            RefuseSymmetry();
        }
    }

    private bool IsTemporal => Enumerable.Range(0, _asked.Length).Any(i => _asked[i] && _space.Properties[i] is Property.Temporal);

    public CheckResult Run()
    {
        if (_options.Symmetry || _space.HasNormalForm)
        {
            CommuteCheck.Run(_fresh(), _options.Symmetry, _options.Cancellation);
        }

        if (_space is RoleSpace { RoundsCommute: true })
        {
            RoundCheck.Sample((RoleSpace)_fresh(), _options.Cancellation);
        }

        using var explorer = new Explorer(_space, _options, keepsWorlds: IsTemporal);
        explorer.Run();
        var first = FirstStoriesOf(explorer);
        var failure = FailureOf(explorer, first);
        var clock = Stopwatch.StartNew();
        var stopped = explorer.StoppedBecause ?? (IsTemporal ? WhyNoGraph(explorer) : null);
        var temporal = IsTemporal && stopped is null && failure is null ? Temporal(explorer, ref stopped) : [];
        var temporalElapsed = clock.Elapsed;
        failure ??= _space.Recheck(_options.Recheck) is { } difference ? new Failure("", difference, null) : null;
        Remark(explorer);
        return new CheckResult(
            explorer.Distinct, explorer.Generated, explorer.Depth, stopped is null, explorer.Elapsed, _space.Calls,
            Seq.ToSeq(_space.Properties.Select((property, i) =>
                temporal.GetValueOrDefault(i) ?? VerdictOn(i, property, explorer, first))),
            failure, stopped)
        {
            Remarks = Seq.ToSeq(_remarks),
            TemporalElapsed = temporal.Count > 0 ? temporalElapsed : TimeSpan.Zero,
            MemoryBytes = explorer.MemoryBytes,
            Waiting = explorer.Waiting,
            StoppedAtViolation = explorer.IsBroken && _options.StopAtViolation,
        };
    }

    private void RefuseSymmetry()
    {
        if (_space.Renamings == 1)
        {
            throw new ArgumentException($"{_space.Name} has no interchangeable nodes: there is no symmetry to use.");
        }

        if (_space.Renamings > MostRenamings)
        {
            throw new ArgumentException(
                $"{_space.Name} has {_space.Interchangeable} interchangeable nodes, and so more renamings than the {MostRenamings} "
                + "that can be tried at every world: take fewer nodes, or check it without symmetry.");
        }

        if (IsTemporal)
        {
            throw new ArgumentException(
                $"{_space.Name} is asked for temporal properties, and a cycle of representatives need not be a cycle of worlds: "
                + "check them without symmetry, or name the other properties only.");
        }
    }

    private void Remark(Explorer explorer)
    {
        _remarks.AddRange(explorer.Warnings);
        if (_space.Constraint is not null)
        {
            _remarks.Add(explorer.LeavesConstraint
                ? "A constraint bounds the worlds: the verdicts speak of behaviours within it."
                : "A constraint chooses among the starts, and no step leads out of it: it cuts no behaviour off.");
        }

        if (_space is RoleSpace { RoundsCommute: true })
        {
            _remarks.Add(
                "The messages of a round are delivered in one order, after a spot check: those that wait lead each role to the same in any "
                + $"order, and change no Always, at {explorer.RoundsTried} worlds from first to last.");
        }

        if (_space.HasNormalForm)
        {
            _remarks.Add(
                "Worlds are counted modulo a shift of numbers that grow for ever, after a spot check that it commutes with the steps.");
        }

        if (_options.Symmetry)
        {
            _remarks.Add(
                $"Worlds are counted modulo the {_space.Renamings} renamings of interchangeable nodes.");
        }
    }

    private FirstStories FirstStoriesOf(Explorer explorer)
    {
        var broken = Enumerable.Range(0, _asked.Length).Where(i => explorer.Decided[i] is { } decided
            && (_space.Properties[i] is Property.Always || decided.Error is not null)).ToList();
        var first = new FirstStories(_space, _asked, _options.Symmetry, broken, explorer.Failed is not null);
        first.Search(_options.Cancellation);
        return first;
    }

    private Failure? FailureOf(Explorer explorer, FirstStories first)
    {
        if (explorer.Failed is not { } failed)
        {
            return null;
        }

        var (path, label) = first.Failed ?? ([.. explorer.PathTo(failed.Parent), failed.Ordinal], failed.Label);
        var story = Tell(path);
        var last = story.Steps.IsEmpty ? story.Boots.First(boot => boot.Error is not null) : story.Steps[^1];
        var where = last.Label is null ? last.Boots.FirstOrDefault(boot => boot.Error is not null)?.Where ?? last.Where : default;
        return new Failure(
            last.Label is null ? where.ToString() : _space.LabelOf(label).Process,
            last.Error ?? last.Boots.First(boot => boot.Error is not null).Error!, story);
    }

    private Verdict VerdictOn(int index, Property property, Explorer explorer, FirstStories first)
    {
        if (!_asked[index])
        {
            return new Verdict(property, VerdictKind.Skipped, null, null);
        }

        var decided = explorer.Decided[index];
        var broken = property is Property.Always || decided?.Error is not null;
        var complete = explorer.StoppedBecause is null && property is not Property.Temporal;
        var kind = (decided, complete) switch
        {
            (not null, _) => broken ? VerdictKind.Violated : VerdictKind.Reached,
            (null, true) => broken ? VerdictKind.Holds : VerdictKind.NeverReached,
            (null, false) => VerdictKind.Undecided,
        };
        return new Verdict(
            property, kind,
            decided is { } found ? Tell(first.Broken.GetValueOrDefault(index) ?? explorer.PathTo(found.World)) : null,
            decided?.Error);
    }

    private Story Tell(List<int> path, int? loopsTo = null) =>
        Storyteller.Tell(_space, _forStories(), _options.Symmetry, path, loopsTo);
}

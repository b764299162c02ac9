using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The breadth-first search itself, level by level.</summary>
internal sealed class Explorer
{
    private readonly Scenario _scenario;
    private readonly CheckOptions _options;
    private readonly Turns _turns;
    private readonly Expansion _expansion;
    private readonly Judge _judge;
    private readonly Storyteller _storyteller;
    private readonly WorldSet _seen = new();
    private readonly (List<int> Path, string? Error)?[] _decided;
    private List<(int Number, int[] World)> _level = [];
    private List<(int Number, int[] World)> _nextLevel = [];
    private (Outcome Turn, List<int> Path)? _failed;
    private long _generated;
    private bool _broken;
    private bool _full;

    public Explorer(Scenario scenario, CheckOptions options)
    {
        _scenario = scenario;
        _options = options;
        var layout = new Layout(scenario);
        _turns = new Turns(scenario);
        var observing = new Observing(scenario, _turns);
        _expansion = new Expansion(scenario, layout, _turns, observing);
        _judge = new Judge(scenario, layout, _turns, observing);
        _storyteller = new Storyteller(layout, _turns, _expansion);
        _decided = new (List<int>, string?)?[scenario.Properties.Count];
    }

    private bool Stops => _full || (_broken && _options.StopAtViolation);

    public CheckResult Run()
    {
        var clock = Stopwatch.StartNew();
        var depth = 0;
        Explore(-1, visit => _expansion.Starts(visit));
        NextLevel();
        while (_level.Count > 0 && depth < _options.MaxDepth && !Stops)
        {
            foreach (var (number, world) in _level)
            {
                Explore(number, visit => _expansion.Steps(world, visit));
                if (Stops)
                {
                    break;
                }
            }

            NextLevel();
            depth += _level.Count > 0 ? 1 : 0;
        }

        return Result(depth, clock.Elapsed);
    }

    private void NextLevel()
    {
        (_level, _nextLevel) = (_nextLevel, _level);
        _nextLevel.Clear();
    }

    private void Explore(int parent, Action<StepVisitor> steps)
    {
        var ordinal = -1;
        bool Visit(in Transition transition, ReadOnlySpan<int> next)
        {
            ordinal++;
            _generated++;
            if (transition.Failed is { } failed)
            {
                _broken = true;
                _failed ??= (failed, PathTo(parent, ordinal));
                return !Stops;
            }

            var fingerprint = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(next));
            if (_seen.Contains(fingerprint))
            {
                return true;
            }

            var inside = _judge.Evaluate(next, (property, error) => Decide(property, error, parent, ordinal));
            if (inside)
            {
                _seen.Add(fingerprint, parent, ordinal);
                _nextLevel.Add((_seen.Count - 1, next.ToArray()));
                _full = _seen.Count >= _options.MaxStates;
            }

            return !Stops;
        }

        steps(Visit);
    }

    /// <summary>Keeps the way to the world; its story is told in the end, for that takes the same steps again.</summary>
    private void Decide(int index, string? error, int parent, int ordinal)
    {
        _broken |= _scenario.Properties[index] is Property.Always || error is not null;
        _decided[index] = (PathTo(parent, ordinal), error);
    }

    private List<int> PathTo(int parent, int ordinal) => [.. _seen.PathTo(parent), ordinal];

    private CheckResult Result(int depth, TimeSpan elapsed)
    {
        var complete = _level.Count == 0 && !Stops;
        var reason = complete ? null
            : _broken && _options.StopAtViolation ? "something was broken"
            : _full ? $"{_options.MaxStates} worlds are known, as many as asked for"
            : $"worlds {_options.MaxDepth} steps from a start were not explored further";
        var failure = _failed is { } failed
            ? new Failure(_turns.AddressOf(failed.Turn.Place), failed.Turn.Error!, _storyteller.Tell(failed.Path))
            : null;
        return new CheckResult(
            _seen.Count, _generated, depth, complete, elapsed, _turns.Calls,
            Seq.ToSeq(_scenario.Properties.Select((property, i) => VerdictOn(property, _decided[i], complete))),
            failure, reason);
    }

    private Verdict VerdictOn(Property property, (List<int> Path, string? Error)? decided, bool complete)
    {
        var broken = property is Property.Always || decided?.Error is not null;
        var kind = (decided, complete) switch
        {
            (not null, _) => broken ? VerdictKind.Violated : VerdictKind.Reached,
            (null, true) => broken ? VerdictKind.Holds : VerdictKind.NeverReached,
            (null, false) => VerdictKind.Undecided,
        };
        return new Verdict(property, kind, decided is null ? null : _storyteller.Tell(decided.Value.Path), decided?.Error);
    }
}

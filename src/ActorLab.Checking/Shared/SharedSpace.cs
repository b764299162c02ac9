using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The worlds of a model over shared variables. Each step remembers, as a tree of the slots that its body read, what came
/// of it: worlds that agree on those are the same to it.
/// </summary>
internal sealed partial class SharedSpace : StateSpace
{
    private const int MostSamples = 20_000;

    private readonly Model _model;
    private readonly ValueTable[] _values;
    private readonly ReadTree<SharedOutcome[]>[] _trees;
    private readonly Dictionary<(string, string), int> _labelNumbers = [];
    private readonly List<StepLabel> _labels = [];
    private readonly List<string> _errors = [];
    private readonly List<(int Step, int[] Slots, int[] Values)> _samples = [];
    private int _calls;
    private long _runs;
    private long _sampleStride = 1;
    private long _outcomeBytes;

    public SharedSpace(Model model)
    {
        _model = model;
        _values = [.. model.Variables.Select(make => make())];
        _trees = [.. model.Steps.Select(_ => new ReadTree<SharedOutcome[]>())];
        _renamings = new(() => RenamingsOf(model));
    }

    /// <inheritdoc />
    public override string Name => _model.Name;

    /// <inheritdoc />
    public override int Slots => _model.Slots.Count;

    /// <inheritdoc />
    public override Seq<Property> Properties => _model.Properties;

    /// <inheritdoc />
    public override Func<IWorld, bool>? Constraint => _model.Constraint;

    /// <inheritdoc />
    public override Seq<Fairness> Fairness => _model.Fairness;

    /// <inheritdoc />
    public override int Calls => _calls;

    /// <inheritdoc />
    public override long MemoryBytes => _trees.Sum(tree => tree.Bytes) + _outcomeBytes + _values.Sum(values => values.Bytes);

    /// <inheritdoc />
    public override WorldView CreateView() => new SharedView(_values);

    /// <summary>All combinations of initial values that satisfy the conditions, the last variable changing fastest.</summary>
    public override void Starts(Successors into)
    {
        int[][] initial = [.. _model.Slots.Select(slot => slot.Initial(_values))];
        var view = new SharedView(_values);
        var picked = new int[Slots];
        var world = new int[Slots];
        var label = LabelNumber("", "start", null, StepKind.Boot);
        while (true)
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                world[slot] = initial[slot][picked[slot]];
            }

            view.Show(world);
            if (_model.StartsWhere.All(where => where(view.State)))
            {
                into.Begin(label, 0);
                for (var slot = 0; slot < Slots; slot++)
                {
                    into.Write(slot, world[slot]);
                }

                into.End();
            }

            var last = Slots - 1;
            while (last >= 0 && ++picked[last] == initial[last].Length)
            {
                picked[last--] = 0;
            }

            if (last < 0)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public override bool Steps(ReadOnlySpan<int> world, Successors into, bool learn)
    {
        for (var step = 0; step < _trees.Length; step++)
        {
            if (_trees[step].Find(world) is not { } outcomes)
            {
                if (!learn)
                {
                    return false;
                }

                outcomes = Learn(step, world);
            }

            foreach (var outcome in outcomes)
            {
                into.Begin(outcome.Label, outcome.Error);
                if (outcome.Error >= 0)
                {
                    into.EndFailed();
                    continue;
                }

                into.Shift(outcome.Shift);
                foreach (var (slot, value) in outcome.Writes)
                {
                    into.WriteShifted(slot, value);
                }

                foreach (var (slot, value) in outcome.BlindWrites)
                {
                    into.Write(slot, value);
                }

                into.End();
            }
        }

        return true;
    }

    /// <inheritdoc />
    public override StepLabel LabelOf(int label) => _labels[label];

    /// <inheritdoc />
    public override Seq<StoryStep> TellStart(int detail, ReadOnlySpan<int> start)
    {
        var values = Seq<Difference>.Empty;
        for (var slot = 0; slot < Slots; slot++)
        {
            values = values.Add(new Difference(_model.Slots[slot].Text, Difference.Absent, TextOf(slot, start[slot])));
        }

        return [StoryStep.Of("start", values)];
    }

    /// <inheritdoc />
    public override StoryStep Tell(int label, int detail, ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var changes = Seq<Difference>.Empty;
        for (var slot = 0; slot < after.Length; slot++)
        {
            if (before[slot] != after[slot])
            {
                changes = changes.Add(new Difference(
                    _model.Slots[slot].Text, TextOf(slot, before[slot]), TextOf(slot, after[slot])));
            }
        }

        return StoryStep.Of(_labels[label].ToString(), changes, detail >= 0 ? _errors[detail] : null) with
        {
            Process = _labels[label].Process,
        };
    }

    /// <inheritdoc />
    public override string? Recheck(int sample)
    {
        var stride = Math.Max(1, _samples.Count / Math.Max(1, sample));
        for (var i = 0; i < _samples.Count; i += stride)
        {
            var (step, slots, values) = _samples[i];
            var world = new int[Slots];
            for (var read = 0; read < slots.Length; read++)
            {
                world[slots[read]] = values[read];
            }

            var (reads, again) = Run(step, slot => world[slot]);
            if (!reads.SequenceEqual(slots) || !SameAs(_trees[step].Find(world) ?? [], again))
            {
                return $"{Name} is not deterministic: {StepThatRan(step, again.Concat(_trees[step].Find(world) ?? []))}, run a second time "
                    + "with the same variables, came to something else. A step may read its variables through its argument, and nothing else.";
            }
        }

        return null;
    }

    /// <summary>What a step is called: by its label, which none has that was not possible either time.</summary>
    private string StepThatRan(int step, IEnumerable<SharedOutcome> outcomes) =>
        outcomes.Select(outcome => $"its step {_labels[outcome.Label]}").FirstOrDefault()
            ?? (_model.Steps[step].Process is { Length: > 0 } process ? $"a step of {process}" : $"its step number {step + 1}");

    private static bool SameAs(SharedOutcome[] one, SharedOutcome[] other) =>
        one.Length == other.Length && one.Zip(other).All(pair =>
            pair.First.Label == pair.Second.Label && (pair.First.Error < 0) == (pair.Second.Error < 0)
            && pair.First.Writes.AsSpan().SequenceEqual(pair.Second.Writes)
            && pair.First.BlindWrites.AsSpan().SequenceEqual(pair.Second.BlindWrites));

    private SharedOutcome[] Learn(int step, ReadOnlySpan<int> world)
    {
        var current = world.ToArray();
        var (reads, outcomes) = Run(step, slot => current[slot]);
        _trees[step].Add(reads, current, outcomes);
        _outcomeBytes += outcomes.Sum(outcome => SharedOutcome.OwnBytes + (8L * (outcome.Writes.Length + outcome.BlindWrites.Length)));
        Sample(step, reads, current);

        return outcomes;
    }

    /// <summary>Keeps every run to begin with, and every second of all as often as there are too many: from first to last.</summary>
    private void Sample(int step, List<int> reads, int[] world)
    {
        if (_runs++ % _sampleStride != 0)
        {
            return;
        }

        _samples.Add((step, [.. reads], [.. reads.Select(slot => world[slot])]));
        if (_samples.Count == MostSamples)
        {
            var kept = _samples.Where((_, i) => i % 2 == 0).ToList();
            _samples.Clear();
            _samples.AddRange(kept);
            _sampleStride *= 2;
        }
    }

    /// <summary>Runs a body in every way its choices may fall.</summary>
    private (List<int> Reads, SharedOutcome[] Outcomes) Run(int index, Func<int, int> world)
    {
        var reads = new List<int>();
        var outcomes = new List<(int Label, int Error, IReadOnlyList<(int Slot, int Value)> Writes)>();
        var choices = new ChoicePath();
        var (process, detail, run) = _model.Steps[index];
        do
        {
            choices.Restart();
            _calls++;
            var step = new ModelStep(_values, world, reads, choices);
            try
            {
                var label = run(step);
                outcomes.Add((LabelNumber(process, label, detail, StepKind.Step), -1, step.Writes));
            }
            catch (ModelStep.Blocked)
            {
                // Not possible here: no step.
            }
            catch (Exception error)
            {
                _errors.Add(error is InvariantViolation ? error.Message : $"{error.GetType().Name}: {error.Message}");
                outcomes.Add((LabelNumber(process, "a step", detail, StepKind.Step), _errors.Count - 1, []));
            }
        }
        while (choices.Advance());
        return (reads, [.. outcomes.Select(outcome => SharedOutcome.Of(outcome.Label, outcome.Error, outcome.Writes, reads, world))]);
    }

    private int LabelNumber(string process, string name, object? detail, StepKind kind)
    {
        if (!_labelNumbers.TryGetValue((process, name), out var number))
        {
            number = _labels.Count;
            _labelNumbers.Add((process, name), number);
            _labels.Add(new StepLabel(kind, process, name, detail));
        }

        return number;
    }

    private string TextOf(int slot, int value) => Canonical.Text(_values[_model.Slots[slot].Variable].ObjectAt(value));
}

/// <summary>A world of variables as properties read it.</summary>
internal sealed class SharedView : WorldView
{
    public SharedView(ValueTable[] values) => State = new Reader(this, values);

    public State State { get; }

    private sealed class Reader(SharedView view, ValueTable[] values) : State(values)
    {
        internal override int Read(int slot) => view.Read(slot);
    }
}

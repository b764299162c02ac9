using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>
/// Synchronous rounds whose messages arrive in one order. Of all that may happen while messages are in flight only the first
/// delivery is taken. That loses nothing: no timer fires before all have arrived, and every delivery commutes with every
/// other, so a behaviour with another one first leads to the same world at the end of the round.
/// </content>
internal sealed partial class RoleSpace
{
    private const int SampleOfWorlds = 100;

    private bool _deliversAll;

    /// <summary>Whether one order of deliveries stands for all.</summary>
    public bool RoundsCommute => _scenario.RoundsCommute;

    /// <summary>
    /// Tries on the first worlds whether any two deliveries commute and no delivery changes an Always. The space
    /// must be of no further use: what is learned here would number what an exploration numbers.
    /// </summary>
    /// <exception cref="ArgumentException">They do not, or one does.</exception>
    public void RequireThatRoundsCommute(CancellationToken cancellation)
    {
        if (!RoundsCommute)
        {
            return;
        }

        _deliversAll = true;
        var successors = new Successors(this);
        var verifier = new Verifier(this, [.. Properties.Select(_ => true)]);
        var queue = new Queue<int[]>();
        var seen = new HashSet<Fingerprint>();
        int[] nothing = new int[Slots];
        successors.From(nothing, Successors.Of(this, nothing));
        Starts(successors);
        Add(Worlds(successors));
        for (var count = 0; count < SampleOfWorlds && !cancellation.IsCancellationRequested && queue.TryDequeue(out var world); count++)
        {
            var steps = StepsOf(world, successors);
            Add(steps.Select(step => step.World));
            var deliveries = steps.Where(step => LabelOf(step.Label).Kind == StepKind.Deliver).ToList();
            foreach (var delivery in deliveries)
            {
                RequireSameVerdicts(verifier, world, delivery.World, delivery.Label);
            }

            RequireDiamonds([.. deliveries.GroupBy(step => step.Label, step => step.World)], successors);
        }

        void Add(IEnumerable<int[]> worlds)
        {
            foreach (var world in worlds.Where(world => seen.Add(Successors.Of(this, world))))
            {
                queue.Enqueue(world);
            }
        }
    }

    private static void RefuseRounds(Scenario scenario)
    {
        if (scenario.RoundsCommute && (scenario.Timing != Timing.SynchronousRounds || scenario.Network != new Network()
            || scenario.Faults != new FaultBudget() || !scenario.Workload.IsEmpty
            || scenario.Properties.Any(property => property is Property.Temporal)))
        {
            throw new ArgumentException(
                $"{scenario.Name} says that the messages of its rounds may arrive in any one order. That can be used only with "
                + "synchronous rounds, an unordered network without faults, no operations of users and no temporal properties.");
        }
    }

    /// <summary>For any two messages: whether one and then the other leads to the same worlds as the other way round.</summary>
    private void RequireDiamonds(IGrouping<int, int[]>[] deliveries, Successors successors)
    {
        for (var one = 0; one < deliveries.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                if (!After(deliveries[one], deliveries[other].Key, successors)
                    .SetEquals(After(deliveries[other], deliveries[one].Key, successors)))
                {
                    throw new ArgumentException(
                        $"{Name} says that the messages of its rounds may arrive in any order, but it makes a difference whether "
                        + $"{TextOf(deliveries[one].Key)} arrives before or after {TextOf(deliveries[other].Key)}.");
                }
            }
        }
    }

    private void RequireSameVerdicts(Verifier verifier, int[] before, int[] after, int label)
    {
        for (var i = 0; i < Properties.Count; i++)
        {
            if (Properties[i] is Property.Always && verifier.Decides(i, before, out _) != verifier.Decides(i, after, out _))
            {
                throw new ArgumentException(
                    $"{Name} says that the messages of its rounds may arrive in any order, but {Properties[i].Name} "
                    + $"changes within a round, when {TextOf(label)} arrives.");
            }
        }
    }

    private HashSet<Fingerprint> After(IEnumerable<int[]> worlds, int label, Successors successors)
    {
        var after = new HashSet<Fingerprint>();
        foreach (var world in worlds)
        {
            successors.From(world, Successors.Of(this, world));
            Steps(world, successors, learn: true);
            after.UnionWith(Enumerable.Range(0, successors.Count)
                .Where(step => !successors.HasFailedAt(step) && successors.LabelAt(step) == label)
                .Select(successors.FingerprintAt));
        }

        return after;
    }

    private List<(int Label, int[] World)> StepsOf(int[] world, Successors successors)
    {
        successors.From(world, Successors.Of(this, world));
        Steps(world, successors, learn: true);
        return [.. Enumerable.Range(0, successors.Count).Where(step => !successors.HasFailedAt(step))
            .Select(step => (successors.LabelAt(step), successors.Build(step).ToArray()))];
    }

    private static IEnumerable<int[]> Worlds(Successors successors) =>
        Enumerable.Range(0, successors.Count).Where(step => !successors.HasFailedAt(step))
            .Select(step => successors.Build(step).ToArray());

    private string TextOf(int label)
    {
        var step = LabelOf(label);
        return step.Detail is Input.Deliver deliver
            ? $"{Canonical.Text(deliver.Message)} from {deliver.Sender} to {step.Process}"
            : step.ToString();
    }

    /// <summary>All armed timers of a round go off before anything is delivered in the next: the first says who is to follow.</summary>
    private void BeginRound(ReadOnlySpan<int> world, Successors into, int first)
    {
        if (_layout.IsBetweenRounds(world))
        {
            into.Write(_layout.Pending + first, 0);
            return;
        }

        for (var place = 0; place < _layout.Places; place++)
        {
            if (place != first && world[_layout.Timers + place] != TimerSets.None)
            {
                into.Write(_layout.Pending + place, 1);
            }
        }
    }
}

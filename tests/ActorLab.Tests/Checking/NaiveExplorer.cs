using ActorLab.Core;

namespace ActorLab.Tests.Checking;

/// <summary>
/// The slow and plain explorer that the kernel is compared with: worlds are records, nothing is interned, remembered or
/// shared with the kernel but the meaning of a scenario. Judges no formulas; any turn may not throw.
/// </summary>
internal sealed class NaiveExplorer(Scenario scenario)
{
    private sealed record Slot(bool IsUp, object State, Map<string, ActorLab.Core.Timer> Timers);

    private sealed record Letter(Address From, Address To, object Message);

    private sealed record World(
        Map<Address, Slot> Slots, Seq<Letter> Letters, Map<Address, int> Asked, FaultBudget Left, Seq<object> Observed,
        Letter? Last = null, Set<Address> Pending = default);

    private Network Net => scenario.Network;

    /// <summary>Distinct worlds, and steps taken with the starts.</summary>
    public (int Distinct, long Generated) Count() => Count(world => Canonical.Fingerprint(world));

    /// <summary>Whether something is true of the states of every world.</summary>
    public bool Always(Func<Seq<object>, bool> holds)
    {
        var always = true;
        Count(world =>
        {
            always &= holds([.. world.Slots.Values.Select(slot => slot.State)]);
            return Canonical.Fingerprint(world);
        });
        return always;
    }

    /// <summary>The same, where worlds that differ only in the names of these nodes are one.</summary>
    public (int Distinct, long Generated) CountOrbits(Set<NodeId> nodes)
    {
        NodeId[] names = [.. nodes];
        var images = Permutations(names).ToList();
        return Count(world => images.Min(image =>
        {
            var renamed = Canonical.Rename(
                world, node => Array.IndexOf(names, node) is var at and >= 0 ? image[at] : node);
            return Canonical.Fingerprint(renamed with { Letters = Sorted(renamed.Letters) });
        }));
    }

    /// <summary>The same, where worlds that differ only by a shift of all numbers are one.</summary>
    public (int Distinct, long Generated) CountShifted(Normalisation numbers) => Count(world =>
    {
        var values = world.Slots.Values.Select(slot => slot.State).Concat(world.Letters.Select(letter => letter.Message))
            .Concat(world.Observed);
        var by = values.Select(numbers.Least).Where(least => least is not null).DefaultIfEmpty(0).Min()!.Value;
        return Canonical.Fingerprint(world with
        {
            Slots = world.Slots.ToMap(slot => slot.Key, slot => slot.Value with { State = numbers.Shift(slot.Value.State, by) }),
            Letters = Sorted([.. world.Letters.Select(letter => letter with { Message = numbers.Shift(letter.Message, by) })]),
            Last = world.Last is { } last ? last with { Message = numbers.Shift(last.Message, by) } : null,
            Observed = [.. world.Observed.Select(value => numbers.Shift(value, by))],
        });
    });

    private static IEnumerable<NodeId[]> Permutations(NodeId[] of) => of.Length == 0
        ? [[]]
        : of.SelectMany(first => Permutations([.. of.Where(other => other != first)]).Select(rest => (NodeId[])[first, .. rest]));

    private (int Distinct, long Generated) Count(Func<World, UInt128> identity)
    {
        var seen = new HashSet<UInt128>();
        var frontier = new Queue<World>();
        var generated = 0L;
        void Take(IEnumerable<World> worlds)
        {
            foreach (var world in worlds)
            {
                generated++;
                if (seen.Add(identity(world)))
                {
                    frontier.Enqueue(world);
                }
            }
        }

        var nothing = new World(
            default, [], default, scenario.Faults, [.. scenario.Observers.Select(observer => observer.Initial)]);
        Take(Boots(nothing, scenario.Placements, placement => placement.Role.EmptyDisk));
        while (frontier.TryDequeue(out var world))
        {
            Take(Next(world));
        }

        return (seen.Count, generated);
    }

    private IEnumerable<World> Next(World world)
    {
        var isBetweenRounds = !world.Pending.IsEmpty;
        var moves = isBetweenRounds
            ? Restarts(world)
            : Operations(world).Concat(Deliveries(world)).Concat(NetworkFaults(world)).Concat(Restarts(world));
        if (scenario.Timing == Timing.Asynchronous || world.Letters.IsEmpty || isBetweenRounds)
        {
            moves = moves.Concat(world.Slots.Where(slot => !isBetweenRounds || world.Pending.Contains(slot.Key))
                .SelectMany(slot => slot.Value.Timers.Values.SelectMany(timer => Turn(
                    Disarmed(Begun(world, slot.Key), slot.Key, timer), slot.Key, new Input.Expire(timer)))));
        }

        var up = scenario.Nodes.Where(node => world.Slots.Any(slot => slot.Key.Node == node && slot.Value.IsUp));
        return world.Left.Crashes == 0 ? moves : moves.Concat(up.Select(node => Swept(Crash(world, node), address => address.Node == node)));
    }

    /// <summary>In rounds: the first to begin says who has yet to, the others are struck off.</summary>
    private World Begun(World world, Address where) => scenario.Timing == Timing.Asynchronous ? world : world with
    {
        Pending = !world.Pending.IsEmpty
            ? world.Pending.Remove(where)
            : world.Slots.Where(slot => slot.Key != where && slot.Value.Timers.Count > 0).Select(slot => slot.Key).ToSet(),
    };

    private static World Disarmed(World world, Address where, ActorLab.Core.Timer timer)
    {
        var slot = world.Slots[where];
        return world with { Slots = world.Slots.Set(where, slot with { Timers = slot.Timers.Remove(timer.Name) }) };
    }

    private IEnumerable<World> Operations(World world) =>
        from target in scenario.Workload.Select(operation => operation.Target).Distinct()
        let asked = world.Asked.FindOr(target, 0)
        let next = scenario.Workload.Where(operation => operation.Target == target).Skip(asked).FirstOrDefault()
        where next is not null && world.Slots[target].IsUp
        from after in Turn(
            world with { Asked = world.Asked.Set(target, asked + 1) }, target, new Input.Deliver(Address.Outside, next.Message))
        select after;

    private IEnumerable<World> Deliveries(World world)
    {
        foreach (var (at, letter) in Deliverable(world))
        {
            var without = world with { Letters = RemoveAt(world.Letters, at) };
            if (!world.Slots[letter.To].IsUp)
            {
                yield return without;
                continue;
            }

            World[] befores = !Net.Duplicating ? [without] : Net.FifoPerLink ? [without, world] : [world];
            var input = new Input.Deliver(letter.From, letter.Message);
            var last = Net.LastDeliveredCounts ? letter : null;
            foreach (var after in befores.SelectMany(before => Turn(before with { Last = last }, letter.To, input)))
            {
                yield return after;
            }
        }
    }

    private IEnumerable<(int At, Letter Letter)> Deliverable(World world) => world.Letters
        .Select((letter, at) => (at, letter))
        .Where(one => !world.Letters.Take(one.at).Any(earlier => Net.FifoPerLink
            ? (earlier.From, earlier.To) == (one.letter.From, one.letter.To)
            : earlier == one.letter));

    private IEnumerable<World> NetworkFaults(World world)
    {
        foreach (var (at, letter) in Deliverable(world))
        {
            if (Net.Lossy || world.Left.Drops > 0)
            {
                yield return world with
                {
                    Letters = RemoveAt(world.Letters, at),
                    Left = world.Left with { Drops = world.Left.Drops - (Net.Lossy ? 0 : 1) },
                };
            }

            if (world.Left.Duplicates > 0 && !(Net.Duplicating && !Net.FifoPerLink) && !Net.OneCopy)
            {
                yield return world with
                {
                    Letters = [.. world.Letters.Take(at), letter, .. world.Letters.Skip(at)],
                    Left = world.Left with { Duplicates = world.Left.Duplicates - 1 },
                };
            }
        }
    }

    private IEnumerable<World> Restarts(World world) => scenario.Nodes
        .Where(node => world.Slots.Any(slot => slot.Key.Node == node && !slot.Value.IsUp))
        .SelectMany(node =>
        {
            var placements = scenario.Placements.Where(placement => placement.Address.Node == node).ToList();
            object DiskOf(Placement placement) => placement.Role.DiskOf(world.Slots[placement.Address].State);
            return Boots(world, placements, DiskOf).Concat(world.Left.Crashes == 0 ? [] : TornBoots(world, placements, DiskOf));
        });

    /// <summary>Each role of the node boots as a whole or is torn, at least one of them is.</summary>
    private IEnumerable<World> TornBoots(World world, List<Placement> placements, Func<Placement, object> disk) =>
        placements.Aggregate(Enumerable.Repeat((World: world, IsTorn: false), 1), (worlds, placement) => worlds.SelectMany(before =>
            Branches(placement, context => placement.Role.Boot(disk(placement), context)).SelectMany(step =>
            {
                var input = new Input.Boot(disk(placement));
                return Torn(before.World, placement.Address, input, step).Select(after => (World: after, IsTorn: true))
                    .Prepend((After(before.World, placement.Address, input, step, step.Effects), before.IsTorn));
            })))
            .Where(after => after.IsTorn)
            .Select(after => Swept(Crash(after.World, placements[0].Address.Node), address => address.Node == placements[0].Address.Node));

    private IEnumerable<World> Boots(World world, IEnumerable<Placement> placements, Func<Placement, object> disk) =>
        placements.Aggregate(Enumerable.Repeat(world, 1), (worlds, placement) => worlds.SelectMany(before =>
            Branches(placement, context => placement.Role.Boot(disk(placement), context))
                .Select(step => After(before, placement.Address, new Input.Boot(disk(placement)), step, step.Effects))));

    /// <summary>The worlds after a turn, whole and torn.</summary>
    private IEnumerable<World> Turn(World world, Address where, Input input)
    {
        var placement = scenario.Placements.Single(one => one.Address == where);
        var before = world.Slots[where].State;
        var steps = Branches(placement, context => input switch
        {
            Input.Deliver deliver => placement.Role.Receive(before, deliver.Sender, deliver.Message, context),
            Input.Expire expire => placement.Role.Expire(before, expire.Timer, context),
            _ => throw new InvalidOperationException(),
        });
        foreach (var step in steps)
        {
            var isNoOp = step.State.Equals(before) && step.Effects.All(effect => effect is Effect.Note)
                && input is Input.Deliver deliver && deliver.Sender != Address.Outside;
            if (isNoOp && Net is { NoOpDeliversStay: true, FifoPerLink: false })
            {
                continue;
            }

            yield return Swept(
                After(world, where, input, step, NotIgnored(world, where, step.Effects)), address => address == where);
            foreach (var torn in world.Left.Crashes == 0 ? [] : Torn(world, where, input, step))
            {
                yield return Swept(Crash(torn, where.Node), address => address.Node == where.Node);
            }
        }
    }

    /// <summary>Without the letters to some places that are ignored there, or will be.</summary>
    private World Swept(World world, Func<Address, bool> isThere) => !Net.NoOpDeliversVanish ? world : world with
    {
        Letters = [.. world.Letters.Where(letter => !isThere(letter.To) || !IsIgnored(world, letter))],
    };

    private List<Effect> NotIgnored(World world, Address from, IReadOnlyList<Effect> effects) =>
    [
        .. effects.Where(effect => !Net.NoOpDeliversVanish || effect is not Effect.Send send
            || !world.Slots.ContainsKey(send.To) || !IsIgnored(world, new Letter(from, send.To, send.Message))),
    ];

    private bool IsIgnored(World world, Letter letter)
    {
        var placement = scenario.Placements.Single(one => one.Address == letter.To);
        var slot = world.Slots[letter.To];
        var states = slot.IsUp ? [slot.State] : Branches(
            placement, context => placement.Role.Boot(placement.Role.DiskOf(slot.State), context)).Select(step => step.State);
        return states.All(state => Branches(placement, context =>
            placement.Role.Receive(state, letter.From, letter.Message, context)) is [var only]
            && only.State.Equals(state) && only.Effects.All(effect => effect is Effect.Note));
    }

    /// <summary>What may have left at a crash: of all subsets of the messages, those that a host can bring about.</summary>
    private IEnumerable<World> Torn(World world, Address where, Input input, Step step)
    {
        var sends = step.Effects.OfType<Effect.Send>().ToList();
        for (var mask = 0; mask < 1 << sends.Count; mask++)
        {
            List<Effect> Leaving(List<Effect> left) => input is Input.Boot ? left : NotIgnored(world, where, left);
            bool Left(int i) => (mask >> i & 1) == 1;
            bool IsEarly(int i) => step.DiskChanged && sends[i].Early;
            bool IsPrefix(IEnumerable<int> some) =>
                some.All(i => !Left(i) || some.All(j => j >= i || sends[j].To != sends[i].To || Left(j)));
            var all = Enumerable.Range(0, sends.Count).ToList();
            var inOrder = all.Where(IsEarly).Concat(all.Where(i => !IsEarly(i)));
            List<Effect> left = [.. inOrder.Where(Left).Select(i => sends[i])];
            if (step.DiskChanged && IsPrefix(all.Where(IsEarly)) && all.All(i => IsEarly(i) || !Left(i)))
            {
                yield return Sent(world, where, Leaving(left));
            }

            var whole = left.Count == sends.Count && !step.Effects.Any(effect => effect is Effect.Report);
            if (!whole && IsPrefix(all.Where(i => !IsEarly(i))) && all.Where(IsEarly).All(Left))
            {
                yield return After(world, where, input, step, Leaving(left));
            }
        }
    }

    private World After(World world, Address where, Input input, Step step, IReadOnlyList<Effect> effects)
    {
        var timers = world.Slots.TryGetValue(where, out var slot) ? slot.Timers : default;
        foreach (var effect in effects)
        {
            timers = effect is Effect.StartTimer start ? timers.Set(start.Timer.Name, start.Timer)
                : effect is Effect.CancelTimer cancel ? timers.Remove(cancel.Name) : timers;
        }

        var happening = new Happening(where, input, input is Input.Boot ? null : slot?.State, step.State, effects);
        return Sent(world, where, effects) with
        {
            Slots = world.Slots.Set(where, new Slot(true, step.State, timers)),
            Observed = [.. world.Observed.Select((value, i) => scenario.Observers[i].After(value, happening))],
        };
    }

    private World Sent(World world, Address from, IEnumerable<Effect> effects) => world with
    {
        Letters = effects.OfType<Effect.Send>().Where(send => send.To != Address.Outside).Aggregate(
            world.Letters, (letters, send) => Put(letters, new Letter(from, send.To, send.Message))),
    };

    private Seq<Letter> Put(Seq<Letter> letters, Letter letter) =>
        (Net is { Duplicating: true, FifoPerLink: false } or { OneCopy: true }) && letters.Contains(letter) ? letters
        : Sorted(letters.Add(letter));

    private Seq<Letter> Sorted(Seq<Letter> letters) => Net.FifoPerLink
        ? [.. letters.OrderBy(one => (one.From, one.To))]
        : [.. letters.OrderBy(Canonical.Text, StringComparer.Ordinal)];

    private static World Crash(World world, NodeId node) => world with
    {
        Slots = world.Slots.ToMap(
            slot => slot.Key,
            slot => slot.Key.Node == node ? slot.Value with { IsUp = false, Timers = default } : slot.Value),
        Left = world.Left with { Crashes = world.Left.Crashes - 1 },
        Pending = world.Pending.Where(pending => pending.Node != node).ToSet(),
    };

    private static Seq<Letter> RemoveAt(Seq<Letter> letters, int at) => [.. letters.Take(at), .. letters.Skip(at + 1)];

    /// <summary>The turn with every way in which its choices may fall.</summary>
    private static IReadOnlyList<Step> Branches(Placement placement, Func<TurnContext, Step> turn, params int[] taken)
    {
        var script = new Script(taken);
        var step = turn(new TurnContext(placement.Address, script, () => new ClockInterval(0, long.MaxValue)));
        return script.Open == 0
            ? [step]
            : [.. Enumerable.Range(0, script.Open).SelectMany(option => Branches(placement, turn, [.. taken, option]))];
    }

    private sealed class Script(int[] taken) : IChoices
    {
        private int _next;

        public int Open { get; private set; }

        public int Next(int options)
        {
            var known = _next < taken.Length;
            Open = known || Open > 0 ? Open : options;
            return known ? taken[_next++] : 0;
        }
    }
}

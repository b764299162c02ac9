using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// Draws random faults until the quiet part begins. Crashes, partitions and slow spells each have their own stream, so
/// that turning one off leaves the others where they were.
/// </summary>
internal sealed class Nemesis
{
    private const int Crashes = 0;
    private const int Partitions = 1;
    private const int Heals = 2;
    private const int Spells = 3;
    private const int SpellEnds = 4;
    private const int Pauses = 5;
    private const int PauseEnds = 6;
    private const int Clocks = 7;
    private const int Repairs = 8;

    private readonly FaultOptions _faults;
    private readonly Timeline _timeline;
    private readonly Places _places;
    private readonly Action<FaultAction> _strike;
    private readonly RandomStream _crashes;
    private readonly RandomStream _partitions;
    private readonly RandomStream _spells;
    private readonly RandomStream _pauses;
    private readonly RandomStream _clocks;
    private readonly RandomStream _rot;
    private readonly long _clockError;
    private readonly long _until;
    private long _partition;

    public Nemesis(SimulationOptions options, Timeline timeline, Places places, Action<FaultAction> strike)
    {
        (_faults, _timeline, _places, _strike) = (options.Faults, timeline, places, strike);
        _crashes = RandomStream.Named(options.Seed, "faults/crashes");
        _partitions = RandomStream.Named(options.Seed, "faults/partitions");
        _spells = RandomStream.Named(options.Seed, "faults/spells");
        _pauses = RandomStream.Named(options.Seed, "faults/pauses");
        _clocks = RandomStream.Named(options.Seed, "faults/clocks");
        _rot = RandomStream.Named(options.Seed, "faults/rot");
        _clockError = options.ClockError.Micros();
        _until = options.QuietFrom;
        Next(Crashes, _faults.CrashEvery, _crashes);
        Next(Spells, _faults.SlowEvery, _spells);
        Next(Pauses, _faults.PauseEvery, _pauses);
        Next(Clocks, _faults.ClockEvery, _clocks);
        if (places.Nodes.Length > 1)
        {
            Next(Partitions, _faults.PartitionEvery, _partitions);
        }
    }

    public void Strike(Occurrence due)
    {
        switch (due.Index)
        {
            case Crashes:
                Crash();
                Next(Crashes, _faults.CrashEvery, _crashes);
                break;
            case Partitions:
                Divide(_partitions.Pick(_faults.Shapes));
                Later(Heals, _faults.PartitionFor.Draw(_partitions), ++_partition);
                Next(Partitions, _faults.PartitionEvery, _partitions);
                break;
            case Heals when due.Stamp == _partition:
                _strike(new FaultAction.Heal());
                break;
            case Spells:
                var slow = _spells.Pick(_places.Nodes);
                _strike(new FaultAction.Slow(slow.Id, _faults.SlowBy));
                Later(SpellEnds, _faults.SlowFor.Draw(_spells), slow.Index);
                Next(Spells, _faults.SlowEvery, _spells);
                break;
            case SpellEnds:
                _strike(new FaultAction.Slow(_places.Nodes[due.Stamp].Id, Wait.Zero));
                break;
            case Pauses:
                var frozen = _pauses.Pick(_places.Nodes);
                if (frozen is { IsUp: true, IsPaused: false })
                {
                    _strike(new FaultAction.Pause(frozen.Id));
                    Later(PauseEnds, _faults.PauseFor.Draw(_pauses), frozen.Index);
                }

                Next(Pauses, _faults.PauseEvery, _pauses);
                break;
            case PauseEnds:
                _strike(new FaultAction.Resume(_places.Nodes[due.Stamp].Id));
                break;
            case Repairs:
                var repaired = _places.Nodes[due.Stamp].Id;
                _strike(new FaultAction.Repair(repaired));
                _strike(new FaultAction.Restart(repaired));
                break;
            case Clocks:
                TurnClock(_clocks.Pick(_places.Nodes));
                Next(Clocks, _faults.ClockEvery, _clocks);
                break;
            default: // the heal of a partition that another one has replaced
                break;
        }
    }

    /// <summary>
    /// The crash of a node whose fate is to crash while a write is under way, once one began; none in the quiet part.
    /// </summary>
    public void WriteBegan(NodeSlot node, Wait sync)
    {
        node.DoomedInWrite = false;
        var wait = Math.Max(1, _crashes.Between(0, sync.Most));
        if (_timeline.Now + wait < _until)
        {
            _timeline.In(wait, new Occurrence(Due.Crash, node.Index, node.Incarnation));
        }
    }

    /// <summary>Brings a crashed node back after a while.</summary>
    public void RestartLater(NodeSlot node)
    {
        var mayRot = _places.Nodes.Count(other => other.IsRotten) < (_places.Nodes.Length - 1) / 2;
        if (_rot.Chance(_faults.BitRot) && mayRot)
        {
            _strike(new FaultAction.BitRot(node.Id));
            Later(Repairs, _faults.RepairAfter.Draw(_rot), node.Index);
        }

        _timeline.In(_faults.Downtime.Draw(_crashes), new Occurrence(Due.Restart, node.Index, node.Incarnation));
    }

    private void Crash()
    {
        if (_crashes.Chance(_faults.PowerCut) && _faults.MostDown >= _places.Nodes.Length)
        {
            _strike(new FaultAction.PowerCut());
            foreach (var node in _places.Nodes)
            {
                RestartLater(node);
            }

            return;
        }

        var victim = _crashes.Pick(_places.Nodes);
        if (!victim.IsUp || _places.Nodes.Count(node => !node.IsUp || node.DoomedInWrite) >= _faults.MostDown)
        {
            return;
        }

        if (_crashes.Chance(_faults.CrashInWrite))
        {
            victim.DoomedInWrite = true;
            return;
        }

        _strike(new FaultAction.Crash(victim.Id));
        RestartLater(victim);
    }

    private void Divide(PartitionShape shape)
    {
        var nodes = _places.Nodes.Select(node => node.Id).ToSet();
        _strike(shape == PartitionShape.Flapping
            ? new FaultAction.Flap(
                Partition.Isolate(nodes, _partitions.Pick(_places.Nodes).Id),
                Durations.FromMicros(Math.Max(1, _faults.FlapPeriod.Draw(_partitions))))
            : new FaultAction.Cut(Cuts(shape, nodes)));
    }

    /// <summary>
    /// A jump to any offset within the error, and a drift that does not lead out of it: what a role reads stays true.
    /// </summary>
    private void TurnClock(NodeSlot node)
    {
        var (now, end) = (_clocks.Between(-_clockError, _clockError), _clocks.Between(-_clockError, _clockError));
        var seconds = Math.Max(1, (_until - _timeline.Now + 999_999) / 1_000_000);
        _strike(new FaultAction.Clock(node.Id, Durations.FromMicros(now), Durations.FromMicros((end - now) / seconds)));
    }

    private Set<Link> Cuts(PartitionShape shape, Set<NodeId> nodes)
    {
        switch (shape)
        {
            case PartitionShape.Split:
                var group = nodes.Where(_ => _partitions.Next(2) == 0).ToSet();
                return Partition.Split(nodes, [group, nodes.Except(group)]);
            case PartitionShape.Isolate:
                return Partition.Isolate(nodes, _partitions.Pick(_places.Nodes).Id);
            case PartitionShape.OneWay:
                var from = _partitions.Next(nodes.Count);
                var to = (from + 1 + _partitions.Next(nodes.Count - 1)) % nodes.Count;
                return [new Link(nodes[from], nodes[to])];
            case PartitionShape.Bridge:
                return Partition.Bridge(nodes, _partitions.Pick(_places.Nodes).Id);
            default:
                return Partition.MajorityRing(nodes);
        }
    }

    private void Next(int line, TimeSpan every, RandomStream random)
    {
        if (every > TimeSpan.Zero)
        {
            // Uniform around the mean rather than exponential: integers only, so that every processor draws the same.
            Later(line, random.Between(1, 2 * every.Micros()));
        }
    }

    private void Later(int line, long wait, long stamp = 0)
    {
        if (_timeline.Now + wait < _until)
        {
            _timeline.In(wait, new Occurrence(Due.Fault, line, stamp));
        }
    }
}

using System.Collections;
using System.Runtime.InteropServices;
using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// All worlds within the constraint and all steps between them, in flat arrays: what temporal properties and valency read.
/// Worlds are numbered shard by shard.
/// </summary>
internal sealed class StateGraph
{
    private readonly StateSpace _space;
    private readonly IReadOnlyList<Shard> _shards;
    private readonly int[] _offsets;
    private readonly Blocks<Edge> _edges = new();
    private readonly long[] _firstEdge;
    private readonly List<int> _excluded = [];
    private readonly int[] _firstExcluded;
    private readonly Representative? _representative;

    /// <param name="space">The space that was explored, in full.</param>
    /// <param name="shards">Of the exploration, with the worlds kept.</param>
    /// <param name="cancellation">Ends what is done with the graph, by an <see cref="OperationCanceledException"/>.</param>
    public StateGraph(StateSpace space, IReadOnlyList<Shard> shards, CancellationToken cancellation)
    {
        _space = space;
        Cancellation = cancellation;
        _shards = shards;
        _offsets = new int[shards.Count + 1];
        for (var shard = 0; shard < shards.Count; shard++)
        {
            _offsets[shard + 1] = checked(_offsets[shard] + (int)shards[shard].Worlds.Count);
        }

        _representative = space.HasNormalForm ? new Representative(space, symmetry: false) : null;
        _firstEdge = new long[Count + 1];
        _firstExcluded = new int[Count + 1];
        Connect();
    }

    /// <summary>A part of a graph: steps to worlds elsewhere are excluded, as they are by a constraint.</summary>
    /// <param name="whole">The graph; worlds keep their numbers.</param>
    /// <param name="isInside">Whether a world belongs to the part.</param>
    private StateGraph(StateGraph whole, Func<int, bool> isInside)
    {
        (_space, _shards, _offsets, _representative) = (whole._space, whole._shards, whole._offsets, whole._representative);
        _firstEdge = new long[Count + 1];
        _firstExcluded = new int[Count + 1];
        Cancellation = whole.Cancellation;
        Labels = whole.Labels;
        Starts.AddRange(whole.Starts.Where(start => isInside(start.World)));
        for (var world = 0; world < Count; world++)
        {
            for (var (edge, last) = whole.EdgesOf(world); edge < last && isInside(world); edge++)
            {
                if (isInside(whole[edge].Target))
                {
                    _edges.Add(whole[edge]);
                }
                else
                {
                    _excluded.Add(whole[edge].Label);
                }
            }

            _excluded.AddRange(isInside(world) ? whole.ExcludedFrom(world) : []);
            _firstEdge[world + 1] = _edges.Count;
            _firstExcluded[world + 1] = _excluded.Count;
        }
    }

    /// <summary>Long work looks at it now and then.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>How many worlds there are.</summary>
    public int Count => _offsets[^1];

    /// <summary>The starts within the constraint, each once, with the ordinal of the first start that leads to it.</summary>
    public List<(int World, int Ordinal)> Starts { get; } = [];

    /// <summary>All labels of steps lie below this number.</summary>
    public int Labels { get; private set; }

    public StepLabel LabelOf(int label) => _space.LabelOf(label);

    /// <inheritdoc cref="StateSpace.IsNumbered" />
    public bool IsNumbered(int label, Fairness demand) => _space.IsNumbered(label, demand);

    /// <summary>The numbers of the edges out of a world: from the first to before the last.</summary>
    public (long First, long Last) EdgesOf(int world) => (_firstEdge[world], _firstEdge[world + 1]);

    /// <summary>
    /// The labels of the steps out of a world that the constraint excludes: they are enabled, and nobody knows where they lead.
    /// </summary>
    public ReadOnlySpan<int> ExcludedFrom(int world) =>
        CollectionsMarshal.AsSpan(_excluded)[_firstExcluded[world].._firstExcluded[world + 1]];

    public Edge this[long edge] => _edges[edge];

    /// <inheritdoc cref="StateGraph(StateGraph, Func{int, bool})" />
    public StateGraph Within(Func<int, bool> isInside) => new(this, isInside);

    /// <summary>The worlds in which a predicate holds.</summary>
    public BitArray Where(Func<IWorld, bool> holds)
    {
        var result = new BitArray(Count);
        var predicate = new RememberedPredicate(holds, _space.CreateView());
        ForEachWorld((number, world) => result[number] = predicate.Holds(world));
        return result;
    }

    /// <summary>Shows every world, in the order of the numbers.</summary>
    public void ForEachWorld(WorldVisitor visit)
    {
        var buffer = new int[64];
        byte[] bytes = [];
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            foreach (var block in _shards[shard].Frontier.Kept)
            {
                var reader = block.Read(ref bytes);
                for (var i = 0; i < block.Count; i++)
                {
                    if (i % 1024 == 0)
                    {
                        Cancellation.ThrowIfCancellationRequested();
                    }

                    var length = reader.Next(ref buffer);
                    visit(_offsets[shard] + (int)block.First + i, buffer.AsSpan(0, length));
                }
            }
        }
    }

    private void Connect()
    {
        var successors = new Successors(_space);
        Span<int> nothing = new int[_space.Slots];
        successors.From(nothing, Successors.Of(_space, nothing));
        _space.Starts(successors);
        _representative?.Prepare(successors, learn: true);
        var isStart = new BitArray(Count);
        for (var step = 0; step < successors.Count; step++)
        {
            if (NumberAt(successors, step) is var start and >= 0 && !isStart[start])
            {
                isStart[start] = true;
                Starts.Add((start, step));
            }
        }

        ForEachWorld((number, world) =>
        {
            successors.From(world, Successors.Of(_space, world));
            _space.Steps(world, successors, learn: true);
            _representative?.Prepare(successors, learn: true);
            for (var step = 0; step < successors.Count; step++)
            {
                if (successors.HasFailedAt(step))
                {
                    continue;
                }

                var label = successors.LabelAt(step);
                Labels = Math.Max(Labels, label + 1);
                if (NumberAt(successors, step) is var target and >= 0)
                {
                    var isShifted = _representative is not null
                        && _representative.FingerprintAt(step) != successors.FingerprintAt(step);
                    if (isShifted && _space.HasFallen(successors.Build(step)))
                    {
                        throw new NotSupportedException(
                            $"{_space.Name} is looked at modulo a shift of numbers that are to grow for ever, and they fall when "
                            + $"{LabelOf(label)} happens: nothing can be told of fair behaviours then.");
                    }

                    _edges.Add(new Edge(target, label, step, isShifted));
                }
                else
                {
                    _excluded.Add(label);
                }
            }

            _firstExcluded[number + 1] = _excluded.Count;
            _firstEdge[number + 1] = _edges.Count;
        });
    }

    /// <summary>The number of the world that a step leads to; -1 if it failed or the constraint excludes it.</summary>
    private int NumberAt(Successors successors, int step)
    {
        if (successors.HasFailedAt(step))
        {
            return -1;
        }

        var fingerprint = _representative?.FingerprintAt(step) ?? successors.FingerprintAt(step);
        var shard = (int)(fingerprint.Low >> (64 - Explorer.ShardBits));
        var found = _shards[shard].Worlds.Find(fingerprint);
        return found is WorldSet.Outside or WorldSet.Absent ? -1 : _offsets[shard] + (int)found;
    }
}

/// <summary>A step to another world.</summary>
/// <param name="Target">The world.</param>
/// <param name="Label">Of the step.</param>
/// <param name="Step">The ordinal, with a bit that says whether the world was shifted.</param>
internal readonly record struct Edge(int Target, int Label, int Step)
{
    private const int ShiftedBit = 1 << 30;

    public Edge(int target, int label, int ordinal, bool isShifted)
        : this(target, label, ordinal | (isShifted ? ShiftedBit : 0))
    {
    }

    /// <summary>Which of the steps out of the world before; -1 where it just stays as it is.</summary>
    public int Ordinal => Step < 0 ? Step : Step & ~ShiftedBit;

    /// <summary>The world was brought to its normal form after the step: the same label may mean another step now.</summary>
    public bool IsShifted => Step > 0 && (Step & ShiftedBit) != 0;
}

/// <summary>Takes a world.</summary>
/// <param name="number">Of the world.</param>
/// <param name="world">Valid until the call returns.</param>
internal delegate void WorldVisitor(int number, ReadOnlySpan<int> world);

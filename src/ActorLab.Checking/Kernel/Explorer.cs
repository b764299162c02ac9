using System.Diagnostics;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The breadth-first search itself, level by level, in batches of blocks. A batch has three phases: all threads expand
/// blocks and look their steps up in tables that nobody changes; one thread expands the worlds at which something had to
/// be learned; all threads add what is new, each shard in the order of its parents. So every number, every story and
/// every count is the same with any number of threads.
/// </summary>
internal sealed partial class Explorer : IDisposable
{
    internal const int ShardBits = 4;
    private const int Shards = 1 << ShardBits;
    private const int MostBlocks = 64;
    internal const long NoParent = (1L << 44) - 1;

    private readonly StateSpace _space;
    private readonly CheckOptions _options;
    private readonly bool[] _asked;
    private readonly Shard[] _shards;
    private readonly Worker[] _workers;
    private readonly Team _team;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly (long World, string? Error)?[] _decided;
    private readonly bool _keepsWorlds;
    private SpillFile? _spill;
    private long _generated;
    private long _waiting;
    private TimeSpan _lastProgress;
    private (long Parent, int Ordinal, int Label, int Detail)? _failed;
    private bool _broken;
    private string? _stopped;

    /// <param name="space">What is explored.</param>
    /// <param name="options">How, and how far.</param>
    /// <param name="keepsWorlds">Whether the worlds themselves are kept, for the graph.</param>
    public Explorer(StateSpace space, CheckOptions options, bool keepsWorlds)
    {
        _space = space;
        _options = options;
        _keepsWorlds = keepsWorlds;
        _asked = [.. space.Properties.Select(property => options.Properties.IsEmpty || options.Properties.Contains(property.Name))];
        _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard(keepsWorlds))];
        _workers = [.. Enumerable.Range(0, Math.Max(1, options.Threads)).Select(_ => new Worker(space, _asked, options.Symmetry))];
        _team = new Team(_workers.Length);
        _decided = new (long, string?)?[space.Properties.Count];
    }

    public long Distinct => _shards.Sum(shard => shard.Worlds.Count);

    public long Generated => _generated;

    public int Depth { get; private set; }

    /// <summary>Worlds that wait to be explored.</summary>
    public long Waiting => _waiting + _shards.Sum(shard => shard.Frontier.Count);

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>What was thrown away for lack of memory, in sentences.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Why the exploration is not complete; null if it is.</summary>
    public string? StoppedBecause => _stopped;

    public bool IsBroken => _broken;

    /// <summary>Whether a step led outside the constraint, so that behaviours are cut off; starts there never begin.</summary>
    public bool LeavesConstraint =>
        Array.Exists(_workers, worker => worker.LeavesConstraint) || Array.Exists(_shards, shard => shard.LeavesConstraint);

    /// <summary>At how many worlds it was tried whether the order of messages makes a difference.</summary>
    public long RoundsTried => _workers.Sum(worker => worker.RoundsTried);

    public IReadOnlyList<(long World, string? Error)?> Decided => _decided;

    /// <summary>The first step that failed.</summary>
    public (long Parent, int Ordinal, int Label, int Detail)? Failed => _failed;

    public IReadOnlyList<Shard> AllShards => _shards;

    public long MemoryBytes =>
        _shards.Sum(shard => shard.Bytes) + _space.MemoryBytes + _workers.Sum(worker => worker.Verifier.Bytes);

    public void Dispose()
    {
        _team.Dispose();
        _spill?.Dispose();
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    public void Run()
    {
        Start();
        while (_stopped is null && Turn() is { Count: > 0 } level)
        {
            _waiting = level.Sum(block => (long)block.Block.Count);
            if (Depth == _options.MaxDepth)
            {
                _stopped = $"worlds {_options.MaxDepth} steps from a start were not explored further";
                break;
            }

            Depth++;
            for (var at = 0; at < level.Count && _stopped is null;)
            {
                var count = Math.Min(level.Count - at, BatchSize());
                Batch(level.GetRange(at, count));
                for (var i = at; i < at + count; i++)
                {
                    _waiting -= level[i].Block.Count;
                    if (!_keepsWorlds)
                    {
                        level[i].Block.Chunk.Close();
                    }
                }

                at += count;
                Report();
            }
        }

        if (Depth > 0 && _stopped is null)
        {
            Depth--; // The last level had no new world.
        }

        _clock.Stop();
    }

    /// <summary>The ordinals of the steps that lead to a world, that of the start first.</summary>
    public List<int> PathTo(long world)
    {
        var path = new List<int>();
        while (world != NoParent)
        {
            (world, var ordinal) = ShardOf(world).Worlds.OriginOf(world >> ShardBits);
            path.Add(ordinal);
        }

        path.Reverse();
        return path;
    }

    private Shard ShardOf(long world) => _shards[world & (Shards - 1)];

    /// <summary>Towards a bound on worlds the batches get smaller, so that it is not passed by much.</summary>
    private int BatchSize() =>
        (int)Math.Clamp((_options.MaxStates - Distinct) / (WorldBlock.Capacity * 4L), 1, MostBlocks);

    private void Start()
    {
        var worker = _workers[0];
        worker.StartFromNothing();
        worker.Candidates.EnsureBatch(1, Shards);
        _generated += worker.Route(0, NoParent, learn: true);
        Merge([worker.Candidates], 1);
    }

    /// <summary>The blocks of the next level, in the order of shards and numbers.</summary>
    private List<(int Shard, WorldBlock Block)> Turn()
    {
        var level = new List<(int, WorldBlock)>();
        for (var shard = 0; shard < Shards; shard++)
        {
            foreach (var block in _shards[shard].Frontier.Take())
            {
                level.Add((shard, block));
            }
        }

        return level;
    }
}

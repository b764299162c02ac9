using System.Diagnostics;
using ActorLab.Core;

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
    private const long NoParent = (1L << 44) - 1;

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

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>What was thrown away for lack of memory, in sentences.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Why the exploration is not complete; null if it is.</summary>
    public string? StoppedBecause => _stopped;

    public bool IsBroken => _broken;

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
            if (Depth == _options.MaxDepth)
            {
                _stopped = $"worlds {_options.MaxDepth} steps from a start were not explored further";
                break;
            }

            Depth++;
            _waiting = level.Sum(block => (long)block.Block.Count);
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

    private void Batch(List<(int Shard, WorldBlock Block)> blocks)
    {
        var next = 0;
        var chunks = new Candidates[blocks.Count];
        var deferred = new List<int>?[blocks.Count];
        foreach (var worker in _workers)
        {
            worker.Candidates.EnsureBatch(blocks.Count + 1, Shards);
        }

        _team.Run(thread =>
        {
            var worker = _workers[thread];
            var generated = 0L;
            int chunk;
            while ((chunk = Interlocked.Increment(ref next) - 1) < blocks.Count)
            {
                chunks[chunk] = worker.Candidates;
                generated += Expand(worker, chunk, blocks[chunk], ref deferred[chunk]);
            }

            Interlocked.Add(ref _generated, generated);
        });
        Learn(blocks, deferred);
        Merge(chunks, blocks.Count);
    }

    private long Expand(Worker worker, int chunk, (int Shard, WorldBlock Block) work, ref List<int>? deferred)
    {
        var reader = worker.Read(work.Block);
        var generated = 0L;
        var waiting = -1; // The world whose steps are to be looked up.
        for (var i = 0; i <= work.Block.Count; i++)
        {
            var isTaken = false;
            if (i < work.Block.Count)
            {
                worker.Next(ref reader);
                isTaken = worker.Steps(learn: false);
                if (isTaken)
                {
                    worker.Prefetch(_shards);
                }
            }

            worker.Swap();
            if (waiting >= 0)
            {
                var count = worker.Route(chunk, ParentOf(work, waiting), learn: false, _shards);
                generated += Math.Max(0, count);
                if (count < 0)
                {
                    (deferred ??= []).Add(waiting);
                }
            }

            waiting = isTaken ? i : -1;
            if (!isTaken && i < work.Block.Count)
            {
                (deferred ??= []).Add(i);
            }
        }

        return generated;
    }

    private static long ParentOf((int Shard, WorldBlock Block) work, int world) =>
        ((work.Block.First + world) << ShardBits) | (uint)work.Shard;

    private void Learn(List<(int Shard, WorldBlock Block)> blocks, List<int>?[] deferred)
    {
        var worker = _workers[0];
        for (var chunk = 0; chunk < blocks.Count; chunk++)
        {
            if (deferred[chunk] is not { } worlds)
            {
                continue;
            }

            var reader = worker.Read(blocks[chunk].Block);
            var read = 0;
            foreach (var i in worlds)
            {
                for (; read <= i; read++)
                {
                    worker.Next(ref reader);
                }

                worker.Steps(learn: true);
                _generated += worker.Route(blocks.Count, ParentOf(blocks[chunk], i), learn: true, _shards);
            }
        }
    }

    /// <summary>Adds what is new, shard by shard, in the order of the chunks; what was learned comes last.</summary>
    private void Merge(Candidates[] chunks, int count)
    {
        var next = 0;
        _team.Run(thread =>
        {
            int shard;
            while ((shard = Interlocked.Increment(ref next) - 1) < Shards)
            {
                for (var chunk = 0; chunk < count; chunk++)
                {
                    _shards[shard].Add(chunks[chunk].Of(chunk, shard), _workers[thread].Verifier, _decided);
                }

                if (_workers[0].Candidates.Has(count))
                {
                    _shards[shard].Add(_workers[0].Candidates.Of(count, shard), _workers[thread].Verifier, _decided);
                }
            }
        });
        Conclude(chunks, count);
        foreach (var worker in _workers)
        {
            worker.Candidates.Clear();
        }
    }

    /// <summary>What the batch decided: of several worlds the first in the order of shards and numbers.</summary>
    private void Conclude(Candidates[] chunks, int count)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            foreach (var (property, number, error) in _shards[shard].TakeDecisions())
            {
                if (_decided[property] is null)
                {
                    _decided[property] = ((number << ShardBits) | (uint)shard, error);
                    _broken |= _space.Properties[property] is Property.Always || error is not null;
                }
            }
        }

        for (var chunk = 0; chunk <= count && _failed is null; chunk++)
        {
            var candidates = chunk < count ? chunks[chunk] : _workers[0].Candidates;
            _failed = candidates.Has(chunk) ? candidates.FailureOf(chunk) : null;
        }

        _broken |= _failed is not null;
        Bound();
    }

    private void Bound()
    {
        if (_broken && _options.StopAtViolation)
        {
            _stopped = "something was broken";
        }
        else if (Distinct >= _options.MaxStates)
        {
            _stopped = $"{Distinct} worlds are known, and {_options.MaxStates} were asked for";
        }
        else if (_options.Cancellation.IsCancellationRequested)
        {
            _stopped = "it was interrupted";
        }
        else if (_options.MemoryBytes < long.MaxValue && MemoryBytes > _options.MemoryBytes)
        {
            Spill();
        }
    }

    private void Spill()
    {
        if (_spill is null)
        {
            _spill = new SpillFile();
            Warnings.Add("Memory is full: worlds that wait to be explored go to a temporary file, which is slower.");
        }

        foreach (var shard in _shards)
        {
            shard.Frontier.SpillTo(_spill);
        }

        if (MemoryBytes > _options.MemoryBytes)
        {
            _stopped = $"the tables of worlds and steps alone take more than the {_options.MemoryBytes >> 20} MiB they were given";
        }
    }

    private void Report()
    {
        if (_options.Progress is { } progress && _clock.Elapsed - _lastProgress >= TimeSpan.FromMilliseconds(250))
        {
            _lastProgress = _clock.Elapsed;
            progress(new CheckProgress(
                Distinct, _generated, Depth, _waiting + _shards.Sum(shard => shard.Frontier.Count), _clock.Elapsed, MemoryBytes));
        }
    }
}

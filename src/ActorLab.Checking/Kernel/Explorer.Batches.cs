namespace ActorLab.Checking.Kernel;

/// <content>A batch: expand, learn, merge.</content>
internal sealed partial class Explorer
{
    private void Batch(List<(int Shard, WorldBlock Block)> blocks)
    {
        var next = 0;
        var chunks = new Candidates[blocks.Count];
        var deferred = new List<int>?[blocks.Count];
        var distinct = Distinct;
        foreach (var worker in _workers)
        {
            worker.Begin(distinct);
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
                isTaken = worker.Steps(learn: false) && worker.Confirms(learn: false);
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
                worker.Confirms(learn: true);
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
}

using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>What a batch decided, and where the exploration ends.</content>
internal sealed partial class Explorer
{
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

    /// <summary>Why the graph of all steps has no room beside the tables; null if it has.</summary>
    /// <param name="bytesOfStep">What is kept of each step.</param>
    /// <param name="bytesOfWorld">What is kept of each world.</param>
    /// <param name="who">Who needs the graph, with the verb.</param>
    public string? WhyNoRoom(long bytesOfStep, long bytesOfWorld, string who)
    {
        var wanted = (_generated * bytesOfStep) + (Distinct * bytesOfWorld) + MemoryBytes;
        return wanted <= _options.MemoryBytes
            ? null
            : $"all worlds are known, but {who} the graph of all steps, with it about {wanted >> 20} MiB, "
                + $"and {_options.MemoryBytes >> 20} MiB were given";
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
                Distinct, _generated, Depth, Waiting, _clock.Elapsed, MemoryBytes));
        }
    }
}

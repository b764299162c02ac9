using System.Diagnostics;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// The history of appends to one key, each of a token of its own. The final value then tells what became of each: what
/// was acknowledged is there once, in an order that time allows; what failed is not there.
/// </summary>
public sealed class AppendHistory(string key)
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    public string Key => key;

    /// <summary>How many appends ended so.</summary>
    public int Count(Outcome outcome)
    {
        lock (_lock)
        {
            return _entries.Count(entry => entry.Outcome == outcome);
        }
    }

    /// <summary>Appends the next token at a node, and keeps how that ended.</summary>
    public async Task<OperationResult> Append(SpecNode node, TimeSpan? limit = null)
    {
        var entry = Invoke(node.Name.Name);
        var result = await node.Ask(new KvCommand.Append(key, entry.Token), limit);
        Complete(entry, result.Outcome);
        return result;
    }

    /// <summary>Appends at a node, one after the other, until the task ends.</summary>
    public async Task AppendUntil(Task over, SpecNode node, TimeSpan limit)
    {
        while (!over.IsCompleted)
        {
            await Append(node, limit);
        }
    }

    /// <summary>Waits until so many more appends are acknowledged than now.</summary>
    public Task AwaitMore(int acknowledged)
    {
        var before = Count(Outcome.Ok);
        return Patience.AwaitAssert(() => Assert.True(
            Count(Outcome.Ok) >= before + acknowledged, $"{Count(Outcome.Ok) - before} of {acknowledged} more appends are acknowledged."));
    }

    /// <summary>Compares the history with the value that came of it.</summary>
    /// <exception cref="SpecFailure">Names the first token that is lost, twice, out of order, or nobody's.</exception>
    public void Check(string value)
    {
        List<Entry> entries;
        lock (_lock)
        {
            entries = [.. _entries];
        }

        var tokens = value.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(token => $"{token};").ToList();
        if (tokens.GroupBy(token => token).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SpecFailure($"{twice.Key} was applied {twice.Count()} times.");
        }

        var places = tokens.Select((token, place) => (token, place)).ToDictionary(pair => pair.token, pair => pair.place);
        if (tokens.FirstOrDefault(token => entries.All(entry => entry.Token != token)) is { } nobodys)
        {
            throw new SpecFailure($"Nobody appended {nobodys}");
        }

        foreach (var entry in entries)
        {
            if (entry.Outcome == Outcome.Ok && !places.ContainsKey(entry.Token))
            {
                throw new SpecFailure($"{entry.Token} was acknowledged and is lost.");
            }

            if (entry.Outcome == Outcome.Failed && places.ContainsKey(entry.Token))
            {
                throw new SpecFailure($"{entry.Token} was said to have failed for sure, and took effect.");
            }
        }

        CheckOrder(entries.Where(entry => places.ContainsKey(entry.Token)).ToList(), places);
    }

    internal Entry Invoke(string who)
    {
        lock (_lock)
        {
            var entry = new Entry($"{who}-{_entries.Count + 1};", Stopwatch.GetTimestamp());
            _entries.Add(entry);
            return entry;
        }
    }

    internal void Complete(Entry entry, Outcome outcome)
    {
        lock (_lock)
        {
            entry.Outcome = outcome;
            entry.CompletedAt = outcome == Outcome.Ok ? Stopwatch.GetTimestamp() : long.MaxValue;
        }
    }

    /// <summary>An append that was acknowledged before another began comes before it.</summary>
    private static void CheckOrder(List<Entry> present, Dictionary<string, int> places)
    {
        var byPlace = present.OrderBy(entry => places[entry.Token]).ToList();
        var latestBegin = (At: long.MinValue, Token: "");
        foreach (var entry in byPlace)
        {
            if (entry.CompletedAt < latestBegin.At)
            {
                throw new SpecFailure($"{entry.Token} was acknowledged before {latestBegin.Token} began, and comes behind it.");
            }

            if (entry.InvokedAt > latestBegin.At)
            {
                latestBegin = (entry.InvokedAt, entry.Token);
            }
        }
    }

    internal sealed class Entry(string token, long invokedAt)
    {
        public string Token => token;

        public long InvokedAt => invokedAt;

        /// <summary>At the end of time while the outcome is not known to be good.</summary>
        public long CompletedAt { get; set; } = long.MaxValue;

        public Outcome Outcome { get; set; } = Outcome.Unknown;
    }
}

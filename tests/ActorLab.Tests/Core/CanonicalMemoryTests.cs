using ActorLab.Core;

namespace ActorLab.Tests.Core;

/// <summary>A fingerprint with the help of earlier ones is the fingerprint.</summary>
public sealed class CanonicalMemoryTests
{
    private sealed record Entry(long Term, string Command);

    private sealed record Logs(Seq<Entry> Written, Seq<Entry> Durable, Seq<long> Numbers, NodeId Node);

    [Fact]
    public void Whatever_happens_to_long_sequences_the_fingerprint_is_that_of_the_state()
    {
        const int seed = 7;
        var random = new Random(seed);
        var memory = new CanonicalMemory();
        var state = new Logs([], [], [], new NodeId("n1"));
        for (var i = 0; i < 3_000; i++)
        {
            var written = state.Written;
            state = random.Next(20) switch
            {
                0 => state with { Written = written.Take(random.Next(written.Count + 1)) },
                1 => state with { Written = written.Skip(random.Next((written.Count / 4) + 1)) },
                2 => state with { Written = state.Durable, Numbers = [] },
                < 6 => state with { Durable = written },
                < 9 => state with { Numbers = state.Numbers.Add(i) },
                _ => state with { Written = written.AddRange(Enumerable.Range(0, random.Next(1, 40)).Select(k => new Entry(i, $"put {k}")).ToSeq()) },
            };
            Assert.True(Canonical.Fingerprint(state) == memory.Fingerprint(state), $"seed {seed}, step {i}");
            Assert.True(Canonical.Fingerprint(state) == memory.Fingerprint(state), $"seed {seed}, step {i}, the same once more");
        }
    }
}

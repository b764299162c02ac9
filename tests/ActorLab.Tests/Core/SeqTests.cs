using ActorLab.Core;
using CsCheck;

namespace ActorLab.Tests.Core;

public sealed class SeqTests
{
    [Fact]
    public void Two_appends_on_one_prefix_do_not_see_each_other()
    {
        var prefix = Seq.Of(1, 2, 3).Add(4);
        var left = prefix.Add(5);
        var right = prefix.Add(6).Add(7);
        Assert.Equal([1, 2, 3, 4], prefix);
        Assert.Equal([1, 2, 3, 4, 5], left);
        Assert.Equal([1, 2, 3, 4, 6, 7], right);
    }

    [Fact]
    public void An_append_to_a_slice_does_not_overwrite_what_follows_it()
    {
        var whole = Seq.Of(1, 2, 3, 4);
        var changed = whole.Take(2).Add(9);
        Assert.Equal([1, 2, 9], changed);
        Assert.Equal([1, 2, 3, 4], whole);
        Assert.Equal([3, 4, 5], whole.Skip(2).Add(5));
        Assert.Equal([1, 2, 3, 4, 6], whole.Add(6));
    }

    [Fact]
    public void Appending_takes_no_copy_of_what_is_there()
    {
        var log = Seq<long>.Empty;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            log = log.Add(i);
        }

        // Some 30 doublings by half, each twice the size of what it keeps; copies would take 40 GB.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
        Assert.Equal(100_000, log.Count);
        Assert.Equal(99_999, log.Last);
    }

    /// <summary>Each thread appends its own items to one shared prefix; whoever loses the free room copies.</summary>
    [Fact]
    public void Threads_that_append_to_one_prefix_keep_their_own_items()
    {
        for (var round = 0; round < 200; round++)
        {
            var prefix = Seq.Of(0).AddRange([1, 2]).Add(3);
            var results = new Seq<int>[4];
            Parallel.For(0, results.Length, thread =>
            {
                var mine = prefix;
                for (var i = 0; i < 20; i++)
                {
                    mine = mine.Add((thread * 100) + i);
                }

                results[thread] = mine;
            });
            for (var thread = 0; thread < results.Length; thread++)
            {
                Assert.Equal([0, 1, 2, 3, .. Enumerable.Range(thread * 100, 20)], results[thread]);
            }
        }
    }

    /// <summary>Any program of appends, slices and replacements over many versions at once gives what lists give.</summary>
    [Fact]
    public void Versions_behave_as_lists_do() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100], Gen.Int[0, 100]).Array[1, 40].Sample(program =>
        {
            var versions = new List<(Seq<int> Seq, List<int> List)> { ([], []) };
            foreach (var (step, pick, value) in program)
            {
                var (seq, list) = versions[pick % versions.Count];
                var at = list.Count == 0 ? 0 : value % list.Count;
                versions.Add(step switch
                {
                    0 => (seq.Add(value), [.. list, value]),
                    1 => (seq.AddRange([value, value + 1, value + 2]), [.. list, value, value + 1, value + 2]),
                    2 => (seq.Take(at), list[..at]),
                    3 => (seq.Skip(at), list[at..]),
                    _ when list.Count == 0 => (seq, list),
                    _ => (seq.SetItem(at, -1), [.. list[..at], -1, .. list[(at + 1)..]]),
                });
            }

            return versions.All(version => version.Seq.SequenceEqual(version.List)
                && version.Seq == Seq.Of<int>([.. version.List])
                && version.Seq.GetHashCode() == Seq.Of<int>([.. version.List]).GetHashCode());
        });

    [Fact]
    public void An_index_outside_is_refused_with_the_number_of_items()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Seq.Of(1, 2)[2]);
        Assert.Contains("The sequence has 2 items.", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Seq.Of(1, 2).Skip(1)[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Seq.Of(1, 2).Slice(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Seq<int>.Empty.Last);
    }
}

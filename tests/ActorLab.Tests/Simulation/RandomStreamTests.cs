using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

public sealed class RandomStreamTests
{
    [Fact]
    public void SplitMix64_gives_the_published_numbers()
    {
        var generator = new SplitMix64(1234567);
        ulong[] expected =
        [
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        ];
        Assert.Equal(expected, expected.Select(_ => generator.Next()));
    }

    [Fact]
    public void Xoshiro256StarStar_gives_the_published_numbers()
    {
        var stream = new RandomStream(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
            8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => stream.Next64()));
    }

    [Fact]
    public void Fnv1a_gives_the_published_numbers()
    {
        Assert.Equal(0xCBF29CE484222325, StableHash.Of(""));
        Assert.Equal(0x85944171F73967E8, StableHash.Of("foobar"));
    }

    [Fact]
    public void Streams_of_other_names_and_seeds_are_other_streams()
    {
        var streams = new[] { (1L, "delays"), (1L, "drops"), (2L, "delays"), (-1L, "delays") }
            .Select(stream => RandomStream.Named(stream.Item1, stream.Item2).Next64());
        Assert.Equal(4, streams.Distinct().Count());
        Assert.Equal(RandomStream.Named(7, "drops").Next64(), RandomStream.Named(7, "drops").Next64());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(1000)]
    public void Below_reaches_everything_under_its_bound_about_equally(ulong bound)
    {
        var stream = RandomStream.Named(3, "test");
        var counts = new int[bound];
        for (var i = 0UL; i < bound * 1000; i++)
        {
            counts[stream.Below(bound)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 800, 1200));
    }

    [Fact]
    public void Between_includes_both_ends()
    {
        var stream = RandomStream.Named(3, "test");
        var drawn = Enumerable.Range(0, 200).Select(_ => stream.Between(-1, 2)).Distinct().Order();
        Assert.Equal([-1, 0, 1, 2], drawn);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Between(2, 1));
    }

    [Fact]
    public void Chance_keeps_its_probability()
    {
        var stream = RandomStream.Named(3, "test");
        Assert.InRange(Enumerable.Range(0, 100_000).Count(_ => stream.Chance(0.05)), 4_700, 5_300);
        Assert.DoesNotContain(Enumerable.Range(0, 1000), _ => stream.Chance(0));
        Assert.DoesNotContain(Enumerable.Range(0, 1000), _ => !stream.Chance(1));
    }
}

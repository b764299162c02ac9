using ActorLab.Checking;
using ActorLab.Simulation;

namespace ActorLab.Tests.Linearizability;

/// <summary>Texts by number against plain strings.</summary>
public sealed class TextPoolTests
{
    [Fact]
    public void Equal_texts_have_equal_numbers_however_they_came_about()
    {
        var (random, pool) = (RandomStream.Named(7, "texts"), new TextPool());
        var known = new Dictionary<string, int>();
        for (var round = 0; round < 6_000; round++)
        {
            var text = known.Count > 0 && random.Chance(0.8) ? random.Pick([.. known.Keys.TakeLast(50)]) : "";
            var tail = new string(Enumerable.Range(0, random.Next(4)).Select(_ => (char)('a' + random.Next(2))).ToArray());
            text = text.Length > 12 ? "" : text;
            var number = random.Chance(0.5) ? pool.Of(text + tail) : pool.Append(pool.Of(text), pool.Of(tail));
            Assert.Equal(text + tail, pool.ToString(number));
            Assert.Equal(known.GetValueOrDefault(text + tail, number), number);
            known[text + tail] = number;
            var other = random.Pick([.. known.Keys.TakeLast(50)]);
            Assert.Equal((text + tail).StartsWith(other, StringComparison.Ordinal), pool.StartsWith(number, known[other]));
            var at = pool.Of(text);
            Assert.Equal((text + tail)[text.Length..].StartsWith(other, StringComparison.Ordinal), pool.HasAt(number, at, known[other]));
        }

        Assert.NotEqual(TextPool.Null, pool.Of(""));
        Assert.True(known.Count > 200, $"{known.Count} texts");
    }
}

using ActorLab.Cluster.Crdt;

namespace ActorLab.Cluster.Tests;

/// <summary>What users may write into replicated data, before any replica has it: nothing takes an update back.</summary>
public sealed class CrdtInputTests
{
    private static readonly string TooLong = new('ä', (SharedType.MostBytes / 2) + 1);

    [Theory]
    [InlineData("gcounter", "add", null, "-1", "A gcounter takes whole numbers from 0 to 1000000000000 at a time, not '-1'.")]
    [InlineData("gcounter", "add", null, "1000000000001", "A gcounter takes whole numbers from 0 to 1000000000000 at a time, not '1000000000001'.")]
    [InlineData("counter", "add", null, "9223372036854775807", "A counter takes whole numbers from -1000000000000 to 1000000000000 at a time, not '9223372036854775807'.")]
    [InlineData("counter", "add", null, "1.5", "A counter takes whole numbers from -1000000000000 to 1000000000000 at a time, not '1.5'.")]
    [InlineData("counter", "add", null, null, "A value is missing.")]
    [InlineData("set", "put", null, "x", "A set knows no 'put'. It knows: add, remove.")]
    [InlineData("map", "put", null, "x", "A key is missing.")]
    public void An_update_that_makes_no_sense_is_a_sentence(string type, string op, string? key, string? value, string sentence) =>
        Assert.Equal(sentence, Refusal(type, new CrdtCall(op, key, value, null, null)));

    [Fact]
    public void What_would_not_fit_into_a_message_is_refused()
    {
        const string Sentence = "has 1000 bytes at most: what replicas tell each other must fit into a message.";
        Assert.Equal($"A value {Sentence}", Refusal("set", new CrdtCall("add", null, TooLong, null, null)));
        Assert.Equal($"A key {Sentence}", Refusal("multimap", new CrdtCall("add", TooLong, "x", null, null)));
        SharedType.Find("set").Try(new CrdtCall("add", null, TooLong[1..], null, null));
    }

    [Theory]
    [InlineData("likes", true)]
    [InlineData("Top-10_a", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a%2Fb", false)]
    [InlineData("grüße", false)]
    public void Names_are_those_that_a_path_holds_as_they_are(string name, bool isOne)
    {
        if (isOne)
        {
            Assert.Equal(name, SharedType.NameOf(name));
        }
        else
        {
            Assert.EndsWith("is no name: use 1 to 100 letters, digits, hyphens and underscores.", Assert.Throws<FormatException>(() => SharedType.NameOf(name)).Message, StringComparison.Ordinal);
        }
    }

    private static string Refusal(string type, CrdtCall call) => Assert.Throws<FormatException>(() => SharedType.Find(type).Try(call)).Message;
}

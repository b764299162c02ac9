namespace ActorLab.Specs;

/// <summary>The comparison that specs rely on can fail, in each of its ways.</summary>
public sealed class AppendHistoryTests
{
    private readonly AppendHistory _history = new("k");

    [Fact]
    public void What_was_acknowledged_once_and_in_order_passes()
    {
        Ended(Outcome.Ok, Outcome.Failed, Outcome.Unknown, Outcome.Ok);
        _history.Check("a-1;a-4;");
        _history.Check("a-1;a-3;a-4;");
        _history.Check("a-1;a-4;a-3;"); // an unknown one may take effect at any later time
    }

    [Theory]
    [InlineData("a-1;", "a-4; was acknowledged and is lost.")]
    [InlineData("a-1;a-4;a-1;", "a-1; was applied 2 times.")]
    [InlineData("a-1;a-3;a-4;a-3;", "a-3; was applied 2 times.")]
    [InlineData("a-1;a-2;a-4;", "a-2; was said to have failed for sure, and took effect.")]
    [InlineData("a-1;a-4;b-9;", "Nobody appended b-9;")]
    [InlineData("a-4;a-1;", "a-1; was acknowledged before a-4; began, and comes behind it.")]
    [InlineData("a-3;a-1;a-4;", "a-1; was acknowledged before a-3; began, and comes behind it.")]
    public void Each_way_to_be_wrong_is_named(string value, string sentence)
    {
        Ended(Outcome.Ok, Outcome.Failed, Outcome.Unknown, Outcome.Ok);
        Assert.Equal(sentence, Assert.Throws<SpecFailure>(() => _history.Check(value)).Message);
    }

    private void Ended(params ReadOnlySpan<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _history.Complete(_history.Invoke("a"), outcome);
        }
    }
}

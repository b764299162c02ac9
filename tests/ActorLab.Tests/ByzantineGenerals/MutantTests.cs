using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Each mutant is caught where the right generals pass.</summary>
public sealed class MutantTests
{
    private static readonly GeneralsOptions Four = new(4, M: 1, Traitors: 1, Lies: new Lies(MaySayNothing: false));

    private static readonly SortedDictionary<string, (GeneralsOptions Options, Func<GeneralsOptions, Scenario> Of)> Mutants =
        new(StringComparer.Ordinal)
        {
            ["without exchange"] = (Four, GeneralsMutants.WithoutExchange),
            ["last word"] = (Four, GeneralsMutants.LastWord),
            ["own word on tie"] = (Four with { Orders = 3 }, GeneralsMutants.OwnWordOnTie),
            ["tells nobody"] = (Four with { Traitors = 0 }, GeneralsMutants.TellsNobody),
            ["stubborn"] = (Four with { Traitors = 0 }, GeneralsMutants.Stubborn),
            ["unanimous"] = (Four, GeneralsMutants.Unanimous),
            ["opinions without exchange"] = (Four, GeneralsMutants.OpinionsWithoutExchange),
            ["last word on opinions"] = (Four, GeneralsMutants.LastWordOnOpinions),
        };

    [Theory]
    [InlineData("without exchange", "IC1")]
    [InlineData("last word", "IC2")]
    [InlineData("own word on tie", "IC1")]
    [InlineData("tells nobody", "IC2")]
    [InlineData("stubborn", "No Own Ways")]
    [InlineData("stubborn", "Agreement")]
    [InlineData("unanimous", "Validity")]
    [InlineData("opinions without exchange", "Agreement")]
    [InlineData("opinions without exchange", "Same Vector")]
    [InlineData("last word on opinions", "True Vector")]
    public void Each_mutant_is_caught_by_the_property_that_should(string mutant, string property)
    {
        var (options, of) = Mutants[mutant];
        var result = ModelChecker.Check(of(options), new CheckOptions { Properties = [property] });
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result[property].Kind);
    }

    /// <summary>With two orders somebody always has the majority of three: that mistake needs a third to show.</summary>
    [Fact]
    public void Own_word_on_tie_passes_where_there_is_no_tie() =>
        Assert.True(ModelChecker.Check(GeneralsMutants.OwnWordOnTie(Four)).Passed);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 0)]
    public void The_right_generals_pass(int orders, int traitors) =>
        Assert.True(ModelChecker.Check(GeneralsScenario.Of(Four with { Orders = orders, Traitors = traitors })).Passed);
}

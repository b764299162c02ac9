using ActorLab.Algorithms.PingPong;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.PingPong;

public sealed class CheckerTests
{
    /// <summary>The rows of tests/vectors/model_checking/counts.tsv: maximum, lossy, duplicating, distinct worlds.</summary>
    public static TheoryData<int, bool, bool, int> Published()
    {
        var rows = new TheoryData<int, bool, bool, int>();
        foreach (var line in File.ReadLines("vectors/model_checking/counts.tsv").Where(line => line.Contains("ping-pong")))
        {
            var cells = line.Split('\t');
            var words = cells[2].Split(", ");
            rows.Add(
                int.Parse(words[0].Split(' ')[1]), words.Contains("lossy"), words.Contains("duplicating"), int.Parse(cells[3]));
        }

        return rows;
    }

    [Fact]
    public void The_published_rows_are_three() => Assert.Equal(3, Published().Count);

    [Theory]
    [MemberData(nameof(Published))]
    public void The_published_count_comes_out(int most, bool lossy, bool duplicating, int distinct)
    {
        var result = ModelChecker.Check(PingPongScenario.Of(most, new Network(Lossy: lossy, Duplicating: duplicating)));
        Assert.Equal(distinct, result.Distinct);
        Assert.True(result.Passed);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void It_comes_out_too_where_the_message_delivered_last_counts(int most, bool lossy, bool duplicating, int distinct) =>
        Assert.Equal(distinct, ModelChecker.Check(
            PingPongScenario.Of(most, new Network(Lossy: lossy, Duplicating: duplicating, LastDeliveredCounts: true))).Distinct);

    [Theory]
    [MemberData(nameof(Published))]
    public void It_comes_out_too_where_a_constraint_ends_the_game(int most, bool lossy, bool duplicating, int distinct)
    {
        var endless = PingPongScenario.Of(int.MaxValue, new Network(Lossy: lossy, Duplicating: duplicating)) with
        {
            Constraint = world => world.All<Count>().All(player => player.State.Value <= most),
            Properties = [PingPongProperties.DeltaWithinOne],
        };
        var result = ModelChecker.Check(endless);
        Assert.Equal(distinct, result.Distinct);
        Assert.True(result.Passed);
    }

    [Fact]
    public void A_ponger_that_counts_repeated_pings_is_caught_by_a_shortest_story()
    {
        var result = ModelChecker.Check(PingPongMutants.EagerPonger(5, new Network(Duplicating: true)));
        Assert.Equal(VerdictKind.Violated, result[PingPongProperties.DeltaWithinOne.Name].Kind);
        Assert.Equal(
            """
              - n1/pinger boots
                  sends Ping { Value = 0 } to n2/ponger
              1 n2/ponger receives Ping { Value = 0 } from n1/pinger
                  Value: 0 -> 1
                  sends Pong { Value = 0 } to n1/pinger
              2 n2/ponger receives Ping { Value = 0 } from n1/pinger
                  Value: 1 -> 2
                  sends Pong { Value = 0 } to n1/pinger

            """,
            result.Counterexample!.ToString());
    }
}

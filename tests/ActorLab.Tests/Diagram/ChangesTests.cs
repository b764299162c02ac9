using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Diagram;

/// <summary>Changes as pictures show them: put one after the other, they give every state of a run line by line.</summary>
public sealed class ChangesTests
{
    [Fact]
    public void The_lines_of_a_state_and_a_change_are_the_lines_of_the_next_state()
    {
        var states = new Dictionary<Address, SortedDictionary<string, string>>();
        var turns = 0;
        Simulator.Run(Samples.RaftScenarioOf5, Samples.Stormy with
        {
            VirtualTime = TimeSpan.FromSeconds(1.5),
            Watch = seen =>
            {
                var turn = seen.AsHappening();
                turns++;
                var lines = turn.Before is null ? states[turn.Where] = new(StringComparer.Ordinal) : states[turn.Where];
                Apply(lines, Canonical.Changes(turn.Before, turn.After));
                Assert.Equal(Lines(turn.After), lines);
            },
        });
        Assert.True(turns > 400, $"only {turns} turns");
    }

    [Fact]
    public void Equal_values_have_no_change_and_others_have_one()
    {
        var one = new Holder(null, [1, 2], Map.Of(("a", new Pair(1, "x"))), null);
        Assert.Empty(Canonical.Changes(one, one with { }));
        Assert.Equal(
            ["Pair: null -> absent", "Pair.Left: absent -> 7", "Pair.Right: absent -> \"y\"", "Items[1]: 2 -> 3", "Items[2]: absent -> 4",
                "Pairs[\"a\"]: Pair { Left = 1, Right = \"x\" } -> Pair { Left = 2, Right = \"x\" }", "Number: null -> 5"],
            Canonical.Changes(one, new Holder(new Pair(7, "y"), [1, 3, 4], Map.Of(("a", new Pair(2, "x"))), 5))
                .Select(change => change.ToString()));
    }

    private static void Apply(SortedDictionary<string, string> lines, Seq<Difference> changes)
    {
        foreach (var change in changes)
        {
            Assert.Equal(lines.GetValueOrDefault(change.Path, Difference.Absent), change.Before);
            if (change.After == Difference.Absent)
            {
                lines.Remove(change.Path);
            }
            else
            {
                lines[change.Path] = change.After;
            }
        }
    }

    private static SortedDictionary<string, string> Lines(object state)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Apply(lines, Canonical.Changes(null, state));
        return lines;
    }

    private sealed record Pair(int Left, string Right);

    private sealed record Holder(Pair? Pair, Seq<int> Items, Map<string, Pair> Pairs, int? Number);
}

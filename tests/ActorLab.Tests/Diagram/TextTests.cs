using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary>The picture in the terminal.</summary>
public sealed class TextTests
{
    [Fact]
    public void A_counterexample_fits_in_a_terminal()
    {
        const string expected = """
            paxos: Consistency is violated
                 n1                               n2                    n3
            time acceptor   learner    proposer   acceptor   proposer   acceptor
               0 │          │          ○          │          │          │           boots
               0 │          │          │          │          ○          │           boots
               0 ○          │          │          │          │          │           boots
               0 │          │          │          ○          │          │           boots
               0 │          │          │          │          │          ○           boots
               0 │          ○          │          │          │          │           boots
               1 │          │          ■          │          │          │           is asked for Propose { Value = "v1" }
               2 │          │          │          │          ■          │           is asked for Propose { Value = "v2" }
               3 ●◀─────────┼──────────┤          │          │          │           Prepare { Number = 1.n1 }
               4 │          │          ├─────────▶●          │          │           Prepare { Number = 1.n1 }
               5 ●◀─────────┼──────────┼──────────┼──────────┤          │           Prepare { Number = 1.n2 }
               6 │          │          │          ●◀─────────┤          │           Prepare { Number = 1.n2 }
               7 ├──────────┼─────────▶●          │          │          │           Promise { Number = 1.n1, Highest = null }
               8 │          │          ●◀─────────┤          │          │           Promise { Number = 1.n1, Highest = null }
               9 ├──────────┼──────────┼──────────┼─────────▶●          │           Promise { Number = 1.n2, Highest = null }
              10 │          │          │          ├─────────▶●          │           Promise { Number = 1.n2, Highest = null }
              11 ●◀─────────┼──────────┤          │          │          │           Accept { Proposal = Proposal { Number = 1.n1, Value = "v1" } }
              12 │          │          ├─────────▶●          │          │           Accept { Proposal = Proposal { Number = 1.n1, Value = "v1" } }
              13 ●◀─────────┼──────────┼──────────┼──────────┤          │           Accept { Proposal = Proposal { Number = 1.n2, Value = "v2" } }
              14 │          │          │          ●◀─────────┤          │           Accept { Proposal = Proposal { Number = 1.n2, Value = "v2" } }
            Consistency: Only a single value is chosen.
              It does not hold after step 14.
              * acceptances [1.n1]: {"v1": {n1/acceptor, n2/acceptor}}
              * acceptances [1.n2]: {"v2": {n1/acceptor, n2/acceptor}}
              (* without this it would hold)
            Again: lab replay paxos.replay.json
            """;
        Assert.Equal(expected.Split('\n'), Lines(Samples.Paxos, 160, 200));
    }

    [Fact]
    public void A_long_run_shows_its_last_rows_and_how_many_came_before()
    {
        var lines = Lines(Samples.Raft, 160, 20);
        var events = new Drawing(Samples.Raft).Marks.Count;
        Assert.Equal(1 + 2 + 1 + 20 + 1, lines.Count);
        Assert.Contains($"... {events - 20} earlier events", lines[3], StringComparison.Ordinal);
        Assert.All(lines.Skip(4).Take(20), line => Assert.InRange(line.Length, 20, 170));
    }

    [Fact]
    public void Losses_crashes_and_elections_have_signs_of_their_own()
    {
        var text = string.Join('\n', Lines(Samples.Raft, 200, 10_000));
        Assert.Matches(@"─ ?✗ │|│ ✗─|✗ │", text);
        Assert.Contains("★ leads term 1", text, StringComparison.Ordinal);
        Assert.Matches(@"n\d crashes", text);
        Assert.Matches(@"n\d restarts", text);
    }

    [Fact]
    public void Where_the_part_that_repeats_began_is_told_also_when_it_is_not_shown()
    {
        var picture = Samples.Paxos with { LoopsTo = 10, Violation = null };
        var from = new Drawing(picture).LoopsTo;
        var count = new Drawing(picture).Marks.Count;
        var lines = Lines(picture, 160, 5);
        Assert.Equal($"     all from {count - 5 - from} events before this on repeats for ever", lines[4]);
        lines = Lines(picture, 160, 1000);
        Assert.Equal("     from here on all repeats for ever", lines[3 + from]);
    }

    private static List<string> Lines(Picture picture, int width, int rows) =>
        [.. DiagramText.Lines(picture, width, rows).Select(line => line.Text)];
}

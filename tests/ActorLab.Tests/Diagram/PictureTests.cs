using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.Raft;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Models;

namespace ActorLab.Tests.Diagram;

/// <summary>What pictures say of runs.</summary>
public sealed class PictureTests
{
    public static TheoryData<string> Names() => ["paxos", "raft"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_receipt_comes_after_its_sending_and_says_the_same(string name)
    {
        var events = Of(name).Events;
        var receipts = events.Where(one => one.Trace is { Kind: TraceKind.Deliver }).ToList();
        Assert.NotEmpty(receipts);
        Assert.All(receipts, receipt =>
        {
            var sent = events[(int)receipt.Trace.Cause].Trace;
            Assert.Equal(
                (TraceKind.Send, receipt.Trace.Peer, receipt.Trace.Where, receipt.Trace.Text, receipt.Trace.Message),
                (sent.Kind, sent.Where, sent.Peer!.Value, sent.Text, sent.Message));
        });
        Assert.All(events.Select((one, place) => (one.Trace, place)), one =>
            Assert.True(one.Trace.Index == one.place && one.Trace.Cause < one.place));
    }

    [Fact]
    public void The_values_that_make_a_claim_false_are_told()
    {
        var violation = Samples.Paxos.Violation!;
        Assert.Equal(("Consistency", "Only a single value is chosen."), (violation.Property, violation.Claim));
        var drawing = new Drawing(Samples.Paxos);
        Assert.Equal(drawing.Marks.Count - 1, drawing.ViolationAt);
        Assert.Equal(
            ["acceptances [1.n1] {\"v1\": {n1/acceptor, n2/acceptor}} True",
                "acceptances [1.n2] {\"v2\": {n1/acceptor, n2/acceptor}} True"],
            violation.Facts.Select(fact => $"{fact.Of} {fact.Path} {fact.Value} {fact.Matters}"));
    }

    [Fact]
    public void Only_what_a_claim_needs_matters()
    {
        // Of the learners the second alone learned what nobody chose.
        var picture = Samples.OfViolation(PaxosMutants.HastyLearner(new PaxosOptions(Learners: 2)));
        Assert.Equal("Truthful Learning", picture.Violation!.Property);
        Assert.Single(picture.Violation.Facts
            .Where(fact => fact.Matters && fact.Of.EndsWith("/learner", StringComparison.Ordinal))
            .Select(fact => fact.Of).Distinct());
    }

    [Fact]
    public void Of_two_leaders_in_one_term_both_are_told()
    {
        var scenario = RaftMutants.All.Single(mutant => mutant.Name == "forgets-its-vote").Family.With(
            ("servers", 3), ("clients", 0), ("prevote", 0), ("lossy", 0), ("terms", 1), ("rounds", 0), ("operations", 0));
        var picture = Samples.OfViolation(
            scenario with { Network = scenario.Network with { NoOpDeliversStay = true, OneCopy = true } },
            new CheckOptions { Properties = ["Election Safety"] });
        var facts = picture.Violation!.Facts.Where(fact => fact.Path is "TwoInOneTerm.First" or "TwoInOneTerm.Second").ToList();
        Assert.All(facts, fact => Assert.True(fact.Matters));
        Assert.Equal(2, facts.Select(fact => fact.Value).Distinct().Count());
        Assert.Equal(
            facts.Select(fact => fact.Value).Order(),
            picture.Events.Where(one => one.Highlight is { Kind: HighlightKind.Election }).Select(one => $"{one.Trace.Where.Node}").Order());
        var lines = DiagramText.Lines(picture, 160, 100).Select(line => line.Text).ToList();
        Assert.All(facts, fact => Assert.Contains($"  * leaders by term {fact.Path}: {fact.Value}", lines));
    }

    [Fact]
    public void A_crash_within_a_turn_is_an_event_and_the_restart_ends_it()
    {
        var drawing = new Drawing(Samples.OfViolation(
            PaxosMutants.ForgetfulAcceptor(new PaxosOptions(Crashes: 1)), new CheckOptions { Properties = ["Consistency"] }));
        var down = Assert.Single(drawing.Spells);
        Assert.Equal(TraceKind.Crash, drawing.Marks[down.From].Event.Trace.Kind);
        Assert.Equal(TraceKind.Restart, drawing.Marks[down.To].Event.Trace.Kind);
        Assert.All(down.Lanes, lane => Assert.Equal(drawing.Marks[down.From].Event.Trace.Where.Node, drawing.Lanes[lane].Node));
    }

    [Fact]
    public void Of_a_behaviour_without_end_the_part_that_repeats_and_what_never_holds_are_told()
    {
        var scenario = WaitForAllScenario.Of(new WaitForAllOptions(Crashes: 1, Inputs: [0, 0, 0]));
        var picture = Samples.OfViolation(scenario, new ActorLab.Checking.CheckOptions { Properties = ["Termination"] });
        Assert.NotNull(picture.LoopsTo);
        var fact = Assert.Single(picture.Violation!.Facts);
        Assert.Equal(("all that are up have decided", true), (fact.Of, fact.Matters));
        Assert.StartsWith("false in every world that repeats", fact.Value, StringComparison.Ordinal);
        Assert.Equal((-1, -1), (picture.Violation.Event, new Drawing(picture).ViolationAt)); // it is false after no single event
    }

    [Fact]
    public void A_model_over_shared_variables_has_a_lane_for_each_process_and_its_variables_as_values()
    {
        var picture = Samples.OfViolation(Increment.Family.With());
        Assert.Equal(["model/thread t1", "model/thread t2"], picture.Lanes.Select(lane => lane.ToString()));
        Assert.Contains(picture.Violation!.Facts, fact => fact is { Of: "x", Value: "1" });
    }

    [Fact]
    public void Elections_decisions_partitions_and_down_times_of_a_run_are_marked()
    {
        var drawing = new Drawing(Samples.Raft);
        var highlights = Samples.Raft.Events.Where(one => one.Highlight is not null).Select(one => one.Highlight!).ToList();
        Assert.Contains(highlights, one =>
            one is { Kind: HighlightKind.Election } && one.Text.StartsWith("leads term", StringComparison.Ordinal));
        Assert.Contains(highlights, one =>
            one is { Kind: HighlightKind.Decision } && one.Text.StartsWith("commits", StringComparison.Ordinal));
        Assert.NotEmpty(drawing.Cuts);
        Assert.NotEmpty(drawing.Spells);
        Assert.All(drawing.Cuts.Zip(drawing.Cuts.Skip(1)), pair =>
            Assert.True(pair.First.To >= 0 && pair.First.To <= pair.Second.From));
    }

    [Fact]
    public void What_a_fault_cuts_is_read_from_its_text()
    {
        Set<Link> links = [new Link(new NodeId("n1"), new NodeId("n2")), new Link(new NodeId("n2"), new NodeId("n3"))];
        Assert.Equal(links, FaultText.CutsOf(new FaultAction.Cut(links).ToString()));
        Assert.Equal(links, FaultText.CutsOf(new FaultAction.Flap(links, TimeSpan.FromMilliseconds(50)).ToString()));
        Assert.Equal(Set<Link>.Empty, FaultText.CutsOf(new FaultAction.Heal().ToString()));
        Assert.Null(FaultText.CutsOf(new FaultAction.Crash(new NodeId("n1")).ToString()));
    }

    [Theory]
    [InlineData("n1>n2 n2>n1 n1>n3 n3>n1", "n1 | n2 n3")]
    [InlineData("n1>n2", "cut n1>n2")]
    [InlineData("n1>n2 n2>n1 n1>n3 n3>n1 n2>n3 n3>n2", "n1 | n2 | n3")]
    public void A_partition_reads_as_its_sides(string cuts, string text) => Assert.Equal(
        text, new CutSpell(0, 1, FaultText.CutsOf($"cut {cuts}")!.Value).Text([.. NodeId.Range(3)]));

    [Fact]
    public void Watching_changes_no_run()
    {
        var plain = ActorLab.Simulation.Simulator.Run(Samples.RaftScenarioOf5, Samples.Stormy);
        var watched = RecordedRun.Of(Samples.RaftScenarioOf5, Samples.Stormy).Result;
        Assert.Equal(plain.TraceHash, watched.TraceHash);
    }

    private static Picture Of(string name) => name == "paxos" ? Samples.Paxos : Samples.Raft;
}

using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Tests.Checking;

/// <summary>The engine around the steps: threads, symmetry, memory, roles and models that break the rules.</summary>
public sealed class EngineTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };

    [Fact]
    public void One_thread_and_four_find_the_same_things_in_the_same_order()
    {
        var scenario = PaxosMutants.WithoutPhase2bGuard(new PaxosOptions(2, 3, 1));
        var (one, four) = (Check(1), Check(4));
        Assert.NotNull(one.Counterexample);
        Assert.Equal(Figures(one), Figures(four));
        CheckResult Check(int threads) => ModelChecker.Check(scenario, new CheckOptions { Threads = threads });
    }

    [Fact]
    public void Models_too_are_the_same_with_any_number_of_threads() => Assert.Equal(
        Figures(ModelChecker.Check(PaxosSpec.Of(3, 2, 1, ignoresVotes: true), Whole with { Threads = 1 })),
        Figures(ModelChecker.Check(PaxosSpec.Of(3, 2, 1, ignoresVotes: true), Whole with { Threads = 3 })));

    [Fact]
    public void What_memory_does_not_hold_goes_to_a_file_and_comes_back()
    {
        var model = Ewd426.Family.With();
        var free = ModelChecker.Check(model, Whole with { Properties = ["Disorder"] });
        var tight = ModelChecker.Check(
            model, Whole with { Properties = ["Disorder"], MemoryBytes = free.MemoryBytes + 300_000 }); // Of 490,000 wanted.
        Assert.Contains(tight.Remarks, remark => remark.Contains("temporary file", StringComparison.Ordinal));
        Assert.Equal((46656, free.Generated, true), (tight.Distinct, tight.Generated, tight.Complete));
    }

    [Fact]
    public void A_table_that_does_not_fit_is_a_bound()
    {
        var result = ModelChecker.Check(TwoPhase.Family.With(("rms", 7)), Whole with { MemoryBytes = 1 << 20 });
        Assert.False(result.Complete);
        Assert.Contains("the tables of worlds and steps alone", result.StoppedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_check_tells_what_it_found()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var result = ModelChecker.Check(TwoPhase.Family.With(), Whole with { Cancellation = stop.Token });
        Assert.Equal((false, "it was interrupted"), (result.Complete, result.StoppedBecause));
        Assert.Equal(VerdictKind.Undecided, result["TCConsistent"].Kind);
    }

    [Fact]
    public void Progress_is_told_and_grows()
    {
        var heard = new List<CheckProgress>();
        ModelChecker.Check(TwoPhase.Family.With(("rms", 8)), Whole with { Progress = heard.Add });
        Assert.NotEmpty(heard);
        Assert.Equal(heard.OrderBy(progress => progress.Distinct), heard);
    }

    [Fact]
    public void Symmetry_is_refused_where_there_is_none_and_with_temporal_properties()
    {
        Assert.Contains("no interchangeable nodes", Refused(Ewd840.Family.With()), StringComparison.Ordinal);
        Assert.Contains("temporal properties", Refused(Increment.Family.With()), StringComparison.Ordinal);
    }

    [Fact]
    public void Symmetry_is_refused_where_a_node_is_not_like_the_others()
    {
        var nodes = NodeId.Range(3);
        Assert.Contains("not symmetric", Refused(Favouring(m => m.Table("x", nodes, node => node.Name == "n1" ? 1 : 0))), StringComparison.Ordinal);
        Assert.Contains("not symmetric", Refused(Favouring(m =>
        {
            var x = m.Table("x", nodes, 0);
            m.Step("step", nodes, (s, node) => x[s, node] = node.Name == "n2" ? 2 : 1);
        })), StringComparison.Ordinal);
        Assert.Contains("not symmetric", Refused(Favouring(m =>
        {
            var x = m.Table("x", nodes, 0);
            m.Step("step", nodes, (s, node) => x[s, node] = 1);
            m.Always("first", "-", s => x[s, new NodeId("n1")] == 0);
        })), StringComparison.Ordinal);

        Model Favouring(Action<ModelBuilder> build)
        {
            var m = new ModelBuilder("favouring");
            build(m);
            m.Symmetric(nodes);
            return m.Build();
        }
    }

    [Fact]
    public void A_role_that_keeps_state_outside_is_found()
    {
        var result = ModelChecker.Check(new Scenario
        {
            Name = "forgetful",
            Placements = [new Placement(Address.Parse("n1/counter"), RoleBinding.Of(new OutsideCounter()))],
            Workload = [new PlannedOperation(Address.Parse("n1/counter"), new WalkerMessage.Hint())],
        });
        Assert.Contains("n1/counter is not deterministic", result.Failure!.Message, StringComparison.Ordinal);
        Assert.False(result.Passed);
    }

    [Fact]
    public void A_model_that_reads_outside_its_variables_is_found()
    {
        var calls = 0;
        var m = new ModelBuilder("outside");
        var x = m.Variable("x", 0);
        m.Step("step", s => x[s] = Math.Min(3, ++calls));
        var result = ModelChecker.Check(m.Build());
        Assert.Contains("outside is not deterministic: its step step", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_reads_outside_its_variables_when_it_waits_is_found()
    {
        var calls = 0;
        var m = new ModelBuilder("outside");
        var x = m.Variable("x", 0);
        m.Step("step", s =>
        {
            s.Await(calls++ > 0 && x[s] < 3);
            x[s] = x[s] + 1;
        });
        Assert.Contains(
            "outside is not deterministic: its step step", ModelChecker.Check(m.Build()).Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>It waits both times, but for other things: there is no label to tell.</summary>
    [Fact]
    public void A_model_that_waits_for_what_it_asks_outside_is_found()
    {
        var calls = 0;
        var m = new ModelBuilder("outside");
        var (x, y) = (m.Variable("x", 0), m.Variable("y", 0));
        m.Step("step", ["p1"], (s, _) => s.Await((calls++ > 0 ? x[s] : y[s]) > 0));
        Assert.Contains("outside is not deterministic: a step of \"p1\"", ModelChecker.Check(m.Build()).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_properties_are_refused_with_the_known_ones() => Assert.Contains(
        "It has: TCConsistent, Committed",
        Assert.Throws<ArgumentException>(() => ModelChecker.Check(
            TCommit.Family.With(), Whole with { Properties = ["Consistent"] })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_constraint_is_remarked() => Assert.Contains(
        ModelChecker.Check(LamportMutex.Family.With(("processes", 2), ("clock", 3))).Remarks,
        remark => remark.Contains("constraint", StringComparison.Ordinal));

    private static string Refused(Model model) => Assert.Throws<ArgumentException>(() =>
        ModelChecker.Check(model, Whole with { Symmetry = true })).Message;

    private static string Figures(CheckResult result) => string.Join('\n', result.Verdicts
        .Select(verdict => $"{verdict.Property.Name} {verdict.Kind} {verdict.Story}")
        .Prepend($"{result.Distinct} {result.Generated} {result.Depth} {result.Turns} {result.StoppedBecause}"));

    private sealed class OutsideCounter : IRole<WalkerState, WalkerDisk, WalkerMessage>
    {
        private int _calls;

        public WalkerDisk EmptyDisk => new(0);

        public WalkerState Boot(WalkerDisk disk, Turn<WalkerMessage> turn) => new(disk, 0);

        public WalkerState Receive(WalkerState state, Address sender, WalkerMessage message, Turn<WalkerMessage> turn) =>
            state with { Steps = ++_calls };
    }
}

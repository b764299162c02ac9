using ActorLab.Checking;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Each model has exactly as many worlds as its original: see tests/vectors/model_checking.</summary>
public sealed class CountsTests
{
    private static readonly CheckOptions Whole = new() { StopAtViolation = false };

    private static readonly SortedDictionary<string, Func<CheckOptions, CheckResult>> Models = new(StringComparer.Ordinal)
    {
        ["TCommit"] = Of(TCommit.Family.With()),
        ["TwoPhase"] = Of(TwoPhase.Family.With()),
        ["Paxos (PaxosHow"] = Of(PaxosSpec.Family.With()),
        ["Voting"] = Of(Voting.Family.With()),
        ["Chang-Roberts"] = Of(ChangRoberts.Family.With()),
        ["Peterson"] = Of(Peterson.Family.With()),
        ["Lock"] = Of(SemaphoreLock.Family.With()),
        ["Bakery"] = Of(Bakery.Family.With()),
        ["Lamport"] = Of(LamportMutex.Family.With()),
        ["EWD840"] = Of(Ewd840.Family.With()),
        ["EWD426"] = Of(Ewd426.Family.With()),
        ["Readers"] = Of(ReadersWriters.Family.With()),
        ["Dining"] = Of(DiningPhilosophers.Family.With()),
        ["bcastByz"] = Of(BcastByz.Family.With()),
    };

    /// <summary>Rows whose models are roles with register clients: not here yet.</summary>
    private static readonly string[] NotYet = ["single-copy register", "ABD linearizable register", "single-decree Paxos"];

    public static TheoryData<string, long, long> Rows()
    {
        var data = new TheoryData<string, long, long>();
        foreach (var row in Lines().Where(row => row[0] == "tla"))
        {
            data.Add(row[1], long.Parse(row[3]), row[4] == "-" ? -1 : long.Parse(row[4]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_model_has_the_worlds_of_its_original(string row, long distinct, long generated)
    {
        var result = Models.First(model => row.StartsWith(model.Key, StringComparison.Ordinal)).Value(Whole);
        Assert.Equal(distinct, result.Distinct);
        Assert.Equal(generated < 0 ? result.Generated : generated, result.Generated);
        Assert.True(result.Passed, string.Join(", ", result.Verdicts.Select(v => $"{v.Property.Name} {v.Kind}")));
    }

    [Theory]
    [InlineData(3, 288, 80)]
    [InlineData(5, 8832, 314)]
    public void Two_phase_commit_has_as_many_orbits_as_the_stateright_model(int rms, long worlds, long orbits)
    {
        Assert.Equal(worlds, ModelChecker.Check(TwoPhase.Family.With(("rms", rms))).Distinct);
        Assert.Equal(orbits, ModelChecker.Check(TwoPhase.Family.With(("rms", rms)), Whole with { Symmetry = true }).Distinct);
    }

    [Fact]
    public void Two_threads_without_a_lock_have_13_worlds_and_8_orbits()
    {
        var model = Increment.Family.With();
        Assert.Equal(13, ModelChecker.Check(model, Whole).Distinct);
        Assert.Equal(8, ModelChecker.Check(model, Whole with { Symmetry = true, Properties = ["fin"] }).Distinct);
    }

    [Fact]
    public void Every_row_has_its_test()
    {
        string[] tested = ["two-phase commit (the TLA+ model)", "increment, no lock", "ping-pong"]; // The last elsewhere.
        Assert.Equal(
            NotYet.Concat(tested).Order(StringComparer.Ordinal),
            Lines().Where(row => row[0] == "stateright").Select(row => row[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Lines().Where(row => row[0] == "tla"), row =>
            Assert.Contains(Models.Keys, key => row[1].StartsWith(key, StringComparison.Ordinal)));
    }

    private static IEnumerable<string[]> Lines() => File.ReadLines(
        Path.Combine(AppContext.BaseDirectory, "vectors", "model_checking", "counts.tsv")).Skip(1).Select(line => line.Split('\t'));

    private static Func<CheckOptions, CheckResult> Of(Model model) => options => ModelChecker.Check(model, options);
}

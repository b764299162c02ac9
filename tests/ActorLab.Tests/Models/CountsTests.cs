using ActorLab.Checking;
using ActorLab.Core;
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

    private static readonly SortedDictionary<string, ScenarioFamily> Registers = new(StringComparer.Ordinal)
    {
        ["single-copy register"] = SingleCopyRegister.Family,
        ["ABD linearizable register"] = Abd.Family,
        ["single-decree Paxos"] = RegisterPaxos.Family,
    };

    public static TheoryData<string, int, int, long, long> RegisterRows()
    {
        var data = new TheoryData<string, int, int, long, long>();
        foreach (var row in Lines().Where(row => Registers.ContainsKey(row[1])))
        {
            int[] words = [.. row[2].Split(", ").Select(word => int.Parse(word.Split(' ')[0]))];
            data.Add(row[1], words[0], words[1], long.Parse(row[3]), long.Parse(row[4]));
        }

        return data;
    }

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

    /// <summary>In whatever order the identities stand, the smallest initiator wins; how many worlds that takes depends.</summary>
    [Fact]
    public void Identities_in_any_order_elect_the_smallest()
    {
        var results = Enumerable.Range(0, 6)
            .Select(order => ModelChecker.Check(ChangRoberts.Family.With(("nodes", 3), ("order", order)), Whole)).ToList();
        Assert.All(results, result => Assert.True(result.Passed));
        Assert.Equal(results[0].Distinct, results[3].Distinct); // 1 2 3 and 2 3 1: the same ring.
        Assert.True(results.Select(result => result.Distinct).Distinct().Count() == 2, "A ring goes up or down.");
        Assert.Contains("0 to 5", Assert.Throws<FormatException>(
            () => ChangRoberts.Family.With(("nodes", 3), ("order", 6))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_threads_without_a_lock_have_13_worlds_and_8_orbits()
    {
        var model = Increment.Family.With();
        Assert.Equal(13, ModelChecker.Check(model, Whole).Distinct);
        Assert.Equal(8, ModelChecker.Check(model, Whole with { Symmetry = true, Properties = ["fin"] }).Distinct);
    }

    [Theory]
    [MemberData(nameof(RegisterRows))]
    public void A_register_has_the_worlds_of_its_original(string row, int servers, int clients, long distinct, long generated)
    {
        var result = ModelChecker.Check(Registers[row].With(("servers", servers), ("clients", clients)), Whole);
        Assert.Equal((distinct, generated, true), (result.Distinct, result.Generated, result.Passed));
    }

    [Fact]
    public void Every_row_has_its_test()
    {
        Assert.Equal(Registers.Count, RegisterRows().Count);
        string[] tested = ["two-phase commit (the TLA+ model)", "increment, no lock", "ping-pong"]; // The last elsewhere.
        Assert.Equal(
            Registers.Keys.Concat(tested).Order(StringComparer.Ordinal),
            Lines().Where(row => row[0] == "stateright").Select(row => row[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Lines().Where(row => row[0] == "tla"), row =>
            Assert.Contains(Models.Keys, key => row[1].StartsWith(key, StringComparison.Ordinal)));
    }

    private static IEnumerable<string[]> Lines() => File.ReadLines(
        Path.Combine(AppContext.BaseDirectory, "vectors", "model_checking", "counts.tsv")).Skip(1).Select(line => line.Split('\t'));

    private static Func<CheckOptions, CheckResult> Of(Model model) => options => ModelChecker.Check(model, options);
}

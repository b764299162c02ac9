using System.Text.Json;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Checking;
using ActorLab.Core;
using Xunit.Abstractions;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Section 3 of the paper on the roles themselves: see tests/vectors/byzantine.</summary>
public sealed class PaperTests(ITestOutputHelper output)
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "vectors", "byzantine", "om.json"))).RootElement;

    public static TheoryData<int, int, int, string> Counts()
    {
        var data = new TheoryData<int, int, int, string>();
        foreach (var row in Vectors.GetProperty("counts").EnumerateArray())
        {
            data.Add(Number(row, "n"), Number(row, "m"), Number(row, "total"), string.Join(' ', Texts(row, "by_level")));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Section_3_message_counts(int n, int m, int total, string byLevel)
    {
        var council = CouncilOf(n, m);
        var table = new RoundTable(council, _ => RoleBinding.Of(new General(council)), _ => 0);
        Assert.Equal(byLevel, string.Join(' ', table.ByLevel.Values));
        Assert.Equal(total, table.ByLevel.Values.Sum());
        Assert.All(table.Loyal, general => Assert.Equal(council.Orders[0], general.State.Decision));
    }

    [Fact]
    public void Every_row_of_the_counts_is_there() => Assert.Equal(4, Counts().Count);

    /// <summary>Figure 3: lieutenant 3 is a traitor.</summary>
    [Fact]
    public void Section_3_a_traitor_among_the_lieutenants()
    {
        var row = Vectors.GetProperty("cases")[0];
        var council = CouncilOf(4, 1, ["v", "x"]);
        var table = new RoundTable(
            council,
            general => general == Lieutenant(3)
                ? RoleBinding.Of(new Scripted(council, (_, _) => "x"))
                : RoleBinding.Of(new General(council)),
            _ => 0);
        foreach (var i in (int[])[1, 2])
        {
            Assert.Equal(Texts(row, $"L{i}"), HeardBy(i, table));
            Assert.Equal(row.GetProperty($"L{i}_decides").GetString(), table[Lieutenant(i)].Decision);
        }
    }

    /// <summary>Figure 4: the commander is a traitor.</summary>
    [Theory]
    [InlineData("x", "y", "z", "retreat")]
    [InlineData("x", "y", "x", "x")]
    [InlineData("x", "x", "z", "x")]
    public void Section_3_a_traitor_as_commander(string first, string second, string third, string decision)
    {
        string[] told = [first, second, third];
        var row = Vectors.GetProperty("cases")[1];
        var council = CouncilOf(4, 1, ["x", "y", "z"]);
        var table = new RoundTable(
            council,
            general => general == council.Generals[0]
                ? RoleBinding.Of(new Scripted(council, (_, to) => told[council.Generals.ToList().IndexOf(to) - 1]))
                : RoleBinding.Of(new General(council)),
            _ => 0);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(told, HeardBy(i, table));
            Assert.Equal(decision, table[Lieutenant(i)].Decision);
            if (decision == "retreat")
            {
                Assert.Equal(Texts(row, $"L{i}"), HeardBy(i, table));
            }
        }
    }

    /// <summary>The cases that say on which side of the bound they lie: the checker finds the violation, or none.</summary>
    [Theory]
    [InlineData(2, "IC2", 1)]
    [InlineData(3, "", 1)]
    [InlineData(3, "", 2)]
    [InlineData(4, "IC2", 1)]
    [InlineData(5, "", 1)]
    [InlineData(5, "IC1", 2)]
    public void Section_3_both_sides_of_the_bound(int number, string broken, int placement)
    {
        var row = Vectors.GetProperty("cases")[number];
        var (n, m) = (Number(row, "n"), Number(row, "m"));
        var result = ModelChecker.Check(GeneralsScenario.Of(new GeneralsOptions(
            n, m, row.TryGetProperty("traitors", out _) ? Number(row, "traitors") : m, (TraitorPlacement)placement,
            new Lies(MaySayNothing: false, KeepsFaces: m > 1))));
        output.WriteLine($"n={n} m={m} placement={placement}: {result.Distinct} worlds, {result.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(broken == "", result.Passed);
        Assert.Equal(broken, string.Join(
            ' ', result.Verdicts.Where(v => v.Kind == VerdictKind.Violated).Select(v => v.Property.Name)));
    }

    [Fact]
    public void Every_case_has_its_test() => Assert.Equal(6, Vectors.GetProperty("cases").GetArrayLength());

    /// <summary>Theorem 1, where the lies are too many to try all: any two traitors, random lies from seeds.</summary>
    [Fact]
    public void Theorem_1_seven_generals_stand_any_two_traitors_whatever_they_say()
    {
        var council = CouncilOf(7, 2);
        var decisions = new SortedSet<string>(StringComparer.Ordinal);
        for (var one = 0; one < 7; one++)
        {
            for (var other = 0; other < one; other++)
            {
                for (var seed = 0; seed < 40; seed++)
                {
                    var random = new Random((((one * 7) + other) * 1000) + seed);
                    Set<NodeId> traitors = [council.Generals[one], council.Generals[other]];
                    var table = new RoundTable(
                        council,
                        general => traitors.Contains(general)
                            ? RoleBinding.Of(new Traitor(council, new Lies()))
                            : RoleBinding.Of(new General(council)),
                        random.Next);
                    var obeyed = table.Loyal.Select(general => general.State.Decision!).Distinct().ToList();
                    Assert.True(
                        obeyed.Count == 1, $"traitors {traitors}, seed {seed}: the loyal ones decide {string.Join(", ", obeyed)}");
                    decisions.Add(obeyed[0]);
                }
            }
        }

        Assert.Equal(["attack", "retreat"], decisions);
    }

    /// <summary>A3: the absence of a message can be detected, and the order is to retreat then.</summary>
    [Fact]
    public void A3_who_hears_nothing_retreats()
    {
        var council = CouncilOf(4, 1);
        var table = new RoundTable(
            council,
            general => general == council.Generals[0]
                ? RoleBinding.Of(new Scripted(council, (_, _) => null))
                : RoleBinding.Of(new General(council)),
            _ => 0);
        Assert.Empty(table.ByLevel);
        Assert.All(table.Loyal, general => Assert.Equal("retreat", general.State.Decision));
    }

    /// <summary>A2: a receiver knows who sent a message. Nonsense, repetition and lateness change nothing either.</summary>
    [Fact]
    public void A2_nobody_speaks_in_the_name_of_another()
    {
        var council = CouncilOf(4, 1);
        var role = RoleBinding.Of(new General(council));
        var (commander, self, other, third) = (council.Generals[0], Lieutenant(1), Lieutenant(2), Lieutenant(3));
        var state = Boot(role, self);
        foreach (var (from, path, order) in new (NodeId, RelayPath, string)[]
        {
            (other, RelayPath.Of(commander), "attack"),
            (other, RelayPath.Of(commander, third), "attack"),
            (other, RelayPath.Of(other), "attack"),
            (other, RelayPath.Of(commander, self, other), "attack"),
            (other, RelayPath.Of(commander, third, other), "attack"),
            (other, RelayPath.Of(commander, new NodeId("stranger"), other), "attack"),
            (commander, RelayPath.Of(commander, commander), "attack"),
            (commander, RelayPath.Of(), "attack"),
            (commander, RelayPath.Of(commander), "dance"),
        })
        {
            // At most it is counted.
            Assert.Equal(state, (GeneralState.Loyal)Receive(role, self, state, from, path, order) with { Refused = 0 });
        }

        var heard = Receive(role, self, state, commander, RelayPath.Of(commander), "attack");
        Assert.NotEqual(state, heard);
        Assert.Same(heard, Receive(role, self, heard, commander, RelayPath.Of(commander), "retreat"));
        var decided = role.Expire(heard, council.Deadline, ContextOf(self)).State;
        Assert.Same(decided, Receive(role, self, decided, other, RelayPath.Of(commander, other), "attack"));
    }

    private static TurnContext ContextOf(NodeId self) => new(Council.AddressOf(self), new ChoicePathOfNobody(), () => default);

    private static object Boot(RoleBinding role, NodeId self) => role.Boot(role.EmptyDisk, ContextOf(self)).State;

    private static object Receive(RoleBinding role, NodeId self, object state, NodeId from, RelayPath path, string order) =>
        role.Receive(state, Council.AddressOf(from), new Oral(path, order), ContextOf(self)).State;

    private static Council CouncilOf(int n, int m, Seq<string>? orders = null)
    {
        var generals = Seq.ToSeq(NodeId.Range(n));
        return new Council(generals, generals.Take(1), m, orders ?? ["attack", "retreat"], "retreat");
    }

    private static NodeId Lieutenant(int number) => new($"n{number + 1}");

    /// <summary>v_1 to v_3 as lieutenant i has them: his own, and what the others say.</summary>
    private static IEnumerable<string> HeardBy(int i, RoundTable table)
    {
        var commander = RelayPath.Of(new NodeId("n1"));
        return Enumerable.Range(1, 3).Select(j =>
            table[Lieutenant(i)].Heard[j == i ? commander : commander.Then(Lieutenant(j))]);
    }

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();

    private static IEnumerable<string> Texts(JsonElement row, string name) =>
        row.GetProperty(name).EnumerateArray().Select(text => text.ToString());

    private sealed class ChoicePathOfNobody : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("A lieutenant has nothing to choose.");
    }
}

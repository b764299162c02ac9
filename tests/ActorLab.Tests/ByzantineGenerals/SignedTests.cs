using System.Text.Json;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Checking;
using ActorLab.Core;
using Xunit.Abstractions;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Section 4 of the paper on the roles themselves: see tests/vectors/byzantine.</summary>
public sealed class SignedTests(ITestOutputHelper output)
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "vectors", "byzantine", "sm.json"))).RootElement;

    [Fact]
    public void Section_4_message_counts()
    {
        var rows = Vectors.EnumerateObject().Single(one => one.Name.StartsWith("fault_free", StringComparison.Ordinal)).Value;
        Assert.Equal(3, rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
        {
            Assert.Equal(
                row.GetProperty("total").GetInt32(), MessagesOf(row.GetProperty("n").GetInt32(), row.GetProperty("m").GetInt32(), signed: true));
        }
    }

    /// <summary>The recursion of OM(m), and each lieutenant passing one order on, for every size that a lab may have.</summary>
    [Fact]
    public void Message_counts_for_any_n_and_m()
    {
        for (var n = 3; n <= 9; n++)
        {
            for (var m = 0; m <= Math.Min(3, n - 2); m++)
            {
                Assert.Equal(m == 0 ? n - 1 : (n - 1) * (n - 1), MessagesOf(n, m, signed: true));
                Assert.Equal(Recursion(n, m), MessagesOf(n, m, signed: false));
            }
        }

        static int Recursion(int n, int m) => n - 1 + (m == 0 ? 0 : (n - 1) * Recursion(n - 1, m - 1));
    }

    /// <summary>Figure 5: the commander signs two orders; both lieutenants hear of both, and know who is the traitor.</summary>
    [Fact]
    public void Figure_5_the_commander_signs_two_orders()
    {
        var row = Vectors.GetProperty("cases")[0];
        var plan = Plan(3, 1, "n1:two-faced:attack=n2");
        var table = RoundTable.Of(plan, KeysOf(plan));
        foreach (var (who, name) in new[] { ("n2", "V1"), ("n3", "V2") })
        {
            var state = table[new NodeId(who)];
            Assert.Equal(
                row.GetProperty(name).EnumerateArray().Select(order => order.GetString()!), state.Signed.Keys);
            Assert.Equal("retreat", state.Decision);
        }
    }

    [Theory]
    [InlineData("silent", 0)]
    [InlineData("relay-liar", 1)]
    [InlineData("forger", 1)]
    [InlineData("replayer", 0)]
    public void Section_4_a_traitor_cannot_forge_a_loyal_commander(string strategy, int refused)
    {
        var row = Vectors.GetProperty("cases")[1];
        var plan = Plan(3, 1, $"n3:{strategy}");
        var state = RoundTable.Of(plan, KeysOf(plan))[new NodeId("n2")];
        Assert.Equal("v", Assert.Single(row.GetProperty("V1").EnumerateArray()).GetString());
        Assert.Equal("attack", Assert.Single(state.Signed.Keys));
        Assert.Equal("attack", state.Decision);
        Assert.Equal(refused, state.Refused);
    }

    /// <summary>Ed25519 is a function of key and text, and anything that is changed shows.</summary>
    [Fact]
    public void A4_signatures_are_deterministic_and_whatever_changes_is_refused()
    {
        var generals = Seq.ToSeq(NodeId.Range(4));
        var keys = new KeyRing(generals, "test");
        var first = keys.SignerOf(generals[0]).Sign("n1#1", "attack");
        Assert.Equal(first, new KeyRing(generals, "test").SignerOf(generals[0]).Sign("n1#1", "attack"));
        Assert.NotEqual(first, new KeyRing(generals, "other").SignerOf(generals[0]).Sign("n1#1", "attack"));
        var passed = keys.SignerOf(generals[1]).Add("n1#1", first);
        Assert.Equal(64, Convert.FromBase64String(passed.Signatures[1]).Length);
        Assert.Null(keys.Public.Forged("n1#1", passed));
        Assert.Equal(generals[0], keys.Public.Forged("n1#2", passed));
        Assert.Equal(generals[0], keys.Public.Forged("n1#1", passed with { Order = "retreat" }));
        Assert.Equal(generals[2], keys.Public.Forged("n1#1", passed with { Path = RelayPath.Of(generals[0], generals[2]) }));
        Assert.Equal(generals[1], keys.Public.Forged("n1#1", passed with { Signatures = passed.Signatures.SetItem(1, "not base64") }));
        Assert.Equal(generals[1], keys.Public.Forged("n1#1", passed with { Signatures = passed.Signatures.Take(1) }));
        Assert.Equal(generals[1], keys.Public.Forged("n1#1", passed with { Signatures = passed.Signatures.Add(passed.Signatures[1]) }));
        Assert.Equal(generals[1], keys.Public.Forged("n1#1", passed with { Signatures = passed.Signatures.SetItem(1, null!) }));
        Assert.Equal(generals[0], keys.Public.Forged("n1#1", keys.SignerOf(generals[1]).Sign("n1#1", "attack") with
        {
            Path = RelayPath.Of(generals[0]),
        }));
    }

    /// <summary>
    /// A commander whose order has one signature too many: a lieutenant who took it would sign behind that one, and the other
    /// could not take what he passes on. Both refuse, and so obey the same.
    /// </summary>
    [Fact]
    public void Section_4_a_message_has_one_signature_of_each_on_its_path()
    {
        var plan = Plan(3, 1, "");
        var keys = KeysOf(plan);
        var order = keys.SignerOf(plan.Commander).Sign("", "attack");
        var table = new RoundTable(
            plan.Council,
            general => general == plan.Commander
                ? RoleBinding.Of(new Says(plan.Generals[1], order with { Signatures = order.Signatures.Add("surplus") }))
                : RoleBinding.Of(plan.RoleOf(keys.SignerOf(general), keys.Public)),
            _ => throw new InvalidOperationException("Nothing is left to dice."));
        Assert.Equal(["retreat", "retreat"], table.Loyal.Select(general => general.State.Decision));
        Assert.Equal([1, 0], table.Loyal.Select(general => general.State.Refused));
    }

    /// <summary>SM(1) with three generals holds, where OM(1) fails; with more traitors than m it fails.</summary>
    [Theory]
    [InlineData(3, 1, 1, 0, "", 1_549)]
    [InlineData(3, 0, 1, 0, "IC1", null)]
    [InlineData(4, 1, 1, 0, "", 60_229)]
    [InlineData(4, 1, 2, 2, "IC1", null)]
    public void Every_lie_that_signatures_leave(int n, int m, int traitors, int placement, string broken, int? distinct)
    {
        var result = ModelChecker.Check(SignedScenario.Of(new GeneralsOptions(n, m, traitors, (TraitorPlacement)placement), mayForge: n == 3));
        output.WriteLine($"n={n} m={m} traitors={traitors}: {result.Distinct} worlds, {result.Elapsed.TotalSeconds:F1} s");
        Assert.Null(result.Failure);
        Assert.Equal(broken, string.Join(
            ' ', result.Verdicts.Where(v => v.Kind == VerdictKind.Violated).Select(v => v.Property.Name)));
        Assert.Equal(broken == "", result.Passed);
        Assert.True(distinct is null || distinct == result.Distinct, $"{result.Distinct} worlds"); // Pinned where all are explored.
    }

    [Fact]
    public void Each_mutant_is_caught_by_the_property_that_should()
    {
        Assert.Equal(4, SignedMutants.All.Count);
        foreach (var mutant in SignedMutants.All)
        {
            var result = ModelChecker.Check(mutant.Family.With(), new CheckOptions { Properties = mutant.Breaks.ToSet() });
            Assert.Null(result.Failure);
            Assert.All(mutant.Breaks, property => Assert.Equal(VerdictKind.Violated, result[property].Kind));
        }
    }

    /// <summary>A commander who says one thing to one general, and no more.</summary>
    private sealed class Says(NodeId to, GeneralsMessage message) : IRole<GeneralState, NoDisk, GeneralsMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
        {
            turn.Tell(Council.AddressOf(to), message);
            return new GeneralState.Traitor(default);
        }

        public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn) => state;
    }

    private static int MessagesOf(int n, int m, bool signed)
    {
        var plan = Plan(n, m, "", signed);
        return RoundTable.Of(plan, KeysOf(plan)).ByLevel.Values.Sum();
    }

    private static BattlePlan Plan(int n, int m, string traitors, bool signed = true)
    {
        var generals = Seq.ToSeq(NodeId.Range(n));
        return new BattlePlan(generals, generals[0], m, signed, Strategy.ParseAll(traitors), "attack", 1);
    }

    private static KeyRing KeysOf(BattlePlan plan) => new(plan.Generals, "test");
}

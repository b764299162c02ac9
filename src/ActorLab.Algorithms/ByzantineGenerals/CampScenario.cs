using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.CampMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>Camps on all nodes, and users who have battles fought.</summary>
public static class CampScenario
{
    public const string Name = "campaign";

    public static readonly TimeSpan DefaultRound = TimeSpan.FromMilliseconds(500);

    /// <summary>Of <see cref="Drill.Calls"/>: three seconds of rounds of half a second.</summary>
    public const int DefaultCalls = 6;

    public static readonly ScenarioFamily Family = new(
        Name,
        "Byzantine generals on a network that keeps time: users give orders, one after the other.",
        [
            new ScenarioParameter("nodes", "generals, one on each node", 4, 3, 9),
            new ScenarioParameter("m", "how often they pass on what they heard", 1, 0, BattlePlan.MostRounds),
            new ScenarioParameter("signed", "1: signed messages; 0: oral ones", 0, 0, 1),
            new ScenarioParameter("orders", "orders of the workload, from one node after the other", 3, 0, 1_000),
            new ScenarioParameter("traitors", "traitors in each battle, other ones and of other strategies each time", 1, 0, 4),
            new ScenarioParameter("round", "how long a round is, in milliseconds", 500, 1, 60_000),
            new ScenarioParameter("calls", "how often, once a round, a commander calls those who do not answer his muster", DefaultCalls, 1, 100),
        ],
        given => With(given));

    /// <summary>For a cluster, whose users give the orders.</summary>
    /// <exception cref="FormatException">So many generals are none.</exception>
    public static Scenario OnNodes(int nodes, TimeSpan? round = null) => nodes is >= 3 and <= 9
        ? Of(Seq.ToSeq(NodeId.Range(nodes)), new Drill(round ?? DefaultRound, DefaultCalls))
        : throw new FormatException($"Generals are 3 to 9, one on each node: not {nodes}.");

    internal static Scenario With(ScenarioArguments given, Func<Seat, Drill, Camp>? camp = null)
    {
        var generals = Seq.ToSeq(NodeId.Range(given["nodes"]));
        if (given["traitors"] > generals.Count)
        {
            throw new FormatException($"{given["traitors"]} traitors are more than the {generals.Count} generals.");
        }

        var scenario = Of(generals, new Drill(TimeSpan.FromMilliseconds(given["round"]), given["calls"]), camp);
        var workload = Enumerable.Range(0, given["orders"]).Select(i => OrderOf(i, generals, given)).ToSeq();
        if (workload.Select(one => RefusalOf(one, generals)).FirstOrDefault(refusal => refusal is not null) is { } sentence)
        {
            throw new FormatException(sentence);
        }

        return scenario with
        {
            Workload = workload,
            Properties = workload.IsEmpty ? scenario.Properties : scenario.Properties.Add(new Property.Sometimes(
                "Is Fought", "A battle is over, and all generals gave an account of it.",
                world => world.All<CampState>().Any(camp => camp.State.Last is { Missing.IsEmpty: true }))),
        };
    }

    private static Scenario Of(Seq<NodeId> generals, Drill drill, Func<Seat, Drill, Camp>? camp = null)
    {
        var keys = new KeyRing(generals, Name);
        RoleBinding RoleOf(NodeId general)
        {
            var seat = new Seat(generals, keys.SignerOf(general), keys.Public);
            return RoleBinding.Of(camp is null ? new Camp(seat, drill) : camp(seat, drill));
        }

        return new Scenario
        {
            Name = Name,
            Placements = generals.Select(general => new Placement(Council.AddressOf(general), RoleOf(general))).ToSeq(),
            Operations = GeneralsOperations.For(generals),
            Properties = CampProperties.All,
            Fairness = [Fairness.EveryDelivery, Fairness.EveryTimer, Fairness.EveryOperation],
            Highlights = HighlightOf,
        };
    }

    private static string? RefusalOf(PlannedOperation operation, Seq<NodeId> generals) =>
        operation.Message is Invoke { Command: GeneralsCommand.Give give } ? give.PlanFor(generals, operation.Target.Node).Refusal() : null;

    /// <summary>The traitors and their strategies go round, so that many orders see all of them.</summary>
    private static PlannedOperation OrderOf(int number, Seq<NodeId> generals, ScenarioArguments given)
    {
        var traitors = Map<NodeId, Strategy>.Empty;
        for (var i = 0; i < Math.Min(given["traitors"], generals.Count); i++)
        {
            traitors = traitors.Set(
                generals[((number * 2) + i) % generals.Count], Strategy.Of(Strategy.All[(number + (number / 7 * i)) % Strategy.All.Count].Kind));
        }

        return new PlannedOperation(
            Council.AddressOf(generals[number % generals.Count]),
            new Invoke(number + 1, new GeneralsCommand.Give(
                BattlePlan.Orders[number / 2 % 2], given["m"], given["signed"] == 1, traitors, number)));
    }

    private static Highlight? HighlightOf(Happening turn)
    {
        if (turn is not { Before: CampState before, After: CampState after })
        {
            return null;
        }

        foreach (var (id, battle) in after.Battles)
        {
            if (battle.General is GeneralState.Loyal { Decision: { } order }
                && before.Battles.Find(id)?.General is not GeneralState.Loyal { Decision: not null })
            {
                return Highlight.Decision($"obeys {order} in {id}");
            }
        }

        return null;
    }
}

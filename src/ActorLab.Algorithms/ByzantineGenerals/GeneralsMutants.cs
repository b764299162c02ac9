using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>Wrong variants of a loyal general, each of which a property must catch where the right one passes.</summary>
public static class GeneralsMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        OneCommander(
            "takes-his-word", "OM(m), step 2: a lieutenant passes the order on and hears what the others got.",
            "Council.cs, M", ["IC1"], WithoutExchange),
        OneCommander(
            "believes-the-last", "OM(m), step 3: a lieutenant takes the majority of what he heard.",
            "General.cs, ValueOf", ["IC2"], LastWord),
        OneCommander(
            "keeps-his-order-on-a-tie", "OM(m), step 3: where there is no majority all take the same order, retreat.",
            "General.cs, ValueOf", ["IC1"], OwnWordOnTie),
        OneCommander(
            "tells-nobody", "OM(m), step 2: a lieutenant passes the order on.",
            "General.cs, Relay", ["IC2"], TellsNobody),
        AllOpinions(
            "does-as-he-thinks", "All that are loyal decide by the same rule on the same values.",
            "General.cs, Conclude", ["No Own Ways", "Agreement"], Stubborn),
        AllOpinions(
            "wants-all", "What most want is done, whatever the traitors say.",
            "General.cs, Conclude", ["Validity"], Unanimous),
        AllOpinions(
            "takes-their-word", "Interactive consistency: all come to the same vector of opinions.",
            "Council.cs, M", ["Same Vector", "Agreement"], OpinionsWithoutExchange),
        AllOpinions(
            "believes-the-last", "Interactive consistency: what they come to for a loyal general is his opinion.",
            "General.cs, ValueOf", ["True Vector"], LastWordOnOpinions),
    ];

    private static Mutant OneCommander(
        string name, string givesUp, string where, Seq<string> breaks, Func<GeneralsOptions, Scenario> scenario) => Of(
        GeneralsScenario.Family, name, givesUp, where, breaks, given => scenario(GeneralsScenario.OneCommander(given)));

    private static Mutant AllOpinions(
        string name, string givesUp, string where, Seq<string> breaks, Func<GeneralsOptions, Scenario> scenario) => Of(
        GeneralsScenario.AgreementFamily, name, givesUp, where, breaks, given => scenario(GeneralsScenario.AllOpinions(given)));

    private static Mutant Of(
        ScenarioFamily right, string name, string givesUp, string where, Seq<string> breaks, Func<ScenarioArguments, Scenario> build) => new(
        name, givesUp, where, breaks, right with
        {
            Name = $"{right.Name}:{name}",
            Summary = $"Byzantine generals, wrong on purpose: {name}.",
            Build = build,
        });

    /// <summary>Takes the commander's word without asking the others, OM(0) for OM(m): breaks IC1.</summary>
    public static Scenario WithoutExchange(GeneralsOptions options) => GeneralsScenario.Of(options, Credulous);

    /// <summary>Believes the last of the others instead of the majority: breaks IC2.</summary>
    public static Scenario LastWord(GeneralsOptions options) => GeneralsScenario.Of(options, c => new BelievesTheLast(c));

    /// <summary>
    /// Where there is no majority keeps to what the commander said to himself, instead of an order that all take then: breaks
    /// IC1 where there are three orders.
    /// </summary>
    public static Scenario OwnWordOnTie(GeneralsOptions options) => GeneralsScenario.Of(options, c => new TrustsHisEars(c));

    /// <summary>Listens, and tells nobody what he heard: breaks IC2 even without a traitor.</summary>
    public static Scenario TellsNobody(GeneralsOptions options) => GeneralsScenario.Of(options, c => new Silent(c));

    /// <summary>Does what he thinks himself: breaks No Own Ways, and Agreement.</summary>
    public static Scenario Stubborn(GeneralsOptions options) => GeneralsScenario.Agreement(options, c => new DoesAsHeThinks(c));

    /// <summary>Wants all to be of one opinion, the traitors too: breaks Validity.</summary>
    public static Scenario Unanimous(GeneralsOptions options) => GeneralsScenario.Agreement(options, c => new WantsAll(c));

    /// <summary>All give their opinion once, and nobody asks what it was to others: breaks Same Vector.</summary>
    public static Scenario OpinionsWithoutExchange(GeneralsOptions options) => GeneralsScenario.Agreement(options, Credulous);

    /// <summary>Of each opinion believes the last who reports it: breaks True Vector.</summary>
    public static Scenario LastWordOnOpinions(GeneralsOptions options) =>
        GeneralsScenario.Agreement(options, c => new BelievesTheLast(c));

    private static General Credulous(Council council) => new(council with { M = 0 });

    private sealed class BelievesTheLast(Council council) : General(council)
    {
        protected override string ValueOf(RelayPath path, Map<RelayPath, string> heard, NodeId self) =>
            path.Count > Council.M ? heard.FindOr(path, Council.Retreat) : Reports(path, heard, self).Last();
    }

    private sealed class TrustsHisEars(Council council) : General(council)
    {
        protected override string ValueOf(RelayPath path, Map<RelayPath, string> heard, NodeId self)
        {
            var direct = heard.FindOr(path, Council.Retreat);
            return path.Count > Council.M
                ? direct
                : (Council with { Retreat = direct }).Majority([direct, .. Reports(path, heard, self)]);
        }
    }

    private sealed class Silent(Council council) : General(council)
    {
        protected override void Relay(RelayPath path, string order, Turn<GeneralsMessage> turn)
        {
        }
    }

    private sealed class DoesAsHeThinks(Council council) : General(council)
    {
        protected override string Conclude(Map<NodeId, string> orders, NodeId self) => orders[self];
    }

    private sealed class WantsAll(Council council) : General(council)
    {
        protected override string Conclude(Map<NodeId, string> orders, NodeId self) =>
            orders.Values.Distinct().Count() == 1 ? orders[self] : Council.Retreat;
    }
}

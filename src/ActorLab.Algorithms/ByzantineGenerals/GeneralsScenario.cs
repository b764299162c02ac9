using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>Who of the generals are traitors.</summary>
public enum TraitorPlacement
{
    /// <summary>Any of them, up to the number: all choices are tried.</summary>
    Any,

    /// <summary>The commander is loyal, the last lieutenants are traitors.</summary>
    LoyalCommander,

    /// <summary>The commander is a traitor, and the last lieutenants are the rest of the traitors.</summary>
    TraitorCommander,
}

/// <summary>How many generals, how often they pass on what they hear, and what traitors do.</summary>
/// <param name="N">All generals, the commander or commanders included.</param>
/// <param name="M">The m of OM(m).</param>
/// <param name="Traitors">How many; where <see cref="TraitorPlacement.Any"/> tries all, how many at most.</param>
/// <param name="Placement">Which of them.</param>
/// <param name="Lies">What traitors may do.</param>
/// <param name="Orders">How many different orders there are, from 2 to 3.</param>
/// <param name="Zeros">Where all have an opinion: how many think 0, the first ones; null where all opinions are tried.</param>
public sealed record GeneralsOptions(
    int N = 4, int M = 1, int Traitors = 1, TraitorPlacement Placement = TraitorPlacement.Any, Lies? Lies = null, int Orders = 2,
    int? Zeros = null)
{
    public Lies WhatTheyMay => Lies ?? new Lies();
}

/// <summary>Oral messages: one commander and his lieutenants, or all generals with an opinion of their own.</summary>
public static class GeneralsScenario
{
    /// <summary>The first round alone may go in so many ways; the rest multiplies that.</summary>
    private const double MostStarts = 4_000_000;

    private static readonly Seq<string> Orders = ["attack", "retreat", "wait"];

    private static readonly Seq<ScenarioParameter> Common =
    [
        new ScenarioParameter("m", "how often they pass on what they heard: OM(m)", 1, 0, 3),
        new ScenarioParameter("traitors", "how many of them are traitors", 1, 0, 4),
        new ScenarioParameter("silence", "1 if traitors may also say nothing, which counts as retreat", 0, 0, 1),
        new ScenarioParameter("faces", "1 if a traitor tells each general one story throughout", 0, 0, 1),
    ];

    /// <summary>The problem of the paper: one general commands.</summary>
    public static readonly ScenarioFamily Family = new(
        "generals",
        "Byzantine generals with oral messages: a commander, lieutenants, and traitors who tell every lie there is.",
        [
            new ScenarioParameter("n", "how many generals, the commander included", 4, 3, 10),
            .. Common,
            new ScenarioParameter(
                "placement",
                "0: any, up to that many; 1: the last lieutenants; 2: the commander and the last lieutenants", 0, 0, 2),
            new ScenarioParameter("orders", "how many different orders there are", 2, 2, 3),
        ],
        arguments => Of(OneCommander(arguments)));

    /// <summary>All have an opinion, 0 or 1; each commands once, and what most of them want is done.</summary>
    public static readonly ScenarioFamily AgreementFamily = new(
        "agreement",
        "Byzantine agreement with oral messages: every general has an opinion, and the last ones are traitors. Three generals, "
        + "the default, are too few for one traitor.",
        [
            new ScenarioParameter("n", "how many generals; three are called u, v and w", 3, 3, 10),
            .. Common,
            new ScenarioParameter("zeros", "how many have the opinion 0, the first ones; -1: every combination", -1, -1, 10),
        ],
        arguments => Agreement(AllOpinions(arguments)));

    internal static GeneralsOptions OneCommander(ScenarioArguments given) => OptionsOf(given) with
    {
        Placement = (TraitorPlacement)given["placement"],
        Orders = given["orders"],
    };

    internal static GeneralsOptions AllOpinions(ScenarioArguments given) =>
        OptionsOf(given) with { Zeros = given["zeros"] is var zeros and >= 0 ? zeros : null };

    public static Scenario Of(GeneralsOptions options) => Of(options, council => new General(council));

    public static Scenario Agreement(GeneralsOptions options) => Agreement(options, council => new General(council));

    /// <summary>One order, and traitors with strategies: one run.</summary>
    /// <param name="nodes">The generals; the first commands.</param>
    /// <param name="m">The m of OM(m) or SM(m).</param>
    /// <param name="signed">SM(m) instead of OM(m).</param>
    /// <param name="traitors">Who is one, and what he does.</param>
    /// <param name="order">What the commander orders.</param>
    /// <param name="seed">Of what random traitors say.</param>
    /// <exception cref="FormatException">They do not go together; the sentence says why.</exception>
    public static Scenario Of(
        Seq<NodeId> nodes, int m, bool signed, Map<NodeId, Strategy> traitors, string order, long seed = 0)
    {
        var plan = new BattlePlan(nodes, nodes[0], m, signed, traitors, order, seed);
        if (plan.Refusal() is { } refusal)
        {
            throw new FormatException(refusal);
        }

        var keys = new KeyRing(nodes, Family.Name);
        var properties = new GeneralsProperties(plan.Council);
        return Seated(nodes, general => RoleBinding.Of(plan.RoleOf(keys.SignerOf(general), keys.Public))) with
        {
            RoundsCommute = !signed, // Of two signed messages with one order the first is passed on.
            Properties = [.. properties.OfOneCommander, .. properties.Reached(liars: false, others: false)],
        };
    }

    internal static Scenario Of(GeneralsOptions options, Func<Council, General> loyal)
    {
        var generals = GeneralsOf(options);
        var council = new Council(generals, generals.Take(1), options.M, Orders.Take(options.Orders), "retreat");
        var properties = new GeneralsProperties(council);
        var isSure = options.Placement != TraitorPlacement.Any;
        var traitors = TraitorsOf(options, generals);
        var scenario = Seated(council, options, loyal, isSure ? traitors : null) with
        {
            Name = "generals",
            Interchangeable = generals.Skip(1).Where(general => !isSure || !traitors.Contains(general)).ToSet(),
            Properties =
            [
                .. properties.OfOneCommander,
                .. properties.Reached(options is { Traitors: > 0, M: > 0 }),
            ],
        };
        return isSure ? scenario : scenario with { Assumption = GeneralsProperties.AtMost(options.Traitors) };
    }

    internal static Scenario Agreement(GeneralsOptions options, Func<Council, General> loyal)
    {
        var generals = GeneralsOf(options);
        if (options.Zeros > options.N)
        {
            throw new ArgumentException($"zeros={options.Zeros} is too many for n={options.N} generals: take from 0 to {options.N}, or -1.");
        }

        var council = new Council(generals, generals, options.M, ["0", "1"], "0")
        {
            Opinions = options.Zeros is { } zeros
                ? Enumerable.Range(0, options.N).ToMap(i => generals[i], i => i < zeros ? "0" : "1")
                : default,
        };
        var properties = new GeneralsProperties(council);
        var traitors = Last(generals, options.Traitors);
        return Seated(council, options, loyal, traitors) with
        {
            Name = "agreement",
            Interchangeable = options.Zeros is null ? generals.Where(general => !traitors.Contains(general)).ToSet() : [],
            Properties =
            [
                .. properties.OfAll,
                .. properties.Reached(options is { Traitors: > 0, M: > 0 }, others: !(options.Zeros >= options.N - options.Traitors)),
            ],
        };
    }

    /// <param name="council">Who they are.</param>
    /// <param name="options">What traitors may do.</param>
    /// <param name="loyal">What the others are.</param>
    /// <param name="traitors">Who is one; null where nobody knows.</param>
    private static Scenario Seated(
        Council council, GeneralsOptions options, Func<Council, General> loyal, Set<NodeId>? traitors)
    {
        RefuseTooManyStarts(council, options, traitors);
        var traitor = new Traitor(council, options.WhatTheyMay);
        RoleBinding RoleOf(NodeId general) =>
            traitors is null ? RoleBinding.Of(new Suspect(loyal(council), traitor))
            : traitors.Value.Contains(general) ? RoleBinding.Of(traitor)
            : RoleBinding.Of(loyal(council));
        return Seated(council.Generals, RoleOf);
    }

    internal static Scenario Seated(Seq<NodeId> generals, Func<NodeId, RoleBinding> roleOf) => new()
    {
        Name = "generals",
        Placements = generals.Select(general => new Placement(Council.AddressOf(general), roleOf(general))).ToSeq(),
        Timing = Timing.SynchronousRounds,
        RoundsCommute = true,
        Highlights = turn =>
            turn is { Before: not GeneralState.Loyal { Decision: not null }, After: GeneralState.Loyal { Decision: { } order } }
                ? Highlight.Decision($"obeys {order}")
                : null,
    };

    /// <summary>Three are u, v and w, as in the proof that three are too few; others are n1, n2, .. The first commands.</summary>
    /// <exception cref="ArgumentException">The numbers do not go together.</exception>
    internal static Seq<NodeId> GeneralsOf(GeneralsOptions options)
    {
        if (options.M > options.N - 2)
        {
            throw new ArgumentException(
                $"m={options.M} is too large for n={options.N}: a lieutenant passes an order on to those not on its path, "
                + $"and after {options.N - 2} times there is nobody left. Take m from 0 to {options.N - 2}.");
        }

        if (options.Traitors > options.N - 1)
        {
            throw new ArgumentException(
                $"traitors={options.Traitors} is too many for n={options.N}: somebody has to be loyal. "
                + $"Take from 0 to {options.N - 1}.");
        }

        if (options.Placement == TraitorPlacement.LoyalCommander && options.Traitors > options.N - 2)
        {
            throw new ArgumentException(
                $"placement=1 makes the last lieutenants traitors, and with traitors={options.Traitors} of n={options.N} "
                + $"nobody is left to obey. Take from 0 to {options.N - 2}.");
        }

        if (options is { Placement: TraitorPlacement.TraitorCommander, Traitors: 0 })
        {
            throw new ArgumentException(
                "placement=2 makes the commander a traitor, and traitors=0 has none: take traitors=1 or more.");
        }

        return options.N == 3 ? [new NodeId("u"), new NodeId("v"), new NodeId("w")] : Seq.ToSeq(NodeId.Range(options.N));
    }

    /// <exception cref="ArgumentException">They would take too long to count.</exception>
    private static void RefuseTooManyStarts(Council council, GeneralsOptions options, Set<NodeId>? traitors)
    {
        var words = council.Orders.Count + (options.WhatTheyMay.MaySayNothing ? 1 : 0);
        double WaysOf(NodeId general)
        {
            var commands = council.Commanders.Contains(general);
            var loyal = commands ? council.OrdersOf(general).Count : 1;
            var lying = commands ? Math.Pow(words, council.Generals.Count - 1) : 1;
            return traitors is null ? loyal + lying : traitors.Value.Contains(general) ? lying : loyal;
        }

        var starts = council.Generals.Select(WaysOf).Aggregate(1.0, (product, ways) => product * ways);
        if (starts > MostStarts)
        {
            throw new ArgumentException(
                $"n={options.N} with traitors={options.Traitors} has {starts:E1} different first rounds, more than "
                + $"{MostStarts:E1} that can be tried. Take fewer generals or traitors, silence=0, or where one commands a placement.");
        }
    }

    /// <summary>Who they are where the placement is sure; the first general commands.</summary>
    internal static Set<NodeId> TraitorsOf(GeneralsOptions options, Seq<NodeId> generals) =>
        options.Placement == TraitorPlacement.TraitorCommander
            ? Last(generals, options.Traitors - 1).Add(generals[0])
            : Last(generals, options.Traitors);

    private static Set<NodeId> Last(Seq<NodeId> generals, int count) => generals.Skip(generals.Count - count).ToSet();

    private static GeneralsOptions OptionsOf(ScenarioArguments arguments) => new(
        arguments["n"], arguments["m"], arguments["traitors"],
        Lies: new Lies(arguments["silence"] == 1, arguments["faces"] == 1));
}

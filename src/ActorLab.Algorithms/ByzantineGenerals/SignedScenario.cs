using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What a loyal general of signed messages is made of.</summary>
internal delegate SignedGeneral SignedRole(Council council, PublicKeys keys, Signer own);

/// <summary>Signed messages: one commander and his lieutenants, and traitors who do everything that signatures leave to them.</summary>
public static class SignedScenario
{
    public static readonly ScenarioFamily Family = new(
        "signed-generals",
        "Byzantine generals with signed messages: traitors sign both orders, hide what they heard, and try to forge.",
        [
            new ScenarioParameter("n", "how many generals, the commander included", 3, 3, 6),
            new ScenarioParameter("m", "how often they pass on what they heard: SM(m)", 1, 0, 3),
            new ScenarioParameter("traitors", "how many of them are traitors", 1, 0, 4),
            new ScenarioParameter("forge", "1 if traitors also pass on orders without the signatures for them", 1, 0, 1),
            new ScenarioParameter(
                "placement",
                "0: any, up to that many; 1: the last lieutenants; 2: the commander and the last lieutenants", 0, 0, 2),
        ],
        given => Of(OptionsOf(given), given["forge"] == 1));

    public static Scenario Of(GeneralsOptions options, bool mayForge = true) => Of(options, mayForge, Right);

    internal static GeneralsOptions OptionsOf(ScenarioArguments given) =>
        new(given["n"], given["m"], given["traitors"], (TraitorPlacement)given["placement"]);

    internal static Scenario Of(GeneralsOptions options, bool mayForge, SignedRole loyal)
    {
        var generals = GeneralsScenario.GeneralsOf(options);
        var council = new Council(generals, generals.Take(1), options.M, BattlePlan.Orders, BattlePlan.Retreat);
        var keys = new KeyRing(generals, Family.Name);
        var isSure = options.Placement != TraitorPlacement.Any;
        var traitors = GeneralsScenario.TraitorsOf(options, generals);
        var properties = new GeneralsProperties(council);
        return GeneralsScenario.Seated(generals, RoleOf) with
        {
            Name = Family.Name,
            RoundsCommute = false, // Of two messages with one order the first is passed on.
            Assumption = isSure ? null : GeneralsProperties.AtMost(options.Traitors),
            Properties =
            [
                .. properties.OfOneCommander,
                .. properties.Reached(
                    liars: options is { Traitors: > 0, M: > 0 } && options.Placement != TraitorPlacement.LoyalCommander),
            ],
        };

        RoleBinding RoleOf(NodeId general)
        {
            var own = keys.SignerOf(general);
            var (right, wrong) = (loyal(council, keys.Public, own), new SignedTraitor(council, own, mayForge));
            return !isSure ? RoleBinding.Of(new Suspect(right, wrong))
                : traitors.Contains(general) ? RoleBinding.Of(wrong)
                : RoleBinding.Of(right);
        }
    }

    private static SignedGeneral Right(Council council, PublicKeys keys, Signer own) => new(council, keys, own);
}

using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What camps promise: the paper's conditions where its assumptions held, and no more rounds than there were.</summary>
public static class CampProperties
{
    public static Seq<Property> All { get; } =
    [
        new Property.Always(
            "IC1", "With as many generals as it takes, all loyal lieutenants obey the same order, if rounds were kept and nothing was lost.",
            world => Promised(world).All(report => report.Ic1 != BattleVerdict.Broken)),
        new Property.Always(
            "IC2", "And if the commander is loyal, it is the order that he sends.",
            world => Promised(world).All(report => report.Ic2 != BattleVerdict.Broken)),
        new Property.Always(
            "Rounds Are Kept", "What comes after its round is not used.",
            world => world.All<CampState>().All(camp => camp.State.Battles.Values.All(battle =>
                battle.Received.All(received => received.Round <= received.Path.Count)))),
        new Property.Temporal(
            "Every Order Is Answered", "Whoever gave an order hears in the end what became of it.",
            Formula.AlwaysEventually(new Formula.Now(
                "no commander that runs waits", world => world.Running<CampState>().All(camp => camp.State.Gatherings.IsEmpty)))),
    ];

    private static IEnumerable<BattleReport> Promised(IWorld world) =>
        world.All<CampState>().Select(camp => camp.State.Last).OfType<BattleReport>().Where(report => report.Plan.IsWithinBound);
}

using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralState;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What generals must achieve, and what an exploration must have seen, of loyal generals only.</summary>
/// <param name="council">Who they are.</param>
public sealed class GeneralsProperties(Council council)
{
    /// <summary>Section 1, where one commands.</summary>
    public Seq<Property> OfOneCommander =>
    [
        new Property.Always(
            "IC1", "All loyal lieutenants obey the same order.",
            world => Decisions(world, council.Generals.Where(general => !council.Commanders.Contains(general))).Count <= 1),
        new Property.Always(
            "IC2", "If the commanding general is loyal, then every loyal lieutenant obeys the order he sends.",
            world => council.Commanders.All(commander => OrderOf(world, commander) is not { } order
                || Decisions(world, council.Generals).All(decision => decision == order))),
    ];

    /// <summary>
    /// Where all have an opinion of their own, and all have to do the same. Judged when every loyal general has decided, so
    /// that the first of these that fails is the first shown.
    /// </summary>
    public Seq<Property> OfAll =>
    [
        InTheEnd(
            "No Own Ways", "Loyal generals of different opinions do not all do what they think themselves.",
            world => Opinions(world).Count <= 1
                || world.All<Loyal>().Any(loyal => loyal.State.Decision != OrderOf(world, loyal.Address.Node))),
        InTheEnd("Agreement", "All loyal generals decide the same.", world => Decisions(world, council.Generals).Count <= 1),
        InTheEnd(
            "Validity", "If all loyal generals have the same opinion, then this is what they decide.",
            world => Opinions(world) is not [var same] || Decisions(world, council.Generals).All(decision => decision == same)),
        InTheEnd(
            "Same Vector", "All loyal generals come to the same opinion for each general.",
            world => Decided(world).Select(loyal => loyal.Orders).Distinct().Count() <= 1),
        InTheEnd(
            "True Vector", "What they come to for a loyal general is his opinion.",
            world => Decided(world).All(loyal => loyal.Orders.All(entry =>
                (OrderOf(world, entry.Key) ?? entry.Value) == entry.Value))),
    ];

    /// <param name="liars">Whether some traitor is to be seen who tells two generals different things of one commander.</param>
    /// <param name="others">Whether a loyal general wants anything but to retreat.</param>
    public IEnumerable<Property> Reached(bool liars, bool others = true)
    {
        yield return new Property.Sometimes("All Decide", "Every loyal general has decided.", HaveAllDecided);
        if (others)
        {
            yield return new Property.Sometimes(
                "Not Only Retreat", $"A loyal general decides something else than {council.Retreat}.",
                world => Decided(world).Any(loyal => loyal.Decision != council.Retreat));
        }

        if (liars)
        {
            yield return new Property.Sometimes(
                "Conflicting Words", "A loyal general hears of two different orders of one commander.",
                world => world.All<Loyal>().Any(loyal => loyal.State.Signed.Count > 1 || loyal.State.Heard
                    .GroupBy(heard => heard.Key.Commander, heard => heard.Value).Any(heard => heard.Distinct().Count() > 1)));
        }
    }

    /// <summary>The bound that the theorems of the paper take for granted.</summary>
    public static Assumption AtMost(int traitors) => new(
        $"at most {Counted.Of(traitors, "general is a traitor", "generals are traitors")}",
        world => Traitors(world) <= traitors);

    /// <summary>How many traitors there are.</summary>
    public static int Traitors(IWorld world) => world.All<GeneralState.Traitor>().Count();

    private static Property.Always InTheEnd(string name, string claim, Func<IWorld, bool> holds) =>
        new(name, claim, world => !HaveAllDecided(world) || holds(world));

    private static bool HaveAllDecided(IWorld world) => world.All<Loyal>().All(loyal => loyal.State.Decision is not null);

    /// <summary>What a loyal commander ordered; null of a traitor.</summary>
    private static string? OrderOf(IWorld world, NodeId commander) =>
        world.StateAt(Council.AddressOf(commander)) is Loyal loyal ? loyal.Heard[RelayPath.Of(commander)] : null;

    private static List<string> Decisions(IWorld world, IEnumerable<NodeId> generals) =>
    [
        .. generals.Select(general => world.StateAt(Council.AddressOf(general))).OfType<Loyal>()
            .Select(loyal => loyal.Decision).OfType<string>().Distinct(),
    ];

    private static IEnumerable<Loyal> Decided(IWorld world) =>
        world.All<Loyal>().Select(loyal => loyal.State).Where(loyal => loyal.Decision is not null);

    private List<string> Opinions(IWorld world) =>
        [.. council.Commanders.Select(commander => OrderOf(world, commander)).OfType<string>().Distinct()];
}

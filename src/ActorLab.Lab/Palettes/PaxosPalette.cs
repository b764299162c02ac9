using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>What <c>paxos</c> has beside the operations of the store: where its roles are.</summary>
internal static class PaxosPalette
{
    public static IReadOnlyList<Command> SetUp(LabContext lab) =>
    [
        new Command("place", "Starts Multi-Paxos with each kind of role on the nodes that you name; on all where you name none.")
        {
            Parameters =
            [
                .. PaxosOnCluster.Kinds.Select(kind => Parameter.NodeList(kind, "these nodes").AsSwitch()),
                Parameter.Flag("fresh", "begin with empty disks: those of another placement would be other promises"),
            ],
            Example = "paxos place --leaders n1,n2 --acceptors n1,n2,n3 --fresh",
            Handler = LabPalettes.OrFailed((c, stopped) => ScenarioPalette.Start(
                lab, PaxosOnCluster.Name,
                PaxosOnCluster.Kinds.Where(c.Has).ToDictionary(kind => kind, kind => PaxosOnCluster.DigitsOf(c.Nodes(kind))),
                c.Flag("fresh"), c, stopped)),
        },
    ];
}

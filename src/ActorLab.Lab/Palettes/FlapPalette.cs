using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>partition flap</c>: the shapes of the other commands, come and gone by turns.</summary>
internal static class FlapPalette
{
    private const string Random = "random";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>By name, what the shape is of, and how its cuts are read; of what is empty for a shape that is of nothing.</summary>
    private static readonly (string Name, string Of, Func<LabContext, string, Set<Link>> Cuts)[] Shapes =
    [
        ("split", "groups such as 'n1,n2|n3'", (lab, of) => Partition.Split(lab.Ids, LinkText.Groups(of, lab.Ids))),
        ("isolate", "nodes such as n3", (lab, of) => LinkText.Nodes(of, lab.Ids).SelectMany(node => Partition.Isolate(lab.Ids, node)).ToSet()),
        ("one-way", "directions such as 'n1>n2'", (lab, of) => LinkText.Links(of, lab.Ids)),
        ("bridge", "a node such as n3", (lab, of) => LinkText.Nodes(of, lab.Ids) is [var bridge]
            ? Partition.Bridge(lab.Ids, bridge)
            : throw new BadInput("A bridge is one node.")),
        ("majority-ring", "", (lab, _) => Partition.MajorityRing(lab.Ids)),
    ];

    public static Command Command(
        LabContext lab, Parameter add, Func<CommandContext, string, Flapping, CancellationToken, Task> flap) =>
        new("flap", "Cuts that come and go: a shape, or without one the cuts in force; heal, or other cuts, end it.")
        {
            Parameters =
            [
                Parameter.Choice("shape", "what is cut by turns; the cuts in force when left out", [.. Shapes.Select(shape => shape.Name), Random]).Optional(),
                Parameter.Text("of", "what the shape is of, as split, isolate, one-way and bridge take it").Optional(),
                Parameter.Duration("period", "how long they are cut, and then whole").AsSwitch().Between(FaultPlans.ShortestPeriod, Longest).Or(TimeSpan.FromSeconds(2)),
                Parameter.Integer("seed", "for random: draws other directions each time; drawn and shown when left out").AsSwitch(),
                Parameter.Number("share", "for random: about which share of the directions is cut; 0.3 when left out").AsSwitch().Above(0, MostShare),
                add with { Description = "beside the cuts in force, which stay" },
            ],
            Example = "partition flap isolate n3 --period=2s",
            Handler = (c, stopped) =>
            {
                var now = lab.Faults.Flapping is { Drawn: null } flapping ? flapping.Links.Union(flapping.Still) : lab.Faults.Current.Cuts;
                var shape = c.TextOrNull("shape");
                if (shape == Random)
                {
                    var (said, drawn) = AtRandom(lab, c, now);
                    return flap(c, said, drawn, stopped);
                }

                if (((string[])["seed", "share"]).FirstOrDefault(c.Has) is { } strange)
                {
                    throw new BadInput($"--{strange} is for partition flap random: leave it out.");
                }

                var cuts = shape is null ? now : CutsOf(lab, shape, c.TextOrNull("of"));
                if (cuts.IsEmpty)
                {
                    throw new BadInput("No link is cut, so there is nothing to flap: name a shape, such as partition flap isolate n3.");
                }

                var still = c.Flag("add") && shape is not null ? now.Except(cuts) : [];
                var what = $"flap {shape} {c.TextOrNull("of")}".Trim().Replace("  ", " ", StringComparison.Ordinal);
                return flap(c, what, new Flapping(cuts, still, c.Duration("period")), stopped);
            },
        };

    /// <summary>With less than all directions in a cut, so that there is always another one.</summary>
    private const double MostShare = 0.95;

    private static (string What, Flapping Cuts) AtRandom(LabContext lab, CommandContext c, Set<Link> now)
    {
        if (c.TextOrNull("of") is { } of)
        {
            throw new BadInput($"{Random} is of all nodes; leave \"{SafeText.Shorten(of, 60)}\" out.");
        }

        if (lab.Ids.Count < 2)
        {
            throw new BadInput("A lab of one node has no links to cut.");
        }

        var seed = c.IntegerOrNull("seed") ?? System.Random.Shared.Next(1, 1_000_000);
        var all = lab.Ids.SelectMany(node => Partition.Isolate(lab.Ids, node)).ToSet();
        return ($"flap {Random} --seed={seed.ToString(CultureInfo.InvariantCulture)}", new Flapping(all, c.Flag("add") ? now : [], c.Duration("period"))
        {
            Drawn = LinkText.RandomTurns(lab.Ids, seed, c.NumberOrNull("share") ?? 0.3),
        });
    }

    private static Set<Link> CutsOf(LabContext lab, string name, string? of)
    {
        var shape = Array.Find(Shapes, shape => shape.Name == name);
        return (shape.Of.Length, of) switch
        {
            (0, not null) => throw new BadInput($"{name} is of all nodes; leave \"{SafeText.Shorten(of, 60)}\" out."),
            ( > 0, null) => throw new BadInput($"partition flap {name} wants {shape.Of}."),
            _ => shape.Cuts(lab, of ?? ""),
        };
    }
}

using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>partition</c>: which links carry nothing.</summary>
internal static class PartitionPalette
{
    private static readonly Parameter Add = Parameter.Flag("add", "cut these links beside those that are cut already");

    public static Palette For(LabContext lab) => new("partition", "Cut links between nodes, in each direction on its own, and heal them.",
    [
        Shape(lab, "split", "Groups that hear only themselves; every node is in one.", "split 'n1,n2|n3,n4,n5'",
            [Parameter.Text("groups", "groups of nodes: commas inside, bars between, such as n1,n2|n3,n4,n5")],
            c =>
            {
                var groups = LinkText.Groups(c.Text("groups"), lab.Ids);
                return (LinkText.Show(groups), Partition.Split(lab.Ids, groups));
            }),
        Shape(lab, "isolate", "Nodes that hear nobody and that nobody hears.", "isolate n3",
            [Parameter.NodeList("nodes", "one or more nodes")],
            c => (string.Join(",", c.Nodes("nodes")),
                c.Nodes("nodes").SelectMany(node => Partition.Isolate(lab.Ids, new NodeId(node))).ToSet())),
        Shape(lab, "one-way", "Single directions: what the first sends never reaches the second.", "one-way 'n1>n2'",
            [Parameter.Text("links", "directions separated by commas, such as n1>n2,n3>n2")],
            c => (c.Text("links"), LinkText.Links(c.Text("links"), lab.Ids))),
        Shape(lab, "bridge", "Two halves that only one node connects, which hears both.", "bridge n3",
            [Parameter.Node("node", "the bridge")],
            c => (c.Node("node"), Partition.Bridge(lab.Ids, new NodeId(c.Node("node"))))),
        Shape(lab, "majority-ring", "Each node hears a majority, and no two hear the same one.", "majority-ring", [],
            _ => ("", Partition.MajorityRing(lab.Ids))),
        Shape(lab, "random", "Random directions; the same seed cuts the same.", "random --seed=7",
            [
                Parameter.Integer("seed", "the seed of the choice; drawn and shown when left out").AsSwitch(),
                Parameter.Number("share", "which share of the directions is cut").AsSwitch().Between(0, 1).Or("0.3"),
            ],
            c =>
            {
                var seed = c.IntegerOrNull("seed") ?? System.Random.Shared.Next(1, 1_000_000);
                return ($"--seed={seed}", LinkText.Random(lab.Ids, seed, c.Number("share")));
            }),
        FlapPalette.Command(lab, Add, (c, what, cuts, stopped) => Flap(lab, c, what, cuts, stopped)),
        new Command("heal", "Lets all links carry again.")
        {
            Example = "partition heal",
            Handler = (c, stopped) => Change(lab, c, "heal", _ => [], stopped),
        },
        new Command("show", "Draws what was asked, and what probes between the nodes observe.")
        {
            Example = "partition show",
            Handler = (c, stopped) => Show(lab, c, stopped),
        },
    ]);

    private static Command Shape(
        LabContext lab, string name, string description, string example, IReadOnlyList<Parameter> parameters,
        Func<CommandContext, (string Shown, Set<Link> Cuts)> cutsOf) => new(name, description)
        {
            Parameters = [.. parameters, Add],
            Example = $"partition {example}",
            Handler = (c, stopped) =>
            {
                var (shown, cuts) = cutsOf(c);
                var add = c.Flag("add");
                return Change(lab, c, $"{name} {shown}".Trim(), plan => add ? plan.Cuts.Union(cuts) : cuts, stopped);
            },
        };

    private static async Task Change(
        LabContext lab, CommandContext c, string what, Func<FaultPlan, Set<Link>> edit, CancellationToken stopped)
    {
        var (plan, missing) = await lab.Faults.Cut(what, edit, stopped).ConfigureAwait(false);
        c.Say(plan.Cuts.IsEmpty
            ? Cell.Good("all links carry")
            : $"{what}: {plan.Cuts.Count} of {lab.Ids.Count * (lab.Ids.Count - 1)} directions carry nothing");
        Tell(c, missing);
    }

    private static void Tell(CommandContext c, IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            c.Line($"{string.Join(", ", missing)} did not confirm yet and will get the plan on answering", Tone.Warn);
        }
    }

    private static async Task Flap(LabContext lab, CommandContext c, string what, Flapping cuts, CancellationToken stopped)
    {
        var (_, missing) = await lab.Faults.Flap(what, cuts, stopped).ConfigureAwait(false);
        var which = cuts.Drawn is null ? $"{cuts.Links.Count} directions" : "other directions each time";
        c.Line($"{what}: {which} carry nothing for {Durations.Format(cuts.Period)}, then all for as long, until partition heal");
        Tell(c, missing);
    }

    private static async Task Show(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var answers = await lab.AskAll(lab.Nodes.Links, stopped).ConfigureAwait(false);
        var names = lab.Supervisor.Names;
        var plan = lab.Faults.Current;
        var flapping = lab.Faults.Flapping;
        var columns = names.Select(name => Column.Center(name)).Prepend("from \\ to").ToList();
        c.Table(columns, names.Select(from => answers
            .Select(to => flapping?.Links.Contains(new Link(new NodeId(from), new NodeId(to.Node.Name))) == true
                ? Cell.Warn("flaps") // probes are too slow to tell which turn it is
                : Mark(from, to.Node.Name, plan, to.Answer?.FirstOrDefault(link => link.Peer == from)))
            .Prepend(Cell.Strong(from))
            .ToList()));
        c.Line(Cell.Good("ok"), ": heard, ", Cell.Bad("cut"), ": silent as asked, ", Cell.Warn("unheard"), ": silent though not cut, ",
            Cell.Warn("leaks"), ": heard though cut, ", Cell.Dim("?"), ": no answer");
        c.Line("Probes take up to two seconds to see a change.", Tone.Dim);
        if (flapping is not null)
        {
            var which = flapping.Drawn is null ? $"{flapping.Links.Count}" : "random";
            c.Line($"{which} directions flap: they carry nothing for {Durations.Format(flapping.Period)}, then all for as long; partition heal ends it.", Tone.Warn);
        }

        if (lab.Faults.Edits is { Count: > 0 } edits)
        {
            c.Line($"since {edits[^1].At:HH:mm:ss}: {edits[^1].What}", Tone.Dim);
        }
    }

    internal static Cell Mark(string from, string to, FaultPlan plan, LinkStatus? observed) =>
        (from == to, plan.IsCut(new NodeId(from), new NodeId(to)), observed?.Reachable) switch
        {
            (true, _, _) => Cell.Dim("-"),
            (_, _, null) => Cell.Dim("?"),
            (_, false, true) => Cell.Good("ok"),
            (_, true, false) => Cell.Bad("cut"),
            (_, false, false) => Cell.Warn("unheard"),
            (_, true, true) => Cell.Warn("leaks"),
        };
}

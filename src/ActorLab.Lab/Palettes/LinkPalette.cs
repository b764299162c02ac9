using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary><c>link</c>: what befalls messages between roles of different nodes.</summary>
internal static class LinkPalette
{
    private static readonly TimeSpan UsualWindow = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    /// <summary>Which messages, how often: the same for all rules.</summary>
    private static readonly IReadOnlyList<Parameter> Common =
    [
        Parameter.Node("from", "the sender's node; all when left out").AsSwitch(),
        Parameter.Node("to", "the receiver's node; all when left out").AsSwitch(),
        Parameter.Flag("both-ways", "the other direction as well"),
        Parameter.Text("scenario", "the scenario whose messages are meant, such as raft; all when left out", 100).AsSwitch(),
        Parameter.Text("message", "the type of messages, such as AppendEntries; all when left out", 100).AsSwitch(),
        Parameter.Number("probability", "the chance that a message is struck").AsSwitch().Above(0, 1).Or("1"),
        Parameter.Integer("count", "so many messages of each direction of each link are struck at most").AsSwitch().Between(1, int.MaxValue),
        Parameter.Integer("seed", "decides which messages are struck; drawn and shown when left out").AsSwitch(),
    ];

    public static Palette For(LabContext lab) => new(
        "link", "What befalls messages between roles of different nodes; what stays on a node, and Akka's own messages, are never struck.",
    [
        Rule(lab, "drop", "Messages vanish.", "drop --from=n1 --to=n2 --probability=0.1", [], _ => new LinkRule.Drop()),
        Rule(lab, "delay", "Messages take longer; the order of sending is kept.", "delay 50ms --jitter=20ms --message=AppendEntries",
            [
                Parameter.Duration("by", "so much").Between(LeastTime, LinkRule.LongestDelay),
                Parameter.Duration("jitter", "at most so much more or less").AsSwitch().Between(TimeSpan.Zero, LinkRule.LongestDelay),
            ],
            c => new LinkRule.Delay { By = c.Duration("by"), Jitter = c.DurationOrNull("jitter") ?? TimeSpan.Zero }),
        Rule(lab, "duplicate", "Messages arrive twice.", "duplicate --probability=0.2", [], _ => new LinkRule.Duplicate()),
        Rule(lab, "reorder", "Messages are held back for a drawn time, and overtake and are overtaken.", "reorder --window=100ms --probability=0.3",
            [Parameter.Duration("window", "for how long at most").AsSwitch().Between(LeastTime, LinkRule.LongestDelay).Or(UsualWindow)],
            c => new LinkRule.Reorder { Within = c.Duration("window") }),
        Rule(lab, "corrupt", "Bytes of messages change on the way; the receiver's checksum shows it, and the message is dropped.",
            "corrupt --to=n3 --probability=0.05", [], _ => new LinkRule.Corrupt()),
        Rule(lab, "bandwidth", "Messages pass one after the other, as fast as their bytes may.", "bandwidth 100000 --from=n1",
            [Parameter.Integer("bytes", "bytes per second").Between(1, LinkRule.MostBandwidth)],
            c => new LinkRule.Bandwidth { BytesPerSecond = (int)c.Integer("bytes") }),
        new Command("show", "The rules in force, and what they did, as the nodes observed it.")
        {
            Example = "link show",
            Handler = (c, stopped) => Show(lab, c, stopped),
        },
        new Command("clear", "Takes a rule out of force, or all; what is held back leaves at once.")
        {
            Parameters = [Parameter.Text("id", "one of link show; all rules when left out", 40).Optional()],
            Example = "link clear l1",
            Handler = (c, stopped) => Clear(lab, c, stopped),
        },
    ]);

    private static Command Rule(
        LabContext lab, string name, string description, string example, IReadOnlyList<Parameter> own, Func<CommandContext, LinkRule> make) =>
        new(name, description)
        {
            Parameters = [.. own, .. Common],
            Example = $"link {example}",
            Handler = (c, stopped) => Add(lab, c, make(c), stopped),
        };

    private static async Task Add(LabContext lab, CommandContext c, LinkRule rule, CancellationToken stopped)
    {
        rule = rule with
        {
            From = Node(c.NodeOrNull("from")),
            To = Node(c.NodeOrNull("to")),
            BothWays = c.Flag("both-ways"),
            Scenario = c.TextOrNull("scenario"),
            Message = c.TextOrNull("message"),
            Probability = c.Number("probability"),
            Limit = c.IntegerOrNull("count"),
            Seed = c.IntegerOrNull("seed") ?? Random.Shared.Next(1, 1_000_000),
        };
        if (rule.Mistake() is { } mistake)
        {
            throw new BadInput($"The rule makes no sense: {mistake}");
        }

        FaultPlanCheck.Of(lab).Require(rule, sentence => new BadInput(sentence));
        string? full = null;
        var (plan, missing) = await lab.Faults.Change($"link {rule.Verb()}", plan =>
        {
            if (plan.Links.Count(one => !lab.Striker.Rules.Contains(one.Id)) >= LinkRule.MostRules)
            {
                full = $"{LinkRule.MostRules} rules are in force, and no more are allowed: link clear ID takes one away.";
                return plan;
            }

            rule = rule with { Id = lab.Faults.NextRule(plan) };
            return plan with { Links = plan.Links.Add(rule) };
        }, stopped).ConfigureAwait(false);
        if (full is not null)
        {
            throw new CommandFailed(full);
        }

        c.Line($"{rule}, seed {rule.Seed.ToString(CultureInfo.InvariantCulture)}");
        Tell(c, missing);
    }

    private static async Task Show(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var plan = lab.Faults.Current;
        var answers = await lab.AskAll(lab.Nodes.LinkFaults, stopped).ConfigureAwait(false);
        var counts = answers.SelectMany(answer => answer.Answer?.Rules ?? []).ToLookup(count => count.Rule);
        c.Table(
            ["rule", "does", "of", "from", "to", Column.Right("probability"), Column.Right("at most"), Column.Right("seed"), Column.Right("seen"), Column.Right("hit")],
            plan.Links.Select(rule => new Cell[]
            {
                Cell.Strong(rule.Id),
                rule.Verb(),
                $"{rule.Message ?? "messages"}{(rule.Scenario is null ? "" : $" of {rule.Scenario}")}",
                rule.From?.Name ?? "all",
                $"{rule.To?.Name ?? "all"}{(rule.BothWays ? " and back" : "")}",
                rule.Probability.ToString(CultureInfo.InvariantCulture),
                rule.Limit is { } limit ? limit : "",
                rule.Seed,
                counts[rule.Id].Sum(count => count.Seen),
                counts[rule.Id].Sum(count => count.Hit),
            }));
        if (!plan.Messages.IsEmpty)
        {
            var rates = answers.SelectMany(answer => answer.Answer?.Rules ?? []).Where(count => count.Rule.StartsWith("messages.", StringComparison.Ordinal));
            c.Line($"rates of a fault plan: {string.Join(", ", rates.GroupBy(count => count.Rule[9..]).Select(rate => $"{rate.Key} {rate.Sum(count => count.Hit)} of {rate.Sum(count => count.Seen)}"))}");
        }

        foreach (var (node, answer) in answers)
        {
            foreach (var line in answer?.Lines.Where(line => line.Waiting > 0 || line.NoRoom > 0) ?? [])
            {
                c.Line($"{node.Name}>{line.To}: {line.Waiting} messages wait ({line.Bytes} bytes); {line.NoRoom} found no room and were lost");
            }
        }

        var refused = answers.Where(answer => answer.Answer is { Refused: > 0 }).Select(answer => $"{answer.Node.Name} {answer.Answer!.Refused}").ToList();
        c.Line($"damaged frames that nodes refused since they started: {(refused.Count == 0 ? "none" : string.Join(", ", refused))}");
        Tell(c, [.. answers.Where(answer => answer.Answer is { } at && at.Version < plan.Version).Select(answer => answer.Node.Name)]);
    }

    private static async Task Clear(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var id = c.TextOrNull("id");
        var before = lab.Faults.Current.Links;
        if (id is not null && before.All(rule => rule.Id != id))
        {
            throw new BadInput(Suggest.Unknown("rule", id, before.Select(rule => rule.Id)));
        }

        var (_, missing) = await lab.Faults.Change(
            $"link clear {id}".Trim(), plan => plan with { Links = [.. plan.Links.Where(rule => id is not null && rule.Id != id)] }, stopped)
            .ConfigureAwait(false);
        var left = lab.Faults.Current.Links.Count;
        c.Say(left == 0 ? Cell.Good("no rule is in force") : $"{id} is out of force; {left} left");
        Tell(c, missing);
    }

    private static void Tell(CommandContext c, IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            c.Line($"{string.Join(", ", missing)} did not confirm yet and will get the plan on answering", Tone.Warn);
        }
    }

    private static NodeId? Node(string? name) => name is null ? null : new NodeId(name);
}

using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Whether a fault plan names only what there is. A fault on what there is not would never strike, and nobody would know.</summary>
/// <param name="nodes">All there are.</param>
/// <param name="whose">Whose nodes they are, for sentences.</param>
/// <param name="find">A scenario by its name; throws <see cref="BadInput"/> for an unknown one.</param>
/// <param name="usual">The scenarios that are meant where a rule names none.</param>
internal sealed class FaultPlanCheck(
    Set<NodeId> nodes, string whose, Func<string, Scenario> find, Func<IReadOnlyList<Scenario>> usual)
{
    /// <summary>For a lab: its nodes, and all that it can run.</summary>
    public static FaultPlanCheck Of(LabContext lab) => new(lab.Ids, "the lab", lab.Board.Build, () =>
    [
        .. lab.Board.Current.Scenarios.Select(plan => plan.Name).Union(Scenarios.Names).Select(name => lab.Board.BuildOrNull(name)).OfType<Scenario>(),
    ]);

    /// <exception cref="BadInput">The plan names a node, a scenario or a type of messages that there is not: says where.</exception>
    public void Require(FaultPlan plan)
    {
        foreach (var (place, node) in NodesOf(plan))
        {
            if (!nodes.Contains(node))
            {
                throw new BadInput($"The fault plan names {SafeText.Shorten(node.ToString(), 60)}, and {whose} has no such node ({place}). It has: {string.Join(", ", nodes)}.");
            }
        }

        foreach (var (place, rule) in RulesOf(plan))
        {
            Require(rule, sentence => new BadInput($"The fault plan makes no sense: {place}: {sentence}"));
        }
    }

    /// <exception cref="BadInput">The rule names a scenario or a type of messages that there is not.</exception>
    public void Require(LinkRule rule, Func<string, BadInput> say)
    {
        Scenario? only = null;
        if (rule.Scenario is { } name)
        {
            try
            {
                only = find(name);
            }
            catch (BadInput e)
            {
                throw say(e.Message);
            }

            if (MessageNames.Of(only).IsEmpty)
            {
                throw say($"{name} sends no messages between roles of its own, so no rule strikes any: partition cuts its links.");
            }
        }

        if (rule.Message is { } message)
        {
            var known = (only is null ? usual() : [only]).SelectMany(scenario => MessageNames.Of(scenario)).ToSet();
            if (!known.Contains(message))
            {
                throw say(Suggest.Unknown("type of messages", message, known));
            }
        }
    }

    private static string At(string list, int place) => string.Create(CultureInfo.InvariantCulture, $"{list}[{place}]");

    private static IEnumerable<(string Place, NodeId Node)> NodesOf(FaultPlan plan) =>
        plan.Cuts.SelectMany((link, i) => Both(At("cuts", i), link))
            .Concat(plan.Messages.SelectMany((rule, i) => Ends(At("messages", i), rule.From, rule.To)))
            .Concat(plan.Links.SelectMany((rule, i) => Ends(At("links", i), rule.From, rule.To)))
            .Concat(plan.Schedule.SelectMany((fault, i) => NodesOf(At("schedule", i), fault.Action)));

    private static IEnumerable<(string Place, LinkRule Rule)> RulesOf(FaultPlan plan) =>
        plan.Links.Select((rule, i) => (At("links", i), rule)).Concat(plan.Schedule.SelectMany((fault, i) =>
            fault.Action is FaultAction.SetLinks links ? links.Rules.Select((rule, n) => (At($"{At("schedule", i)}.action.rules", n), rule)) : []));

    private static IEnumerable<(string Place, NodeId Node)> Both(string place, Link link) => [(place, link.From), (place, link.To)];

    private static IEnumerable<(string Place, NodeId Node)> Ends(string place, NodeId? from, NodeId? to) =>
        new[] { from, to }.OfType<NodeId>().Select(node => (place, node));

    private static IEnumerable<(string Place, NodeId Node)> NodesOf(string place, FaultAction action) => action switch
    {
        FaultAction.Crash crash => [(place, crash.Node), .. crash.Losses.Select(loss => (place, loss.Role.Node))],
        FaultAction.PowerCut cut => cut.Losses.Select(loss => (place, loss.Role.Node)),
        FaultAction.Restart restart => [(place, restart.Node)],
        FaultAction.Cut cut => cut.Links.SelectMany(link => Both(place, link)),
        FaultAction.Flap flap => flap.Links.SelectMany(link => Both(place, link)),
        FaultAction.Messages messages => messages.Rules.SelectMany((rule, i) => Ends(At($"{place}.action.rules", i), rule.From, rule.To)),
        FaultAction.SetLinks links => links.Rules.SelectMany((rule, i) => Ends(At($"{place}.action.rules", i), rule.From, rule.To)),
        FaultAction.Slow slow => [(place, slow.Node)],
        FaultAction.Pause pause => [(place, pause.Node)],
        FaultAction.Resume resume => [(place, resume.Node)],
        FaultAction.BitRot rot => [(place, rot.Node)],
        FaultAction.Repair repair => [(place, repair.Node)],
        FaultAction.Clock clock => [(place, clock.Node)],
        _ => [],
    };
}

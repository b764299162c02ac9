using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Does to a running lab what a fault of a plan says, and remembers it, so that it can be taken back.</summary>
public sealed class FaultStriker(Supervisor supervisor, FaultPlans faults)
{
    private const string LoseId = "plan.lose";
    private const string DuplicateId = "plan.duplicate";

    private readonly HashSet<string> _paused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _down = new(StringComparer.Ordinal);
    private Set<string> _listed = [];
    private Set<string> _others = [];
    private bool _hasCuts;
    private bool _hasRates;

    /// <summary>The rules that a plan put in force.</summary>
    public Set<string> Rules => _listed.Union(_others);

    /// <summary>Why a fault cannot strike a lab; null where it can.</summary>
    /// <param name="action">The fault.</param>
    /// <param name="forgets">The lab's disks are in memory.</param>
    public static string? Obstacle(FaultAction action, bool forgets) => action switch
    {
        FaultAction.BitRot or FaultAction.Repair => "a lab flips no bits of a disk: lab simulate plays that.",
        FaultAction.Clock => "the nodes of a lab share one clock: lab simulate plays that.",
        _ when !FaultJson.LossesOf(action).IsEmpty => "a lab cannot decide what a crash leaves of the writes under way: leave \"losses\" out, or let lab simulate play it.",
        FaultAction.Flap flap when flap.Period < FaultPlans.ShortestPeriod =>
            $"a link of a lab flaps with a period of {Durations.Format(FaultPlans.ShortestPeriod)} at least, not {flap.Period}.",
        FaultAction.Slow { By: var by } when by.Most > LinkRule.LongestDelay.TotalMicroseconds =>
            $"messages of a lab are late by {LinkRule.LongestDelay} at most.",
        FaultAction.Messages messages when messages.Rules.Any(rule => rule.Faults.Delay?.Range.Most > LinkRule.LongestDelay.TotalMicroseconds) =>
            $"messages of a lab are late by {LinkRule.LongestDelay} at most.",
        FaultAction.Restart or FaultAction.RestartAll when forgets =>
            "this lab keeps its disks in memory, and a node that came back would have forgotten its promises: start a lab with --store sqlite.",
        _ => null,
    };

    /// <exception cref="CommandFailed">A node does not obey.</exception>
    public Task Strike(FaultAction action, CancellationToken stopped) => action switch
    {
        FaultAction.Crash crash => Kill([crash.Node.Name]),
        FaultAction.PowerCut => Kill(supervisor.Names),
        FaultAction.Restart restart => Start([restart.Node.Name]),
        FaultAction.RestartAll => Start(supervisor.Names),
        FaultAction.Pause pause => Pause(pause.Node.Name),
        FaultAction.Resume resume => Resume(resume.Node.Name),
        FaultAction.Cut cut => Cut(action, cut.Links, stopped),
        FaultAction.Heal => Cut(action, [], stopped),
        FaultAction.Flap flap => Flap(flap, stopped),
        FaultAction.Messages messages => Rates(messages.Rules, stopped),
        FaultAction.SetLinks links => Obey(action, links.Rules, stopped),
        FaultAction.Lose lose => Other(
            action, LoseId, lose.Probability > 0 ? new LinkRule.Drop { Probability = lose.Probability } : null, stopped),
        FaultAction.Duplicate twice => Other(
            action, DuplicateId, twice.Probability > 0 ? new LinkRule.Duplicate { Probability = twice.Probability } : null, stopped),
        FaultAction.Slow slow => Other(
            action, $"plan.slow.{slow.Node}", slow.By.Most > 0 ? LinkRule.Between(slow.By) with { From = slow.Node, BothWays = true } : null, stopped),
        _ => throw new CommandFailed($"A lab does not do that: {FaultWords.Of(action)}."),
    };

    /// <summary>Takes cuts, rates and rules of a plan out of force, and lets nodes go on that it paused.</summary>
    /// <returns>The nodes that are down by its doing.</returns>
    public async Task<IReadOnlyList<string>> TakeBack(CancellationToken stopped)
    {
        if (_hasCuts)
        {
            await faults.Cut("fault plan: heal", _ => [], stopped).ConfigureAwait(false);
        }

        var rules = Rules;
        if (!rules.IsEmpty || _hasRates)
        {
            await faults.Change("fault plan: ends", plan => plan with { Messages = [], Links = Without(plan, rules) }, stopped).ConfigureAwait(false);
        }

        foreach (var node in _paused.Where(node => supervisor[node].Life == NodeLife.Paused).ToList())
        {
            await supervisor.Resume(node).ConfigureAwait(false);
        }

        var down = _down.Where(IsDown).Order(StringComparer.Ordinal).ToList();
        _paused.Clear();
        _down.Clear();
        (_listed, _others, _hasCuts, _hasRates) = ([], [], false, false);
        return down;
    }

    private bool IsDown(string node) => supervisor[node].Life is NodeLife.Stopped or NodeLife.Failed;

    private Task Kill(IEnumerable<string> nodes) => Task.WhenAll(nodes.Where(node => !IsDown(node)).Select(node =>
    {
        _down.Add(node);
        return supervisor.Kill(node);
    }));

    private Task Start(IEnumerable<string> nodes) => Task.WhenAll(nodes.Where(IsDown).Select(node => supervisor.Start(node)));

    private Task Pause(string node)
    {
        if (supervisor[node].Life != NodeLife.Running)
        {
            return Task.CompletedTask; // as in the simulator: it has no turn to take
        }

        _paused.Add(node);
        return supervisor.Pause(node);
    }

    private Task Resume(string node) => supervisor[node].Life == NodeLife.Paused ? supervisor.Resume(node) : Task.CompletedTask;

    private Task Cut(FaultAction action, Set<Link> links, CancellationToken stopped)
    {
        _hasCuts = !links.IsEmpty;
        return faults.Cut($"fault plan: {FaultWords.Of(action)}", _ => links, stopped);
    }

    private Task Flap(FaultAction.Flap flap, CancellationToken stopped)
    {
        _hasCuts = true;
        return faults.Flap($"fault plan: {FaultWords.Of(flap)}", new Flapping(flap.Links, [], flap.Period), stopped);
    }

    private Task Rates(Seq<LinkFaults> rates, CancellationToken stopped)
    {
        _hasRates = !rates.IsEmpty;
        return faults.Change("fault plan: rates for messages", plan => plan with { Messages = rates }, stopped);
    }

    private Task Obey(FaultAction action, Seq<LinkRule> rules, CancellationToken stopped)
    {
        var before = _listed;
        _listed = rules.Select(rule => rule.Id).ToSet();
        return faults.Change(
            $"fault plan: {FaultWords.Of(action)}", plan => plan with { Links = [.. Without(plan, before.Union(_listed)), .. rules] }, stopped);
    }

    private Task Other(FaultAction action, string id, LinkRule? rule, CancellationToken stopped)
    {
        _others = rule is null ? _others.Remove(id) : _others.Add(id);
        return faults.Change(
            $"fault plan: {FaultWords.Of(action)}",
            plan => plan with { Links = [.. Without(plan, [id]), .. rule is null ? [] : Seq.Of(rule with { Id = id })] },
            stopped);
    }

    private static Seq<LinkRule> Without(FaultPlan plan, Set<string> ids) =>
        [.. plan.Links.Where(rule => !ids.Contains(rule.Id))];
}

/// <summary>Faults in words.</summary>
internal static class FaultWords
{
    public static string Of(FaultAction action) => action switch
    {
        FaultAction.Crash crash => $"crash {crash.Node}",
        FaultAction.PowerCut => "power cut",
        FaultAction.Restart restart => $"restart {restart.Node}",
        FaultAction.RestartAll => "restart all",
        FaultAction.Pause pause => $"pause {pause.Node}",
        FaultAction.Resume resume => $"resume {resume.Node}",
        FaultAction.Cut cut => $"cut {string.Join(",", cut.Links)}",
        FaultAction.Flap flap => $"flap {string.Join(",", flap.Links)} every {Durations.Format(flap.Period)}",
        FaultAction.Heal => "heal",
        FaultAction.Lose lose => FormattableString.Invariant($"lose {lose.Probability}"),
        FaultAction.Duplicate twice => FormattableString.Invariant($"duplicate {twice.Probability}"),
        FaultAction.Messages messages => messages.Rules.IsEmpty ? "no rates for messages" : $"{Counted.Of(messages.Rules.Count, "rate", "rates")} for messages",
        FaultAction.SetLinks links => links.Rules.IsEmpty ? "no rules for links" : string.Join("; ", links.Rules),
        FaultAction.Slow slow => slow.By.Most == 0 ? $"{slow.Node} slow no more" : $"{slow.Node} slow by {slow.By}",
        _ => action.GetType().Name,
    };
}

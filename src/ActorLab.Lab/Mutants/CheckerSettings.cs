using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The worlds in which the checker looks for a mutant.</summary>
/// <param name="Values">Parameters of the scenario.</param>
/// <param name="World">Network and faults.</param>
/// <param name="Symmetry">Whether names count.</param>
public sealed record CheckerSetting(IReadOnlyDictionary<string, int> Values, CheckWorld World, bool Symmetry = false)
{
    private static readonly CheckWorld Still = new() { OneCopy = true, NoOpsStay = true };

    /// <summary>Where a mutant shows within a minute; null where that takes more worlds than there is room for.</summary>
    public static CheckerSetting? Of(Mutant mutant) => mutant.Family.Name switch
    {
        "ben-or:begins-anew" => Set("coin=0 crashes=1"),
        var name when name.StartsWith("ben-or:", StringComparison.Ordinal) => Set("drift=1"),
        "commit:aborts-in-doubt" or "commit:commits-in-doubt" or "commit:presumes-too-early" => Set(""),
        "commit:commits-on-a-majority" => Set("participants=3 legs=3 whims=1 patient=1"),
        "commit:forgets-before-all-know" => Set("drops=1"),
        "commit:holds-nothing" => Set("transfers=2 funds=10 patient=1"),
        var name when name.StartsWith("commit:", StringComparison.Ordinal) => Set("crashes=1"),
        "crdt:sums-at-merge" => Set("replicas=2 type=1 updates=1"),
        "crdt:no-tie-break" => Set("replicas=2 type=4 updates=2"),
        "crdt:collects-tombstones-early" => Set("replicas=2 type=3 updates=2"),
        "crdt:gossips-once" => Set("replicas=2 updates=1 drops=0 duplicates=0"),
        "rotating-coordinator:says-nothing" => Set("suspects=0"),
        "generals:keeps-his-order-on-a-tie" => Set("orders=3"),
        "generals:tells-nobody" => Set("traitors=0"),
        "agreement:does-as-he-thinks" => Set("n=4 traitors=0"),
        var name when name.StartsWith("agreement:", StringComparison.Ordinal) => Set("n=4"),
        var name when name.StartsWith("campaign:", StringComparison.Ordinal) => null, // In any timing rounds are rarely kept.
        "ping-pong:counts-repetitions" => Set("duplicating=1"),
        "paxos:forgets-its-promise" => Set("learners=0 crashes=1"),
        "paxos:reuses-its-ballot" => Set("proposers=1 asks=2 learners=0 crashes=1", new CheckWorld { Duplicates = 1 }),
        "paxos:learns-too-early" => Set(""),
        "paxos:never-asks" => Set("proposers=1 catchup=1", new CheckWorld { Drops = 2 }),
        "paxos:asks-acceptors-only" => Set("proposers=1 acceptors=2 alone=2 crashes=1", new CheckWorld { Drops = 1 }),
        "paxos:tells-proposers-once" => null, // It goes on for ever in new rounds, and their proposals are remembered.
        var name when name.StartsWith("paxos:", StringComparison.Ordinal) => Set("learners=0"),
        "snapshot:finds-no-work-in-channels" => Set("nodes=2 money=1 rich=1 transfers=1 snapshots=2 spends=1 collect=0"),
        var name when name.StartsWith("snapshot:", StringComparison.Ordinal) || name.StartsWith("lai-yang:", StringComparison.Ordinal) =>
            Set("nodes=2 snapshots=1 collect=0"),
        "paxos-duel:gives-up" => Set("acceptors=3 distinguished=1"),
        "multi-paxos:reuses-its-ballot" => Slots("leaders=1 operations=2 crashes=1"),
        "multi-paxos:prepares-the-last-slot-only" => Slots("leaders=1 operations=2 ballots=2"),
        "multi-paxos:learns-too-early" => Slots("leaders=1 operations=1 learners=1"),
        "multi-paxos:executes-over-a-gap" => Slots("leaders=1 operations=2 learners=1"),
        "multi-paxos:forgets-its-promise" or "multi-paxos:never-asks" or "multi-paxos:leaves-gaps" or "multi-paxos:keeps-silent"
            or "multi-paxos:reads-at-once" or "multi-paxos:applies-retries-again" => null,
        var name when name.StartsWith("multi-paxos:", StringComparison.Ordinal) => Slots("leaders=2 operations=2"),
        "raft:changes-before-commit" => Servers("stage=1") with { Symmetry = false },
        "raft:takes-pieces-behind-holes" => Servers("stage=2") with { Symmetry = false },
        "raft:forgets-its-vote" => Servers("terms=1"),
        "raft:forgets-its-term" => Servers("terms=1 crashes=1"),
        "raft:skips-up-to-date-check" => Servers("terms=2"),
        "raft:acknowledges-before-disk" => Servers("terms=2 crashes=1"),
        "raft:truncates-on-stale-append" => Servers("terms=2 rounds=1 hurry=1"),
        var name when name.StartsWith("raft:", StringComparison.Ordinal) => null,
        _ => Set(""),
    };

    /// <summary>Parameters such as <c>servers=3 terms=1</c>.</summary>
    public static Dictionary<string, int> ValuesOf(string values) =>
        values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));

    private static CheckerSetting Set(string values, CheckWorld? world = null) => new(ValuesOf(values), world ?? new CheckWorld());

    /// <summary>Leaders and three acceptors on nodes of their own, one ballot each; operations come from outside.</summary>
    private static CheckerSetting Slots(string values) => new(
        ValuesOf("apart=1 clients=0 learners=0 ballots=1 beats=0 lossy=0").Concat(ValuesOf(values))
            .GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value),
        Still, Symmetry: true);

    /// <summary>Three servers without clients, elections as in Figure 2; a message that never arrives is as good as lost.</summary>
    private static CheckerSetting Servers(string values) =>
        Set($"servers=3 clients=0 prevote=0 lossy=0 operations=0 {(values.Contains("rounds") ? "" : "rounds=0 ")}{values}", Still) with
        {
            Symmetry = true,
        };
}

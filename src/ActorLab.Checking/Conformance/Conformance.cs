using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Replays what nodes of the cluster recorded through the pure roles: every turn must lead to the state that was recorded,
/// every message arrive as it was sent, every boot find a disk that was written. The properties of the scenario are judged
/// after each turn.
/// </summary>
public static class Conformance
{
    /// <param name="scenario">What the nodes ran.</param>
    /// <param name="recordings">Of the nodes; of one or more.</param>
    /// <param name="draws">Whether the result has all events in one order: it takes their texts.</param>
    /// <exception cref="BadRecording">The recordings do not belong together, or not to the scenario.</exception>
    public static ConformanceResult Replay(Scenario scenario, IReadOnlyList<RecordingFile> recordings, bool draws = false)
    {
        var replays = scenario.Placements.Select(placement => (placement.Address, Replay: new RoleReplay(placement))).ToList();
        var byName = replays.ToDictionary(pair => pair.Address.ToString(), pair => pair.Replay, StringComparer.Ordinal);
        foreach (var recording in recordings)
        {
            Take(scenario, recording, byName);
        }

        var merge = new Merge(
            replays.Select(pair => (pair.Address, pair.Replay.Items)),
            sender => !recordings.Any(recording => recording.Node == sender.Node && !recording.IsFull)
                || (byName.TryGetValue(sender.ToString(), out var replay) && (replay.HasEnded || replay.BeganLate)));
        var result = new ConformanceRun(scenario, draws).Of(merge);
        return result with { Remarks = Remarks(scenario, recordings, replays, merge).ToSeq() };
    }

    private static void Take(Scenario scenario, RecordingFile recording, Dictionary<string, RoleReplay> byName)
    {
        foreach (var (number, line) in recording.Lines)
        {
            var role = line switch
            {
                RecordedLine.Turn turn => turn.Role,
                RecordedLine.Durable durable => durable.Role,
                RecordedLine.Crash crash => crash.Role,
                _ => null,
            };
            if (role is null)
            {
                continue;
            }

            if (!byName.TryGetValue(role, out var replay) || !role.StartsWith($"{recording.Node}/", StringComparison.Ordinal))
            {
                throw new BadRecording(
                    $"{recording.Path}, line {number}: {recording.Node} has no role {role} in {scenario.Name}; it has "
                    + $"{string.Join(", ", scenario.Placements.Select(p => p.Address).Where(a => a.Node == recording.Node))}.");
            }

            if (!replay.HasEnded)
            {
                replay.Take(number, line);
            }
        }

        if (recording.IsFull)
        {
            foreach (var placement in scenario.Placements.Where(placement => placement.Address.Node == recording.Node))
            {
                byName[placement.Address.ToString()].Stops();
            }
        }
    }

    private static IEnumerable<string> Remarks(
        Scenario scenario, IReadOnlyList<RecordingFile> recordings, List<(Address Address, RoleReplay Replay)> replays, Merge merge)
    {
        var missing = scenario.Nodes.Where(node => recordings.All(recording => recording.Node != node)).ToList();
        if (missing.Count > 0)
        {
            yield return $"There is no recording of {string.Join(", ", missing)}: properties, which look at the whole world, are not judged.";
        }

        foreach (var recording in recordings.Where(recording => recording.IsFull))
        {
            yield return $"The recording of {recording.Node} stopped before the run did: from there on its roles stay as they were, and what is "
                + "judged then may be of worlds that never were.";
        }

        foreach (var recording in recordings.Where(recording => recording.IsTorn))
        {
            yield return $"The recording of {recording.Node} ends within a line: its process was killed while it wrote, and the turn had no effect.";
        }

        var late = replays.Where(pair => pair.Replay.BeganLate).Select(pair => pair.Address).ToList();
        if (late.Count > 0)
        {
            yield return $"The recording began when {string.Join(", ", late)} had run before: what came earlier is not judged.";
        }

        if (merge.FromNowhere > 0)
        {
            yield return $"{merge.FromNowhere} messages come from turns that are in no recording.";
        }
    }
}

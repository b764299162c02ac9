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
                || (byName.TryGetValue(sender.ToString(), out var replay) && (replay.HasEnded || replay.BeganLate)),
            (receipt, sender, number) => RequireWhole(recordings, byName.GetValueOrDefault(sender.ToString()), receipt, sender, number));
        var result = new ConformanceRun(scenario, draws).Of(merge);
        return result with { Remarks = Remarks(scenario, recordings, replays, merge).ToSeq() };
    }

    private static void Take(Scenario scenario, RecordingFile recording, Dictionary<string, RoleReplay> byName)
    {
        RecordedLine? before = null;
        foreach (var (number, line) in recording.Lines)
        {
            TakeProcess(OfNode(scenario, recording, byName), number, line, before);
            before = line;
            var role = line switch
            {
                RecordedLine.Turn turn => turn.Role,
                RecordedLine.Durable durable => durable.Role,
                RecordedLine.Crash crash => crash.Role,
                RecordedLine.Stop stop => stop.Role,
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
            foreach (var replay in OfNode(scenario, recording, byName))
            {
                replay.Stops();
            }
        }
    }

    private static IEnumerable<RoleReplay> OfNode(Scenario scenario, RecordingFile recording, Dictionary<string, RoleReplay> byName) =>
        scenario.Placements.Where(placement => placement.Address.Node == recording.Node).Select(placement => byName[placement.Address.ToString()]);

    /// <summary>What befalls all roles of a node. A process whose end nobody saw ended before the next one began.</summary>
    private static void TakeProcess(IEnumerable<RoleReplay> roles, int number, RecordedLine line, RecordedLine? before)
    {
        if (line is not (RecordedLine.Start or RecordedLine.End))
        {
            return;
        }

        foreach (var role in roles)
        {
            if (line is RecordedLine.End end)
            {
                role.ProcessEnds(number, end.At, end.Reason ?? "its process ended");
            }
            else
            {
                role.ProcessEnds(number, before?.At ?? line.At, "its process ended");
                role.ProcessBegins();
            }
        }
    }

    /// <summary>
    /// Turns are recorded before anything of them leaves, and so is that their disk is durable. So when somebody received what a
    /// role sent after the last of these, the end of its recording was cut off.
    /// </summary>
    private static void RequireWhole(
        IReadOnlyList<RecordingFile> recordings, RoleReplay? replay, TurnName receipt, Address role, long number)
    {
        var sender = recordings.First(recording => recording.Node == role.Node);
        var last = (replay?.Items ?? []).OfType<ReplayedTurn>().Where(turn => turn.Counts).SelectMany(turn => turn.Recorded.Sent ?? [])
            .DefaultIfEmpty().Max();
        if (!sender.HasEnd && number > last)
        {
            var receiver = recordings.First(recording => recording.Node == receipt.Where.Node);
            throw new BadRecording(
                $"{sender.Path} is damaged: it ends with line {sender.Lines[^1].Number}, and lines behind it are missing, for in {receiver.Path}, "
                + $"line {receipt.Line}, {receipt.Where} receives what {role} sent later (message {number}).");
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

        foreach (var recording in recordings.Where(recording => !recording.HasEnd && !recording.IsFull && !recording.IsTorn))
        {
            yield return $"The recording of {recording.Node} does not say how its last process ended: nobody saw that, or the end of the file is cut off.";
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

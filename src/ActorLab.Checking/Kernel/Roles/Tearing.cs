using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// The ways in which a node may crash within a turn. A host lets early messages leave, then writes the disk, then lets
/// the other messages leave; the links carry on independently, so that what leaves is a prefix on each link.
/// </summary>
internal static class Tearing
{
    private const int MaxDestinations = 10;

    /// <summary>The torn variants of a turn that went through, with the numbers and envelopes still of the whole.</summary>
    /// <exception cref="NotSupportedException">The turn sends to too many addresses.</exception>
    public static IEnumerable<Outcome> Of(Outcome whole, Address where)
    {
        var sends = whole.Effects.OfType<Effect.Send>().ToList();
        if (sends.Select(send => send.To).Distinct().Count() > MaxDestinations)
        {
            throw new NotSupportedException(
                $"A turn of {where} sends to more than {MaxDestinations} addresses, and a crash may lose any part of that: "
                + "use fewer nodes, or allow no crashes.");
        }

        // Before the write nothing but early messages can have left, and the turn never was.
        var early = sends.Where(send => send.Early).ToList();
        foreach (var left in whole.DiskChanged ? Prefixes(early) : [])
        {
            yield return whole with
            {
                After = whole.Before,
                Effects = left,
                Counts = false,
                Torn = "crashes before the disk is written",
            };
        }

        // After it, all have left is the turn as a whole; a report then is lost with the rest.
        var late = whole.DiskChanged ? sends.Where(send => !send.Early).ToList() : sends;
        var gone = whole.DiskChanged ? early : [];
        var reports = whole.Effects.Any(effect => effect is Effect.Report);
        foreach (var left in Prefixes(late).Where(left => left.Count < late.Count || reports))
        {
            yield return whole with
            {
                Effects = [.. gone, .. left],
                Torn = left.Count == 0
                    ? "crashes before its messages leave"
                    : $"crashes when {left.Count} of {late.Count} messages have left",
            };
        }
    }

    /// <summary>Every choice of a prefix for each destination.</summary>
    private static IEnumerable<List<Effect>> Prefixes(List<Effect.Send> sends)
    {
        IEnumerable<List<Effect>> all = [[]];
        foreach (var link in sends.GroupBy(send => send.To))
        {
            var messages = link.ToList();
            all = all.SelectMany(_ => Enumerable.Range(0, messages.Count + 1), (left, count) =>
                (List<Effect>)[.. left, .. messages.Take(count)]);
        }

        return all;
    }
}

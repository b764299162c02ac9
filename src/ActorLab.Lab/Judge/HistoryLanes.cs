using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Where the bars of a history stand on its page.</summary>
internal sealed class HistoryLanes
{
    /// <summary>More bars than this a browser does not take well: of a longer history the part around the fault is drawn.</summary>
    public const int MostBars = 4_000;

    private const int Left = 10;
    private const int Step = 26;

    private readonly Dictionary<long, int> _columns;

    /// <param name="judged">The history with its verdict.</param>
    /// <param name="widthOf">How wide a bar has to be for its words.</param>
    public HistoryLanes(Judgement judged, Func<int, int> widthOf)
    {
        Shown = ShownOf(judged);
        Lanes = LanesOf(judged, Shown);
        (_columns, Width) = ColumnsOf(judged, Shown, widthOf);
    }

    /// <summary>What is drawn: the operations of the object that is broken, of many those around the fault.</summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>A lane for each client, and more for one whose operations overlap; these have no name.</summary>
    public IReadOnlyList<(string Name, List<int> Operations)> Lanes { get; }

    public int Width { get; }

    /// <summary>Where an operation begins and ends. One of unknown outcome is open to the end.</summary>
    public (int From, int To) BarOf(HistoryOperation operation) => (
        _columns[operation.InvokedAt], operation.Outcome == Outcome.Unknown ? Width - 6 : _columns[operation.CompletedAt!.Value]);

    private static List<int> ShownOf(Judgement judged)
    {
        var all = Enumerable.Range(0, judged.Operations.Count);
        if (judged.Result.Culprit is not { Broken: { } broken } culprit)
        {
            return [.. all.Take(MostBars)];
        }

        var end = judged.Operations[broken.Operation].CompletedAt!.Value;
        var own = all.Where(i => culprit.Object is null || judged.Model.ObjectOf(judged.Operations[i]) == culprit.Object).ToList();
        var (early, late) = (own.Where(i => judged.Operations[i].InvokedAt <= end), own.Where(i => judged.Operations[i].InvokedAt > end));
        return [.. early.Where(i => i != broken.Operation).TakeLast(MostBars - 21).Append(broken.Operation).Order(), .. late.Take(20)];
    }

    /// <summary>What matters is which event came first: each gets as much room as the words of the bars that end there need.</summary>
    private static (Dictionary<long, int> Columns, int Width) ColumnsOf(Judgement judged, IReadOnlyList<int> shown, Func<int, int> widthOf)
    {
        var columns = new Dictionary<long, int>();
        var ends = shown.Where(i => judged.Operations[i].Outcome != Outcome.Unknown)
            .ToLookup(i => judged.Operations[i].CompletedAt!.Value);
        var x = Left;
        foreach (var time in shown.SelectMany(i => Ends(judged.Operations[i])).Distinct().Order())
        {
            foreach (var i in ends[time].Where(i => columns.ContainsKey(judged.Operations[i].InvokedAt)))
            {
                x = Math.Max(x, columns[judged.Operations[i].InvokedAt] + widthOf(i));
            }

            columns[time] = x;
            x += Step;
        }

        var open = shown.Where(i => judged.Operations[i].Outcome == Outcome.Unknown)
            .Select(i => columns[judged.Operations[i].InvokedAt] + widthOf(i)).DefaultIfEmpty(0).Max();
        return (columns, Math.Max(x, open) + 14);
    }

    private static IEnumerable<long> Ends(HistoryOperation operation) => operation.Outcome == Outcome.Unknown
        ? [operation.InvokedAt]
        : [operation.InvokedAt, operation.CompletedAt!.Value];

    private static List<(string Name, List<int> Operations)> LanesOf(Judgement judged, IReadOnlyList<int> shown) =>
        [.. shown.GroupBy(i => judged.Operations[i].Client)
            .OrderBy(client => client.Key.ToString().Length).ThenBy(client => client.Key.ToString(), StringComparer.Ordinal)
            .SelectMany(client => Apart(judged, client).Select((own, i) => (i == 0 ? client.Key.ToString() : "", own)))];

    /// <summary>Operations of one client that overlap get a lane each.</summary>
    private static List<List<int>> Apart(Judgement judged, IEnumerable<int> operations)
    {
        var lanes = new List<(long End, List<int> Operations)>();
        foreach (var i in operations.OrderBy(i => judged.Operations[i].InvokedAt))
        {
            var operation = judged.Operations[i];
            var end = operation.Outcome == Outcome.Unknown ? long.MaxValue : operation.CompletedAt!.Value;
            var free = lanes.FindIndex(lane => lane.End <= operation.InvokedAt);
            if (free < 0)
            {
                lanes.Add((end, [i]));
            }
            else
            {
                lanes[free].Operations.Add(i);
                lanes[free] = (end, lanes[free].Operations);
            }
        }

        return [.. lanes.Select(lane => lane.Operations)];
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A history as one page that needs nothing else: a lane for each client, a bar for each operation from its call to its
/// return, numbers for the order that was found, and red for what cannot be placed.
/// </summary>
internal static class HistoryPage
{
    /// <summary>More bars than this a browser does not take well: of a longer history the part around the fault is drawn.</summary>
    private const int MostBars = 4_000;

    private const int LaneHeight = 30;
    private const int Left = 110;
    private const int Step = 26;

    private const string Style = """
        body { font: 14px system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff }
        .scroll { overflow-x: auto; border: 1px solid #ccc }
        svg text { font: 11px system-ui, sans-serif; fill: #222 }
        .lane { stroke: #e4e4e4 } .ok { fill: #cfe3f7; stroke: #5b8db8 } .unknown { fill: #f3e6c4; stroke: #b8963e; stroke-dasharray: 4 2 }
        .failed { fill: #eee; stroke: #aaa } .other { opacity: .35 } .bad { fill: #f6c0bd; stroke: #c22; stroke-width: 2 }
        .cut { stroke: #c22; stroke-dasharray: 3 3 } .place { font-weight: bold }
        """;

    /// <summary>A long history is opened where it breaks.</summary>
    private const string ToTheFault = "<script>document.querySelector('.bad')?.scrollIntoView({ block: 'nearest', inline: 'center' })</script>";

    /// <exception cref="CommandFailed">The file cannot be written.</exception>
    public static void Save(string path, History history, HistoryModel model, LinearizabilityResult result) =>
        WholeFile.Write(path, "The page", Render(history, model, result));

    public static string Render(History history, HistoryModel model, LinearizabilityResult result)
    {
        var shown = Shown(history, model, result);
        var place = new Dictionary<int, int>();
        foreach (var judged in result.Culprit is { } culprit ? [culprit] : result.Objects)
        {
            for (var i = 0; i < judged.Order.Count; i++)
            {
                place[judged.Order[i]] = i + 1;
            }
        }

        // Equal distances between events: what matters is which came first.
        var times = shown.SelectMany(i => Ends(history.Operations[i])).Distinct().Order().ToList();
        var column = times.Select((time, i) => (time, i)).ToDictionary(pair => pair.time, pair => Left + 10 + (pair.i * Step));
        var end = Left + 40 + (times.Count * Step);
        var lanes = Lanes(history, shown);
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>").Append(Text($"{model.Name}: {JudgeView.WordOf(result.Verdict)}"))
            .Append("</title><style>").Append(Style).Append("</style><h1>").Append(Text($"{model.Name}: {JudgeView.WordOf(result.Verdict)}"))
            .Append("</h1>").Append(Words(history, model, result, shown.Count))
            .Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\"><svg width=\"{end}\" height=\"{(lanes.Count * LaneHeight) + 10}\" role=\"img\">");
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            var y = (lane * LaneHeight) + (LaneHeight / 2);
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"lane\" x1=\"{Left}\" x2=\"{end}\" y1=\"{y}\" y2=\"{y}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{y + 4}\">{Text(lanes[lane].Name)}</text>");
        }

        for (var lane = 0; lane < lanes.Count; lane++)
        {
            foreach (var i in lanes[lane].Operations)
            {
                var operation = history.Operations[i];
                var to = operation.Outcome == Outcome.Unknown ? end - 6 : column[operation.CompletedAt!.Value];
                Bar(page, history, model, i, (column[operation.InvokedAt], to, lane * LaneHeight), ClassOf(operation, i, result, place), place.GetValueOrDefault(i));
            }
        }

        if (result.Culprit?.Broken is { } broken)
        {
            var x = column[history.Operations[broken.Operation].CompletedAt!.Value];
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"cut\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{lanes.Count * LaneHeight}\"/>");
        }

        return page.Append("</svg></div>").Append(ToTheFault).Append("</html>\n").ToString();
    }

    private static void Bar(
        StringBuilder page, History history, HistoryModel model, int i, (int From, int To, int Top) at, string style, int number)
    {
        var width = Math.Max(at.To - at.From, 6);
        var label = model.Describe(history.Operations[i]);
        var letters = Math.Max(1, (width / 6) - (number > 0 ? number.ToString(CultureInfo.InvariantCulture).Length + 1 : 0));
        page.Append(CultureInfo.InvariantCulture, $"<g><title>{Text(JudgeView.Describe(history, model, i))}</title>")
            .Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{at.From}\" y=\"{at.Top + 4}\" width=\"{width}\" height=\"{LaneHeight - 8}\" rx=\"3\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{at.From + 3}\" y=\"{at.Top + 19}\">");
        if (number > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tspan class=\"place\">{number}</tspan> ");
        }

        page.Append(Text(label.Length <= letters ? label : label[..letters])).Append("</text></g>\n");
    }

    private static string ClassOf(HistoryOperation operation, int i, LinearizabilityResult result, Dictionary<int, int> place)
    {
        var kind = operation.Outcome switch { Outcome.Ok => "ok", Outcome.Unknown => "unknown", _ => "failed" };
        return result.Culprit?.Broken?.Operation == i ? "bad" : place.ContainsKey(i) || result.Culprit is null ? kind : $"{kind} other";
    }

    /// <summary>What is drawn: the operations of the object that is broken, of many those around the fault.</summary>
    private static List<int> Shown(History history, HistoryModel model, LinearizabilityResult result)
    {
        var all = Enumerable.Range(0, history.Operations.Count);
        if (result.Culprit is not { Broken: { } broken } culprit)
        {
            return [.. all.Take(MostBars)];
        }

        var end = history.Operations[broken.Operation].CompletedAt!.Value;
        var own = all.Where(i => culprit.Object is null || model.ObjectOf(history.Operations[i]) == culprit.Object).ToList();
        var (early, late) = (own.Where(i => history.Operations[i].InvokedAt <= end), own.Where(i => history.Operations[i].InvokedAt > end));
        return [.. early.Where(i => i != broken.Operation).TakeLast(MostBars - 21).Append(broken.Operation).Order(), .. late.Take(20)];
    }

    private static List<(string Name, List<int> Operations)> Lanes(History history, List<int> shown) =>
        [.. shown.GroupBy(i => history.Operations[i].Client)
            .OrderBy(client => client.Key.ToString().Length).ThenBy(client => client.Key.ToString(), StringComparer.Ordinal)
            .SelectMany(client => Apart(history, client).Select((own, i) => (i == 0 ? client.Key.ToString() : "", own)))];

    /// <summary>Operations of one client that overlap get a lane each.</summary>
    private static List<List<int>> Apart(History history, IEnumerable<int> operations)
    {
        var lanes = new List<(long End, List<int> Operations)>();
        foreach (var i in operations.OrderBy(i => history.Operations[i].InvokedAt))
        {
            var operation = history.Operations[i];
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

    private static IEnumerable<long> Ends(HistoryOperation operation) => operation.Outcome == Outcome.Unknown
        ? [operation.InvokedAt]
        : [operation.InvokedAt, operation.CompletedAt!.Value];

    private static string Words(History history, HistoryModel model, LinearizabilityResult result, int shown)
    {
        var words = new StringBuilder();
        if (result.Culprit?.Broken is { } broken)
        {
            words.Append("<p>The numbers are an order of the longest linearizable prefix, which leaves <b>").Append(Text(broken.State))
                .Append("</b>. Red, and not to be placed in any order: <b>").Append(Text(JudgeView.Describe(history, model, broken.Operation)))
                .Append("</b>.</p>");
        }
        else if (result.Verdict == LinearizabilityVerdict.Linearizable)
        {
            words.Append("<p>The numbers are an order, of each key by itself, that explains every reply.</p>");
        }
        else
        {
            words.Append("<p>").Append(Text(result.Reason ?? "")).Append("</p>");
        }

        return words.Append(CultureInfo.InvariantCulture, $"<p>{shown} of {history.Operations.Count} operations are drawn; ")
            .Append("those of unknown outcome are open to the end. Point at a bar for the whole of it.</p>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(SafeText.Escape(text));
}

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
internal sealed class HistoryPage
{
    private const int LaneHeight = 30;
    private const int NamesWidth = 110;

    /// <summary>A letter is seldom wider.</summary>
    private const int LetterWidth = 7;

    /// <summary>So many letters of each bar can be read; all of what cannot be placed, within reason.</summary>
    private const int MostLetters = 18;
    private const int MostLettersOfFault = 2_000;

    private const string Style = """
        body { font: 14px system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff }
        .scroll { overflow-x: auto; border: 1px solid #ccc } .lanes { display: flex; width: max-content }
        .names { position: sticky; left: 0; z-index: 1; background: #fff; border-right: 1px solid #ccc } svg { display: block }
        svg text { font: 11px system-ui, sans-serif; fill: #222 }
        .lane { stroke: #e4e4e4 } .ok { fill: #cfe3f7; stroke: #5b8db8 } .unknown { fill: #f3e6c4; stroke: #b8963e; stroke-dasharray: 4 2 }
        .failed { fill: #eee; stroke: #aaa } .other { opacity: .35 } .bad { fill: #f6c0bd; stroke: #c22; stroke-width: 2 }
        .cut { stroke: #c22; stroke-dasharray: 3 3 } .place { font-weight: bold }
        .legend { display: flex; flex-wrap: wrap; gap: .3em 1.5em } .legend span { display: flex; align-items: center; gap: .4em }
        """;

    /// <summary>A long history is opened where it breaks.</summary>
    private const string ToTheFault =
        "<script>document.querySelector('.scroll .bad')?.scrollIntoView({ block: 'nearest', inline: 'center' })</script>";

    private readonly Judgement _judged;
    private readonly HistoryLanes _lanes;
    private readonly Dictionary<int, int> _places = [];
    private readonly StringBuilder _page = new();

    private HistoryPage(Judgement judged)
    {
        _judged = judged;
        foreach (var one in judged.Result.Culprit is { } culprit ? [culprit] : judged.Result.Objects)
        {
            for (var i = 0; i < one.Order.Count; i++)
            {
                _places[one.Order[i]] = i + 1;
            }
        }

        _lanes = new HistoryLanes(judged, i => WidthOf(NumberOf(i), LabelOf(i)));
    }

    private BrokenPrefix? Broken => _judged.Result.Culprit?.Broken;

    private int Height => (_lanes.Lanes.Count * LaneHeight) + 10;

    /// <exception cref="CommandFailed">The file cannot be written.</exception>
    public static void Save(string path, Judgement judged) => WholeFile.Write(path, "The page", Render(judged));

    public static string Render(Judgement judged) => new HistoryPage(judged).Render();

    private string Render()
    {
        var title = Text($"{_judged.Model.Name}: {JudgeView.WordOf(_judged.Result.Verdict)}");
        Add($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{Style}</style><h1>{title}</h1>");
        Words();
        Legend();
        Add($"<div class=\"scroll\"><div class=\"lanes\"><div class=\"names\"><svg width=\"{NamesWidth}\" height=\"{Height}\">");
        for (var lane = 0; lane < _lanes.Lanes.Count; lane++)
        {
            var (name, y) = (_lanes.Lanes[lane].Name, (lane * LaneHeight) + (LaneHeight / 2));
            Add($"<text x=\"4\" y=\"{y + 4}\"><title>{Text(name)}</title>{Text(SafeText.Shorten(name, NamesWidth / LetterWidth))}</text>");
        }

        Add($"</svg></div><svg width=\"{_lanes.Width}\" height=\"{Height}\" role=\"img\">");
        for (var lane = 0; lane < _lanes.Lanes.Count; lane++)
        {
            var y = (lane * LaneHeight) + (LaneHeight / 2);
            Add($"<line class=\"lane\" x1=\"0\" x2=\"{_lanes.Width}\" y1=\"{y}\" y2=\"{y}\"/>");
        }

        for (var lane = 0; lane < _lanes.Lanes.Count; lane++)
        {
            foreach (var i in _lanes.Lanes[lane].Operations)
            {
                Bar(i, lane * LaneHeight);
            }
        }

        if (Broken is { } broken)
        {
            var x = _lanes.BarOf(_judged.Operations[broken.Operation]).To;
            Add($"<line class=\"cut\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{_lanes.Lanes.Count * LaneHeight}\"/>");
        }

        Add($"</svg></div></div>{ToTheFault}</html>\n");
        return _page.ToString();
    }

    private void Bar(int i, int top)
    {
        var (from, to) = _lanes.BarOf(_judged.Operations[i]);
        Add($"<g><title>{Text(_judged.Describe(i))}</title><rect class=\"{ClassOf(i)}\" x=\"{from}\" y=\"{top + 4}\" "
            + $"width=\"{Math.Max(to - from, 6)}\" height=\"{LaneHeight - 8}\" rx=\"3\"/><text x=\"{from + 3}\" y=\"{top + 19}\">");
        if (NumberOf(i) is { Length: > 0 } number)
        {
            Add($"<tspan class=\"place\">{number}</tspan> ");
        }

        Add($"{WebUtility.HtmlEncode(LabelOf(i))}</text></g>\n");
    }

    private string NumberOf(int i) => _places.TryGetValue(i, out var place) ? place.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>What a bar says: without the key where all are of one.</summary>
    private string LabelOf(int i)
    {
        var label = _judged.Model.Describe(_judged.Operations[i]);
        if (_judged.Result.Culprit?.Object is { Length: > 0 } key
            && label.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at && label.AsSpan(at + 1).StartsWith(key))
        {
            label = $"{label[..at]}{label[(at + 1 + key.Length)..]}";
        }

        return SafeText.Shorten(SafeText.Escape(label), Broken?.Operation == i ? MostLettersOfFault : MostLetters);
    }

    private static int WidthOf(string number, string label) =>
        ((label.Length + (number.Length > 0 ? number.Length + 1 : 0)) * LetterWidth) + 8;

    private string ClassOf(int i)
    {
        var kind = _judged.Operations[i].Outcome switch { Outcome.Ok => "ok", Outcome.Unknown => "unknown", _ => "failed" };
        return Broken?.Operation == i ? "bad" : _places.ContainsKey(i) || _judged.Result.Culprit is null ? kind : $"{kind} other";
    }

    private void Words()
    {
        if (Broken is { } broken)
        {
            Add($"<p>The numbers are an order of the {(broken.IsLongest ? "longest linearizable prefix" : "longest linearizable prefix that was found")}"
                + $", which leaves <b>{Text(broken.State)}</b>. Red, and not to be placed in any order: <b>{Text(_judged.Describe(broken.Operation))}</b>.</p>");
        }
        else if (_judged.Result.Verdict == LinearizabilityVerdict.Linearizable)
        {
            Add("<p>The numbers are an order, of each key by itself, that explains every reply.</p>");
        }
        else
        {
            Add($"<p>{Text(_judged.Result.Reason ?? "")}</p>");
        }

        var all = $"{Counted.Of(_judged.Operations.Count, "operation")}{(_judged.Objects == 1 ? "" : $" on {Counted.Of(_judged.Objects, "key")}")}";
        if (_judged.Result.Culprit?.Object is { Length: > 0 } key)
        {
            var own = _judged.Operations.Count(operation => _judged.Model.ObjectOf(operation) == key);
            Add($"<p>Drawn: key <b>{Text(key)}</b>, {_lanes.Shown.Count} of its {Counted.Of(own, "operation")}. The history has {all}.</p>");
        }
        else
        {
            Add($"<p>Drawn: {_lanes.Shown.Count} of {all}.</p>");
        }

        Add($"<p>Point at a bar for the whole of it, with its lines in the file. Again: <code>{Text(_judged.Command)}</code></p>");
    }

    private void Legend()
    {
        Add("<p class=\"legend\">");
        Swatch("ok", "answered");
        Swatch("unknown", "of unknown outcome, open to the end: it takes effect at any time, or never");
        Swatch("failed", "failed: it has no effect");
        if (Broken is not null)
        {
            Swatch("bad", "its answer fits no order");
            Swatch("ok other", "faded: not in the order of the prefix");
            Add("<span><svg width=\"8\" height=\"16\"><line class=\"cut\" x1=\"4\" x2=\"4\" y1=\"0\" y2=\"16\"/></svg>where the prefix ends</span>");
        }

        Add("<span><b>7</b>its place in the order</span></p>");
    }

    private void Swatch(string style, string meaning) => Add(
        $"<span><svg width=\"26\" height=\"16\"><rect class=\"{style}\" x=\"1\" y=\"1\" width=\"24\" height=\"14\" rx=\"3\"/></svg>{meaning}</span>");

    private void Add(string markup) => _page.Append(markup);

    private static string Text(string text) => WebUtility.HtmlEncode(SafeText.Escape(text));
}

using System.Text;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A picture for the terminal: a lane a column, an event a row, time downwards. The arrow of a message is in the row of
/// its receipt, from the column of its sender.
/// </summary>
internal sealed class DiagramText
{
    private const int LeastColumn = 4;
    private const int MostColumn = 11;

    private readonly Drawing _drawing;
    private readonly int _width;
    private readonly int _column;
    private readonly int _time;
    private readonly bool[] _isDown;
    private readonly ILookup<int, Spell> _begins; // by the first row in which a lane is down
    private readonly ILookup<int, Spell> _ends;

    private DiagramText(Drawing drawing, int width)
    {
        _drawing = drawing;
        var lanes = Math.Max(1, drawing.Lanes.Count);
        var source = drawing.Picture.Source;
        _time = drawing.Marks.Select(mark => EventText.Time(source, mark.Event.Trace.At).Length).Append(4).Max();
        _width = width;
        _column = Math.Clamp((width - _time - 50) / lanes, LeastColumn, MostColumn);
        _isDown = new bool[drawing.Lanes.Count];
        _begins = drawing.Spells.ToLookup(spell => spell.From + 1);
        _ends = drawing.Spells.Where(spell => spell.To >= 0).ToLookup(spell => spell.To);
    }

    /// <param name="picture">What to show.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="rows">Most rows: the last ones up to the violation, or to the end.</param>
    public static IEnumerable<(string Text, Tone Tone)> Lines(Picture picture, int width, int rows)
    {
        var drawing = new Drawing(picture);
        return new DiagramText(drawing, width).All(rows);
    }

    private IEnumerable<(string Text, Tone Tone)> All(int rows)
    {
        var picture = _drawing.Picture;
        yield return (picture.Title, picture.Violation is null ? Tone.Strong : Tone.Bad);
        foreach (var header in Header())
        {
            yield return (header, Tone.Dim);
        }

        var end = _drawing.ViolationAt >= 0 ? _drawing.ViolationAt + 1 : _drawing.Marks.Count;
        var start = Math.Max(0, end - rows);
        if (start > 0)
        {
            yield return ($"{new string(' ', _time)} ... {start} earlier events", Tone.Dim);
        }

        if (_drawing.LoopsTo is >= 0 and var from && from < start)
        {
            yield return ($"{new string(' ', _time)} all from {start - from} events before this on repeats for ever", Tone.Warn);
        }

        for (var place = 0; place < end; place++)
        {
            ChangeLives(place);
            if (place < start)
            {
                continue;
            }

            if (place == _drawing.LoopsTo)
            {
                yield return ($"{new string(' ', _time)} from here on all repeats for ever", Tone.Warn);
            }

            yield return (Row(place).TrimEnd(), ToneOf(place));
        }

        if (end < _drawing.Marks.Count)
        {
            yield return ($"{new string(' ', _time)} ... {_drawing.Marks.Count - end} later events", Tone.Dim);
        }

        foreach (var line in Violation())
        {
            yield return line;
        }

        foreach (var remark in picture.Remarks)
        {
            yield return (remark, Tone.Dim);
        }

        if (picture.Command is { } command)
        {
            yield return ($"Again: {command}", Tone.Dim);
        }
    }

    private IEnumerable<string> Header()
    {
        var nodes = new StringBuilder(new string(' ', _time + 1));
        var roles = new StringBuilder("time".PadLeft(_time) + " ");
        var last = default(NodeId);
        foreach (var lane in _drawing.Lanes)
        {
            nodes.Append(Fit(lane.Node == last ? "" : lane.Node.ToString()));
            roles.Append(Fit(lane.Role));
            last = lane.Node;
        }

        return [nodes.ToString().TrimEnd(), roles.ToString().TrimEnd()];
    }

    private string Fit(string text) => (text.Length < _column ? text : text[..(_column - 1)]).PadRight(_column);

    private string Row(int place)
    {
        var mark = _drawing.Marks[place];
        var one = mark.Event.Trace;
        var cells = new char[_drawing.Lanes.Count * _column];
        Array.Fill(cells, ' ');
        for (var lane = 0; lane < _isDown.Length; lane++)
        {
            cells[lane * _column] = _isDown[lane] ? ' ' : '│';
        }

        foreach (var lane in LanesOf(one, mark))
        {
            cells[lane * _column] = SignOf(mark);
        }

        if (one.Kind is TraceKind.Deliver or TraceKind.Drop or TraceKind.Duplicate
            && mark is { Lane: >= 0, Peer: >= 0 } && mark.Lane != mark.Peer)
        {
            var (from, to) = one.Kind == TraceKind.Deliver ? (mark.Peer, mark.Lane) : (mark.Lane, mark.Peer);
            Arrow(cells, from * _column, to * _column, one.Kind);
        }

        var text = $"{EventText.Time(_drawing.Picture.Source, one.At).PadLeft(_time)} {new string(cells)} {TextOf(mark)}";
        return SafeText.Shorten(text, Math.Max(_width, _time + cells.Length + 30));
    }

    private string TextOf(Mark mark)
    {
        var one = mark.Event.Trace;
        var text = one.Kind is TraceKind.Drop or TraceKind.Duplicate && mark.Letter >= 0
            ? $"{one.Text}: {_drawing.Letters[mark.Letter].Text}"
            : mark is { Lane: >= 0, Peer: >= 0 } && one.Kind == TraceKind.Deliver ? one.Text
            : mark.Lane >= 0 ? EventText.Line(one)
            : $"{(one.Where == Address.Outside || one.Kind == TraceKind.Step ? "" : $"{one.Where.Node} ")}{EventText.Line(one)}";
        return $"{(mark.Event.Highlight is { } highlight ? $"★ {highlight.Text}  " : "")}{SafeText.Escape(text)}";
    }

    private void ChangeLives(int place)
    {
        foreach (var lane in _begins[place].SelectMany(spell => spell.Lanes))
        {
            _isDown[lane] = true;
        }

        foreach (var lane in _ends[place].SelectMany(spell => spell.Lanes))
        {
            _isDown[lane] = false;
        }
    }

    private IEnumerable<int> LanesOf(TraceEvent one, Mark mark) => mark.Lane >= 0
        ? one.Kind is TraceKind.Drop or TraceKind.Duplicate ? [] : [mark.Lane]
        : Enumerable.Range(0, _isDown.Length)
            .Where(lane => string.IsNullOrEmpty(one.Where.Role) && _drawing.Lanes[lane].Node == one.Where.Node);

    private static char SignOf(Mark mark) => mark.Event.Highlight is not null ? '★' : mark.Event.Trace.Kind switch
    {
        TraceKind.Crash => '✗',
        TraceKind.Stop => '□',
        TraceKind.Boot or TraceKind.Restart => '○',
        TraceKind.Expire => '◆',
        TraceKind.Operation => '■',
        _ => '●',
    };

    private static void Arrow(char[] cells, int from, int to, TraceKind kind)
    {
        var step = Math.Sign(to - from);
        for (var i = from + step; i != to; i += step)
        {
            cells[i] = cells[i] == '│' ? '┼' : '─';
        }

        cells[from] = cells[from] != '│' ? cells[from] : step > 0 ? '├' : '┤';

        if (kind == TraceKind.Deliver)
        {
            cells[to - step] = step > 0 ? '▶' : '◀';
        }
        else
        {
            cells[to - (2 * step)] = kind == TraceKind.Drop ? '✗' : '2';
            cells[to - step] = ' ';
        }
    }

    private Tone ToneOf(int place) => place == _drawing.ViolationAt ? Tone.Bad : _drawing.Marks[place].Event switch
    {
        { Highlight: not null } => Tone.Good,
        { Trace.Kind: TraceKind.Crash or TraceKind.Drop or TraceKind.Fault } => Tone.Warn,
        _ => Tone.Plain,
    };

    private IEnumerable<(string Text, Tone Tone)> Violation()
    {
        if (_drawing.Picture.Violation is not { } violation)
        {
            yield break;
        }

        yield return ($"{violation.Property}: {violation.Claim}", Tone.Bad);
        yield return ($"  {violation.Reason}", Tone.Bad);
        foreach (var fact in violation.Facts)
        {
            var value = SafeText.Escape(SafeText.Shorten(fact.Value, 200));
            yield return (
                $"  {(fact.Matters ? "*" : " ")} {$"{fact.Of} {fact.Path}".TrimEnd()}: {value}", fact.Matters ? Tone.Strong : Tone.Dim);
        }

        if (violation.Facts.Any(fact => fact.Matters))
        {
            yield return ("  (* without this it would hold)", Tone.Dim);
        }
    }
}

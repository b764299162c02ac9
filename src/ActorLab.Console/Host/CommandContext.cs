using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorLab.Console;

/// <summary>
/// What a handler sees: its arguments, and where it writes. Output leaves while the handler still works. The methods
/// may be called from any thread, but a handler that wants its lines in order writes them in order.
/// </summary>
public sealed class CommandContext(
    Arguments arguments,
    Action<Output> write,
    Func<CancellationToken, ValueTask>? room = null)
{
    public bool Has(string name) => arguments.Has(name);

    /// <summary>A text or a choice.</summary>
    public string Text(string name) => arguments.Get<string>(name);

    public string? TextOrNull(string name) => arguments.GetOrNull<string>(name);

    public long Integer(string name) => arguments.Get<long>(name);

    public long? IntegerOrNull(string name) => arguments.ValueOrNull<long>(name);

    public double Number(string name) => arguments.Get<double>(name);

    public double? NumberOrNull(string name) => arguments.ValueOrNull<double>(name);

    public TimeSpan Duration(string name) => arguments.Get<TimeSpan>(name);

    public TimeSpan? DurationOrNull(string name) => arguments.ValueOrNull<TimeSpan>(name);

    /// <summary>Whether a flag was given.</summary>
    public bool Flag(string name) => arguments.Flag(name);

    /// <summary>The name of a node that this lab has.</summary>
    public string Node(string name) => arguments.Get<string>(name);

    public string? NodeOrNull(string name) => arguments.GetOrNull<string>(name);

    /// <summary>Names of nodes that this lab has, each once, as given.</summary>
    public IReadOnlyList<string> Nodes(string name) => arguments.Get<List<string>>(name);

    /// <summary>One line. A line break in it is shown as <c>\n</c>: write several lines to get several.</summary>
    public void Line(string text, Tone tone = Tone.Plain) => write(new Output.Line([new Cell(text, tone)]));

    /// <summary>One line in pieces: <c>c.Line("n1 is ", Cell.Good("up"))</c>.</summary>
    public void Line(Cell first, Cell second, params IReadOnlyList<Cell> more) => write(new Output.Line([first, second, .. more]));

    /// <summary>
    /// A table: <c>c.Table(["node", Column.Right("term")], nodes.Select(n => new Cell[] { n.Name, n.Term }))</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A row has another number of cells than there are columns.</exception>
    public void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Cell>> rows, string? title = null)
    {
        var kept = rows.ToList();
        var odd = kept.FindIndex(row => row.Count != columns.Count);
        if (odd >= 0)
        {
            throw new ArgumentException($"Row {odd} has {kept[odd].Count} cells; the table has {columns.Count} columns.");
        }

        write(new Output.Table(columns, kept, title));
    }

    /// <summary>What is being done now; a terminal shows only the last one, and only until something else comes.</summary>
    public void Progress(string text) => write(new Output.Progress(text));

    /// <summary>A JSON object for machines.</summary>
    public void Data(JsonObject json) => write(new Output.Data((JsonObject)json.DeepClone()));

    /// <summary>Anything that serialises to a JSON object, in camel case.</summary>
    public void Data(object value) => write(new Output.Data(
        JsonSerializer.SerializeToNode(value, OutputJson.Options) as JsonObject
        ?? throw new ArgumentException($"{value.GetType().Name} does not serialise to a JSON object.")));

    /// <summary>
    /// Waits until the client took most of what was written. A handler that writes thousands of events awaits this now
    /// and then; one that does not is failed when the client falls too far behind.
    /// </summary>
    public ValueTask Room(CancellationToken stopped) => room?.Invoke(stopped) ?? ValueTask.CompletedTask;
}

using System.Text.Json.Nodes;

namespace ActorLab.Console;

/// <summary>
/// One JSON object a line, for programs: the wire form, but each row of a table is an object named by its columns, and
/// numbers are numbers. The last line is <c>{"exit": code}</c>.
/// </summary>
public sealed class JsonRenderer(TextWriter writer) : IRenderer
{
    public void Show(Output output)
    {
        var json = output switch
        {
            Output.Line line => new JsonObject { ["line"] = line.Text },
            Output.Table table => new JsonObject { ["table"] = TableOf(table) },
            _ => OutputJson.Write(output),
        };
        writer.WriteLine(json.ToJsonString(OutputJson.Options));
        writer.Flush();
    }

    private static JsonObject TableOf(Output.Table table)
    {
        var json = new JsonObject();
        if (table.Title is not null)
        {
            json["title"] = table.Title;
        }
        json["rows"] = new JsonArray([.. table.Rows.Select(row => RowOf(table.Columns, row))]);
        return json;
    }

    private static JsonObject RowOf(IReadOnlyList<Column> columns, IReadOnlyList<Cell> row)
    {
        var json = new JsonObject();
        foreach (var (column, cell) in columns.Zip(row))
        {
            json[column.Name] = cell.Value is null ? JsonValue.Create(cell.Text) : cell.Value.DeepClone();
        }
        return json;
    }
}

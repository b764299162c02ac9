using System.Text.Json;
using System.Text.Json.Nodes;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Reads what pictures are made of: a picture, or the trace lines of nodes, in one file or several.</summary>
internal static class TraceFiles
{
    private const long MostBytes = 1L << 30;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="BadInput">A file is not there, is none of these, or is damaged: the sentence names the line.</exception>
    public static Picture Read(IReadOnlyList<string> paths)
    {
        var files = paths.Select(path => (Name: SafeText.Shorten(path, 200), Lines: LinesOf(path))).ToList();
        if (files.FirstOrDefault(file => file.Lines.Count == 0) is { Name: not null } empty)
        {
            throw new BadInput($"{empty.Name} is empty: a trace has an event a line.");
        }

        if (files.FirstOrDefault(file => DiagramFile.IsHead(file.Lines[0].Line)) is { Name: not null } picture)
        {
            return files.Count == 1
                ? DiagramFile.Read(picture.Name, picture.Lines)
                : throw new BadInput($"{picture.Name} is a picture of a whole run: it cannot be merged with other files.");
        }

        var rings = 0;
        var lines = new List<(int, PictureEvent)>();
        foreach (var (name, fileLines) in files)
        {
            var last = new Dictionary<string, (int Ring, long Index)>();
            foreach (var line in fileLines)
            {
                var one = DiagramFile.Event(name, line, null);
                var node = one.Trace.Where.Node.Name ?? "";
                var ring = last.TryGetValue(node, out var before) && one.Trace.Index > before.Index ? before.Ring : rings++;
                last[node] = (ring, one.Trace.Index);
                lines.Add((ring, one));
            }
        }

        lines = Apart(lines);
        var nodes = lines.Select(line => line.Item2.Trace.Where.Node.Name).Where(node => !string.IsNullOrEmpty(node))
            .Distinct().Count();
        return ClusterPicture.Of($"A cluster of {nodes} {(nodes == 1 ? "node" : "nodes")}", lines) with
        {
            Command = $"lab diagram {string.Join(' ', paths.Select(DiagramOutputs.Quoted))}",
        };
    }

    /// <summary>Roles of different scenarios may have the same address: where there are several, each role says whose it is.</summary>
    private static List<(int Ring, PictureEvent Event)> Apart(List<(int Ring, PictureEvent Event)> lines)
    {
        return lines.Select(line => line.Event.Trace.Scenario).OfType<string>().Distinct().Count() < 2
            ? lines
            : [.. lines.Select(line => (line.Ring, line.Event with { Trace = Named(line.Event.Trace) }))];

        static TraceEvent Named(TraceEvent one) => one.Scenario is not { } scenario ? one : one with
        {
            Where = one.Where with { Role = $"{scenario}:{one.Where.Role}" },
            Peer = one.Peer is { } peer && peer != Address.Outside ? peer with { Role = $"{scenario}:{peer.Role}" } : one.Peer,
        };
    }

    private static List<(int Number, JsonObject Line)> LinesOf(string path)
    {
        var name = SafeText.Shorten(path, 200);
        try
        {
            if (!File.Exists(path))
            {
                throw new BadInput($"There is no file {name}.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new BadInput($"{name} is larger than a trace can be, {MostBytes >> 20} MiB.");
            }

            return [.. File.ReadLines(path).Select((line, i) => (Number: i + 1, Text: line)).Where(line => line.Text.Length > 0)
                .Select(line => (line.Number, ObjectOf(name, line.Number, line.Text)))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{name} cannot be read: {error.Message}");
        }
    }

    private static JsonObject ObjectOf(string name, int number, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw new BadInput($"Line {number} of {name} is no JSON object.");
        }
        catch (JsonException)
        {
            throw new BadInput($"Line {number} of {name} is no JSON: the file is no trace, or is cut off there.");
        }
    }
}

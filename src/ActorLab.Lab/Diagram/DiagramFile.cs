using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A picture as JSON lines: a head that says what it is, then an event a line, with the names of a node's trace lines. The
/// head counts the events, so that half a file does not pass for a whole one.
/// </summary>
internal static class DiagramFile
{
    public const string Format = "actorlab-picture";
    public const int Version = 1;

    public static void Write(TextWriter file, Picture picture)
    {
        file.WriteLine(JsonSerializer.Serialize(
            new Head(
                Format, Version, picture.Title, picture.Source, picture.Command, picture.Events.Count, picture.LoopsTo,
                picture.Violation is { } broken ? Broken.Of(broken) : null, [.. picture.Remarks]),
            NodeJson.Options));
        foreach (var one in picture.Events)
        {
            file.WriteLine(JsonSerializer.Serialize(Line.Of(one), NodeJson.Options));
        }
    }

    /// <summary>Whether a first line is a picture's head, of whichever version.</summary>
    public static bool IsHead(JsonObject line) => line["format"] is not null;

    /// <param name="name">Of the file, for sentences.</param>
    /// <param name="lines">All its lines, numbered from 1; the head first.</param>
    /// <exception cref="BadInput">It is of another version, or not whole.</exception>
    public static Picture Read(string name, IReadOnlyList<(int Number, JsonObject Line)> lines)
    {
        var version = Number(lines[0].Line["version"]);
        if (Text(lines[0].Line["format"]) != Format || version != Version)
        {
            var format = SafeText.Shorten($"{lines[0].Line["format"]}, version {version}", 80);
            throw new BadInput($"{name} is of the format {format}: this lab reads {Format}, version {Version}.");
        }

        var head = Parse<Head>(name, lines[0]);
        if (head.Events != lines.Count - 1)
        {
            throw new BadInput($"{name} is not whole: it says that it has {head.Events} events, and has {lines.Count - 1}.");
        }

        if (WhyNot(head) is { } fault)
        {
            throw new BadInput($"Line {lines[0].Number} of {name} is no head of a picture: {fault}.");
        }

        var events = Seq.ToSeq(lines.Skip(1).Select((line, place) => Event(name, line, place)));
        return new Picture
        {
            Title = head.Title ?? name,
            Source = head.Source,
            Command = head.Command,
            Events = events,
            LoopsTo = head.LoopsTo,
            Violation = head.Violation?.ToViolation(),
            Remarks = Seq.ToSeq(head.Remarks ?? []),
        };
    }

    /// <summary>One event, as a picture or a node wrote it.</summary>
    /// <exception cref="BadInput">It is none.</exception>
    public static PictureEvent Event(string name, (int Number, JsonObject Line) line, int? place)
    {
        var read = Parse<Line>(name, line);
        if (read.Where is null || !Enum.TryParse<TraceKind>(read.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind)
            || (place is not null && (read.Index != place || read.Cause >= place)))
        {
            throw new BadInput($"Line {line.Number} of {name} is no event of a trace that this lab knows.");
        }

        try
        {
            return read.ToEvent(kind);
        }
        catch (FormatException error)
        {
            throw new BadInput($"Line {line.Number} of {name} is no event of a trace: {error.Message}");
        }
    }

    /// <summary>An address as its text, which for a whole node or the outside has no slash.</summary>
    public static Address AddressOf(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return text == Address.Outside.ToString() || text.Length == 0 ? Address.Outside
            : slash < 0 ? new Address(new NodeId(text), "")
            : new Address(new NodeId(text[..slash]), text[(slash + 1)..]);
    }

    private static T Parse<T>(string name, (int Number, JsonObject Line) line)
    {
        try
        {
            return line.Line.Deserialize<T>(NodeJson.Options)!;
        }
        catch (JsonException error)
        {
            throw new BadInput($"Line {line.Number} of {name} is no line of a trace: {error.Message.Split('\n')[0]}");
        }
    }

    private static string? WhyNot(Head head) =>
        !Enum.IsDefined(head.Source) ? "its source is none that this lab knows"
        : head.LoopsTo is { } from && (from < 0 || from >= head.Events) ? $"it has no event {from} to repeat from"
        : head.Remarks?.Any(remark => remark is null) == true ? "a remark is a sentence"
        : head.Violation is not { } broken ? null
        : broken.Event < -1 || broken.Event >= head.Events ? $"it has no event {broken.Event}, after which something is violated"
        : broken.Facts?.Any(fact => fact is not { Of: not null, Path: not null, Value: not null }) == true
            ? "a fact has what it is of, a path and a value"
        : null;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    private sealed record Head(
        string Format, int Version, string? Title, PictureSource Source, string? Command, int Events, int? LoopsTo,
        Broken? Violation, string[]? Remarks);

    private sealed record Broken(string Property, string Claim, string Reason, int Event, PictureFact[]? Facts)
    {
        public static Broken Of(PictureViolation violation) =>
            new(violation.Property, violation.Claim, violation.Reason, violation.Event, [.. violation.Facts]);

        public PictureViolation ToViolation() =>
            new(Property ?? "", Claim ?? "", Reason ?? "", Event) { Facts = Seq.ToSeq(Facts ?? []) };
    }

    private sealed record Line(
        long Index, long At, string? Kind, string? Where, string? Peer, long Message, long Cause, string? Text,
        string? State, string[][]? Changes, Highlight? Highlight, string[]? Cuts, string? Scenario = null)
    {
        public static Line Of(PictureEvent one) => new(
            one.Trace.Index, one.Trace.At, JsonNamingPolicy.CamelCase.ConvertName(one.Trace.Kind.ToString()),
            one.Trace.Where.ToString(), one.Trace.Peer?.ToString(), one.Trace.Message, one.Trace.Cause, one.Trace.Text,
            one.Trace.State == 0 ? null : one.Trace.State.ToString("x32", CultureInfo.InvariantCulture),
            one.Changes.IsEmpty ? null : [.. one.Changes.Select(change => new[] { change.Path, change.Before, change.After })],
            one.Highlight, one.Cuts is { } cuts ? [.. cuts.Select(cut => cut.ToString())] : null);

        public PictureEvent ToEvent(TraceKind kind)
        {
            if (Changes?.Any(change => change is not [not null, not null, not null]) == true)
            {
                throw new FormatException("a change is a path, what was there and what is there.");
            }

            if (Highlight is not null && (Highlight.Text is null || !Enum.IsDefined(Highlight.Kind)))
            {
                throw new FormatException("a highlight has a kind, which is election, decision or cut, and a text.");
            }

            var state = UInt128.Zero;
            if (State is not null
                && !UInt128.TryParse(State, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out state))
            {
                throw new FormatException("a state is a fingerprint of 32 hexadecimal digits.");
            }

            var trace = new TraceEvent(
                Index, At, kind, AddressOf(Where!), Peer is null ? null : AddressOf(Peer), Message, Cause, Text ?? "", state);
            return new PictureEvent(trace with { Scenario = Scenario })
            {
                Changes = Seq.ToSeq((Changes ?? []).Select(change => new Difference(change[0], change[1], change[2]))),
                Highlight = Highlight,
                Cuts = Cuts?.Select(Link.Parse).ToSet(),
            };
        }
    }
}

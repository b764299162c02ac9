using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Events in words.</summary>
internal static class EventText
{
    /// <summary>What happened, without the place and the time, on one line.</summary>
    public static string Line(TraceEvent one) => SafeText.Escape(one.Kind switch
    {
        TraceKind.Boot => one.Text.Length == 0 ? "boots" : $"boots: {one.Text}",
        TraceKind.Deliver => $"receives {one.Text} from {one.Peer}",
        TraceKind.Expire => $"timer {one.Text} expires",
        TraceKind.Operation => $"is asked for {one.Text}",
        TraceKind.Send => $"sends {one.Text} to {one.Peer}",
        TraceKind.Drop => $"message {one.Message} to {one.Peer} is lost: {one.Text}",
        TraceKind.Duplicate => $"message {one.Message} to {one.Peer} gets a second copy",
        TraceKind.Crash => one.Text.Length == 0 ? "crashes" : $"crashes: {one.Text}",
        TraceKind.Stop => one.Text.Length == 0 ? "stops" : $"stops: {one.Text}",
        TraceKind.Restart => "restarts",
        TraceKind.Pause => "pauses",
        TraceKind.Resume => "goes on",
        TraceKind.Report => $"reports {one.Text}",
        TraceKind.Violation => $"VIOLATION {one.Text}",
        TraceKind.Note => $"# {one.Text}",
        _ => one.Text,
    });

    /// <summary>The kind of a message: the first word of its text.</summary>
    public static string TypeOf(string text)
    {
        var end = text.AsSpan().IndexOfAny(" {(");
        return end <= 0 ? text : text[..end];
    }

    /// <summary>When, in the picture's own time.</summary>
    public static string Time(PictureSource source, long at) => source == PictureSource.Checker
        ? at.ToString(CultureInfo.InvariantCulture)
        : (at / 1e6).ToString("0.000000", CultureInfo.InvariantCulture);
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary>The page as text: whole, safe, and with the data of the picture.</summary>
public sealed partial class PageTests
{
    private const string Evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & \u2028 {{data}}";

    [Fact]
    public void The_page_needs_nothing_from_outside()
    {
        var page = Page(Samples.Raft);
        Assert.DoesNotMatch(@"(src|href)\s*=|url\(|@import|https?://|fetch\(|XMLHttpRequest|WebSocket|import\s*\(", WithoutData(page));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_of_a_run_can_leave_its_place()
    {
        var made = new PictureBuilder();
        var at = made.Add(0, TraceKind.Boot, new Address(new NodeId(Evil), Evil), Evil);
        made.Tell(at, [new Difference(Evil, Difference.Absent, Evil)], Highlight.Decision(Evil));
        made.Add(0, TraceKind.Note, new Address(new NodeId(Evil), Evil), Evil, cause: at);
        var page = Page(new Picture
        {
            Title = Evil,
            Source = PictureSource.Checker,
            Command = Evil,
            Events = made.Events(),
            Violation = new PictureViolation(Evil, Evil, Evil, 0) { Facts = [new PictureFact(Evil, Evil, Evil, true)] },
            Remarks = [Evil],
        });
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(Evil, DataOf(page).RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public void The_data_holds_each_event_message_and_change_once()
    {
        using var data = DataOf(Page(Samples.Paxos));
        var root = data.RootElement;
        var drawing = new Drawing(Samples.Paxos);
        var texts = root.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.Equal(
            drawing.Marks.Select(mark => mark.Event.Trace.Text),
            root.GetProperty("events").GetProperty("text").EnumerateArray().Select(text => texts[text.GetInt32()]));
        Assert.Equal(
            Samples.Paxos.Events.Count(one => one.Trace.Kind == TraceKind.Send),
            root.GetProperty("messages").GetProperty("from").GetArrayLength());
        Assert.Equal(
            Samples.Paxos.Events.Sum(one => one.Changes.Count),
            root.GetProperty("changes").EnumerateArray().Sum(row => (row.GetArrayLength() - 1) / 2));
        Assert.Equal(drawing.ViolationAt, root.GetProperty("violation").GetProperty("event").GetInt32());
        Assert.Equal(Samples.Command, root.GetProperty("command").GetString());
    }

    private static string Page(Picture picture)
    {
        using var file = new MemoryStream();
        DiagramHtml.Write(file, picture);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    private static JsonDocument DataOf(string page) => JsonDocument.Parse(Data().Match(page).Groups[1].Value);

    private static string WithoutData(string page) => Data().Replace(page, "");

    [GeneratedRegex("id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();
}

using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Diagram;

/// <summary>What of an event is drawn: spells, cuts, and nothing twice.</summary>
public sealed class DrawingTests
{
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeId N2 = new("n2");

    [Fact]
    public void Who_crashes_is_paused_no_more_and_is_drawn_once()
    {
        var made = new PictureBuilder();
        made.Add(0, TraceKind.Boot, new Address(N1, "server"), "");
        made.Add(1, TraceKind.Pause, new Address(N1, ""), "");
        made.Add(1, TraceKind.Fault, Address.Outside, new FaultAction.Pause(N1).ToString());
        made.Add(2, TraceKind.Crash, new Address(N1, ""), "");
        made.Add(2, TraceKind.Fault, Address.Outside, new FaultAction.Crash(N1).ToString());
        made.Add(3, TraceKind.Restart, new Address(N1, ""), "");
        made.Add(4, TraceKind.Pause, new Address(N1, ""), "");
        made.Add(5, TraceKind.Resume, new Address(N1, ""), "");
        made.Add(5, TraceKind.Fault, Address.Outside, new FaultAction.Resume(N1).ToString());
        var drawing = new Drawing(new Picture { Title = "", Source = PictureSource.Simulator, Events = made.Events() });
        Assert.Equal(
            [TraceKind.Boot, TraceKind.Pause, TraceKind.Crash, TraceKind.Restart, TraceKind.Pause, TraceKind.Resume],
            drawing.Marks.Select(mark => mark.Event.Trace.Kind));
        Assert.Equal([(1, 2, true), (2, 3, false), (4, 5, true)], drawing.Spells.Select(spell => (spell.From, spell.To, spell.IsPause)));
    }

    [Fact]
    public void Who_stops_in_order_is_down_and_has_not_crashed()
    {
        var made = new PictureBuilder();
        made.Add(0, TraceKind.Boot, new Address(N1, "server"), "");
        made.Add(1, TraceKind.Stop, new Address(N1, "server"), "");
        made.Add(2, TraceKind.Boot, new Address(N1, "server"), "");
        var picture = new Picture { Title = "", Source = PictureSource.Cluster, Events = made.Events() };
        Assert.Equal([(1, 2, false)], new Drawing(picture).Spells.Select(spell => (spell.From, spell.To, spell.IsPause)));
        var lines = DiagramText.Lines(picture, 100, 10).ToList();
        Assert.Contains(lines, line => line.Text.Contains("□", StringComparison.Ordinal) && line.Text.EndsWith("stops", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Text.Contains("crash", StringComparison.Ordinal) || line.Tone == ActorLab.Console.Tone.Warn);
    }

    [Fact]
    public void Links_that_flap_and_links_that_are_cut_are_read_from_what_faults_say()
    {
        Set<Link> links = [new Link(N1, N2), new Link(N2, N1)];
        Assert.Equal(links, FaultText.CutsOf(new FaultAction.Flap(links, TimeSpan.FromSeconds(1)).ToString()));
        Assert.Equal(links, FaultText.CutsOf(new FaultAction.Cut(links).ToString()));
        Assert.Equal(Set<Link>.Empty, FaultText.CutsOf(new FaultAction.Heal().ToString()));
        Assert.Null(FaultText.CutsOf(new FaultAction.Lose(0.5).ToString()));
    }

    [Fact]
    public void A_cut_of_nodes_that_have_no_lane_is_told_by_its_links() =>
        Assert.Equal("cut n1>n2", new CutSpell(0, -1, [new Link(N1, N2)]).Text([]));

    [Fact]
    public void Links_that_flap_are_cut_by_turns_and_nodes_that_nothing_cuts_off_are_not_shaded()
    {
        Assert.Equal("by turns: n1 | n2", new CutSpell(0, -1, Partition.Isolate([N1, N2], N1), Flaps: true).Text([N1, N2]));
        Assert.Equal([1, 1, -1], new CutSpell(0, -1, [new Link(N1, N2), new Link(N2, N1)]).ShadesOf([N1, N2, new NodeId("n3")]));
    }
}

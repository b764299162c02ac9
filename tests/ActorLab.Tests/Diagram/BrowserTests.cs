using ActorLab.Core;
using ActorLab.Lab;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace ActorLab.Tests.Diagram;

/// <summary>The page under the hands of its reader: step, scrub, click, filter, jump, play.</summary>
public sealed class BrowserTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    private static readonly Drawing Paxos = new(Samples.Paxos);

    [BrowserFact]
    public async Task It_opens_at_the_violation_with_the_claim_and_its_values()
    {
        var page = await browser.Open(Samples.Paxos);
        Assert.Equal(Paxos.ViolationAt, await Chosen(page));
        Assert.Equal("Consistency", await page.InnerTextAsync("#property"));
        Assert.Contains("{n1/acceptor, n2/acceptor}", await page.InnerTextAsync("#fact-list"), StringComparison.Ordinal);
        Assert.Equal(Samples.Command, await page.InnerTextAsync("#command"));
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task What_never_comes_true_is_false_from_no_event_on()
    {
        var picture = Samples.Paxos with
        {
            LoopsTo = 10,
            Violation = new PictureViolation("Termination", "All decide.", "It never comes true.", -1),
        };
        var page = await browser.Open(picture);
        Assert.Equal(new Drawing(picture).LoopsTo, await Chosen(page));
        await page.Keyboard.PressAsync("End");
        Assert.DoesNotContain("is false from here on", await page.InnerTextAsync("#panel"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("j");
        Assert.Equal(new Drawing(picture).LoopsTo, await Chosen(page));
        Assert.Empty(browser.Errors);
    }

    [BrowserFact]
    public async Task Keys_step_through_all_events_and_through_a_lane()
    {
        var page = await browser.Open(Samples.Paxos);
        await page.Keyboard.PressAsync("Home");
        Assert.Equal(0, await Chosen(page));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("n");
        Assert.Equal(2, await Chosen(page));
        await page.Keyboard.PressAsync("p");
        Assert.Equal(1, await Chosen(page));
        await page.Keyboard.PressAsync("ArrowDown");
        var next = Paxos.Marks.FindIndex(2, mark => mark.Lane == Paxos.Marks[1].Lane);
        Assert.Equal(next, await Chosen(page));
        await page.Keyboard.PressAsync("ArrowUp");
        Assert.Equal(1, await Chosen(page));
        await page.Keyboard.PressAsync("j");
        Assert.Equal(Paxos.ViolationAt, await Chosen(page));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal(Paxos.Marks.Count - 1, await Chosen(page)); // there is no next one
    }

    [BrowserFact]
    public async Task A_click_shows_the_event_with_its_state_before_and_after()
    {
        var page = await browser.Open(Samples.Paxos);
        var place = Paxos.Marks.FindIndex(mark =>
            mark.Event.Trace is { Kind: TraceKind.Deliver, Text: "Prepare { Number = 1.n1 }", Where.Node.Name: "n2" });
        await Click(page, place);
        Assert.Equal(place, await Chosen(page));
        var panel = await page.InnerTextAsync("#panel");
        Assert.Contains("receives Prepare { Number = 1.n1 } from n1/proposer", panel, StringComparison.Ordinal);
        Assert.Contains("n1/proposer is asked for Propose", panel, StringComparison.Ordinal); // its cause
        Assert.Contains("Promise { Number = 1.n1, Highest = null } to n1/proposer", panel, StringComparison.Ordinal); // its effect
        var changed = page.Locator(".state tr.changed");
        Assert.Equal(1, await changed.CountAsync());
        Assert.Equal(["Disk.Promised", "null", "1.n1"], await changed.Locator("td").AllInnerTextsAsync());
        await page.Locator("#panel button.link").First.ClickAsync(); // to the cause
        Assert.Equal(Paxos.Marks[place].Cause, await Chosen(page));
    }

    [BrowserFact]
    public async Task Past_future_and_concurrent_events_are_told_apart_by_causality()
    {
        var page = await browser.Open(Samples.Raft with { Events = Samples.Raft.Events.Take(900).ToSeq() });
        var drawing = new Drawing(Samples.Raft with { Events = Samples.Raft.Events.Take(900).ToSeq() });
        foreach (var chosen in (int[])[60, drawing.Marks.Count / 2, drawing.Marks.Count - 5])
        {
            await page.EvaluateAsync($"window.diagram.choose({chosen})");
            var shades = await page.EvaluateAsync<int[]>(
                $"Array.from({{ length: {drawing.Marks.Count} }}, (_, i) => window.diagram.mark(i))");
            for (var i = 0; i < shades.Length; i++)
            {
                var expected = i == chosen ? 3 : IsBefore(drawing, i, chosen) ? 1 : IsBefore(drawing, chosen, i) ? 2 : 0;
                Assert.True(expected == shades[i], $"event {i} is shaded {shades[i]} and not {expected}, with {chosen} chosen");
            }
        }
    }

    [BrowserFact]
    public async Task The_scrub_bar_goes_anywhere_and_the_page_plays()
    {
        var page = await browser.Open(Samples.Raft);
        await page.Locator("#scrub").FillAsync("321");
        Assert.Equal(321, await Chosen(page));
        Assert.Contains("event 322 of", await page.InnerTextAsync("#position"), StringComparison.Ordinal);
        await page.SelectOptionAsync("#speed", "100");
        await page.Keyboard.PressAsync(" ");
        await Browser.Until(page, "window.diagram.chosen >= 325");
        await page.Locator("#play").ClickAsync();
        Assert.False(await page.EvaluateAsync<bool>("window.diagram.playing"));
    }

    [BrowserFact]
    public async Task Filters_by_node_and_by_message_take_events_away_and_bring_them_back()
    {
        var page = await browser.Open(Samples.Paxos);
        var all = await Shown(page);
        Assert.Equal(Paxos.Marks.Count, all);
        await page.Locator("#filter").ClickAsync();
        await page.GetByLabel("n1", new() { Exact = true }).UncheckAsync();
        Assert.Equal(Paxos.Marks.Count(mark => Paxos.Lanes[mark.Lane].Node.Name != "n1"), await Shown(page));
        await page.GetByLabel("n1", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Prepare", new() { Exact = true }).UncheckAsync();
        Assert.Equal(
            Paxos.Marks.Count(mark => !mark.Event.Trace.Text.StartsWith("Prepare", StringComparison.Ordinal)), await Shown(page));
        await page.GetByLabel("Prepare", new() { Exact = true }).CheckAsync();
        Assert.Equal(all, await Shown(page));

        await page.GetByLabel("Show no messages").ClickAsync();
        Assert.Equal(Paxos.Marks.Count(mark => mark.Letter < 0), await Shown(page));
        Assert.Matches("filter: [0-9]+ off", await page.InnerTextAsync("#filter"));
        await page.GetByLabel("Show all messages").ClickAsync();
        Assert.Equal(all, await Shown(page));
    }

    /// <summary>The panel stays to be read, and keys are for what has the focus.</summary>
    [BrowserFact]
    public async Task The_filter_covers_nothing_and_keeps_its_keys()
    {
        var page = await browser.Open(Samples.Paxos);
        await page.EvaluateAsync("window.diagram.choose(5)");
        await page.Keyboard.PressAsync("f");
        var filters = (await page.Locator("#filters").BoundingBoxAsync())!;
        var panel = (await page.Locator("#panel").BoundingBoxAsync())!;
        Assert.True(filters.Y + filters.Height <= panel.Y, "the filter is above the panel and the diagram");
        var box = page.GetByLabel("n1", new() { Exact = true });
        await box.FocusAsync();
        await page.Keyboard.PressAsync(" ");
        Assert.False(await box.IsCheckedAsync());
        Assert.False(await page.EvaluateAsync<bool>("window.diagram.playing"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("n");
        Assert.Equal(5, await Chosen(page));
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Locator("#filters").IsVisibleAsync());
        Assert.Equal(5, await Chosen(page));
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(-1, await Chosen(page));
    }

    [BrowserFact]
    public async Task Every_control_has_a_name_and_the_views_change()
    {
        var page = await browser.Open(Samples.Raft);
        foreach (var control in await page.Locator("button:visible, input:visible, select:visible").AllAsync())
        {
            var name = await control.EvaluateAsync<string>(
                "e => e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels[0] ? e.labels[0].textContent : '')");
            Assert.False(string.IsNullOrWhiteSpace(name), await control.EvaluateAsync<string>("e => e.outerHTML"));
        }

        var folded = await Width(page);
        await page.Locator("#idle").ClickAsync();
        Assert.True(await Width(page) > folded, "idle stretches take room when they are not collapsed");
        await page.Locator("#axis").ClickAsync();
        Assert.Equal("false", await page.GetAttributeAsync("#axis", "aria-pressed"));
        await page.Keyboard.PressAsync("?");
        Assert.True(await page.Locator("#help-sheet").IsVisibleAsync());
        Assert.Empty(browser.Errors);
    }

    /// <summary>How long it took is told, and not judged: others may work on this machine.</summary>
    [BrowserFact]
    public async Task A_hundred_thousand_events_open_and_scroll()
    {
        var page = await browser.Open(Samples.Long(100_000));
        Assert.InRange(await page.EvaluateAsync<int>("window.diagram.count"), 100_000, 101_000);
        var draws = await page.EvaluateAsync<double[]>(
            """
            async () => {
              const scroller = document.getElementById("scroller"), draws = [];
              for (let k = 0; k < 60; k++) {
                scroller.scrollLeft += 400;
                await new Promise(requestAnimationFrame);
                draws.push(window.diagram.draw());
              }
              return draws.sort((a, b) => a - b);
            }
            """);
        Assert.Equal(60, draws.Length);
        Assert.True(await page.EvaluateAsync<double>("document.getElementById('scroller').scrollLeft") > 10_000);
        Assert.Empty(browser.Errors);
        var opened = await page.EvaluateAsync<double>("window.diagram.openedAfter");
        output.WriteLine($"Opened after {opened:0} ms; a frame drew in {draws[30]:0.0} ms at the median, {draws[57]:0.0} ms at the 95th percentile.");
    }

    private static Task<int> Chosen(IPage page) => page.EvaluateAsync<int>("window.diagram.chosen");

    private static Task<int> Shown(IPage page) => page.EvaluateAsync<int>("window.diagram.shown");

    private static Task<int> Width(IPage page) => page.EvaluateAsync<int>("document.getElementById('scroller').scrollWidth");

    private static async Task Click(IPage page, int place)
    {
        var point = await page.EvaluateAsync<float[]>(
            $"(() => {{ const p = window.diagram.pointOf({place}); return [p.x, p.y]; }})()");
        await page.Mouse.ClickAsync(point[0], point[1]);
    }

    /// <summary>By a search backwards over lanes and messages, without the page's shortcuts.</summary>
    private static bool IsBefore(Drawing drawing, int first, int second)
    {
        var open = new Stack<int>([second]);
        var seen = new HashSet<int>();
        while (open.TryPop(out var one))
        {
            foreach (var before in DirectlyBefore(drawing, one).Where(before => before >= first && seen.Add(before)))
            {
                open.Push(before);
            }
        }

        return seen.Contains(first);
    }

    private static IEnumerable<int> DirectlyBefore(Drawing drawing, int place)
    {
        if (drawing.Marks[place].Cause >= 0)
        {
            yield return drawing.Marks[place].Cause;
        }

        foreach (var lane in LanesOf(drawing, place))
        {
            var before = place - 1;
            while (before >= 0 && !LanesOf(drawing, before).Contains(lane))
            {
                before--;
            }

            if (before >= 0)
            {
                yield return before;
            }
        }
    }

    private static IEnumerable<int> LanesOf(Drawing drawing, int place)
    {
        var (one, lane) = (drawing.Marks[place].Event.Trace, drawing.Marks[place].Lane);
        return one.Kind is TraceKind.Drop or TraceKind.Duplicate ? []
            : lane >= 0 ? [lane]
            : Enumerable.Range(0, drawing.Lanes.Count)
                .Where(i => one.Kind != TraceKind.Fault && drawing.Lanes[i].Node == one.Where.Node);
    }
}

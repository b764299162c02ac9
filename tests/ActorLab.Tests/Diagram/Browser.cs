using ActorLab.Core;
using ActorLab.Lab;
using Microsoft.Playwright;

namespace ActorLab.Tests.Diagram;

/// <summary>A test that needs Debian's Chromium, and is skipped where it is not installed.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!File.Exists(Browser.Chromium))
        {
            Skip = $"There is no {Browser.Chromium}: apt-get install chromium.";
        }
    }
}

/// <summary>One Chromium for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Chromium = "/usr/bin/chromium";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-browser-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox"], // the tests may run as root; the page is our own
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Opens the page of a picture, as from a disk with no network.</summary>
    public async Task<IPage> Open(Picture picture, string asks = "")
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.html");
        await using (var file = File.Create(path))
        {
            DiagramHtml.Write(file, picture);
        }

        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1400, Height = 900 },
            Offline = true,
        });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) => Errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.GotoAsync($"file://{path}{asks}");
        await Until(page, "window.diagram && window.diagram.openedAfter");
        return page;
    }

    /// <summary>
    /// Waits for a condition, looking at every frame. The page's policy forbids it to evaluate text, which Playwright's own
    /// waiting does.
    /// </summary>
    public static Task Until(IPage page, string condition) => page.EvaluateAsync(
        $"new Promise(done => {{ const look = () => ({condition}) ? done() : requestAnimationFrame(look); look(); }})")
        .WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>What the program of a page threw, and what the policy forbade.</summary>
    public List<string> Errors { get; } = [];
}

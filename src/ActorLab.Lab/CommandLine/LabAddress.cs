using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>Where a running lab answers <c>lab status</c> and <c>lab down</c>.</summary>
/// <param name="Port">The console's port.</param>
/// <param name="TokenFile">The lab's token.</param>
internal sealed record LabAddress(int Port, string TokenFile)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Option<string> DataSwitch() => Switches.Text("--data", "The lab's data folder", "DIR", UpOptions.DefaultData);

    public static Option<int> PortSwitch() => Switches.Number("--port", "The lab's console port, instead of its folder", 0, 1, 65535);

    /// <exception cref="BadInput">Both switches were given.</exception>
    /// <exception cref="CommandFailed">No lab runs on the folder.</exception>
    public static LabAddress Find(ParseResult parsed, Option<string> data, Option<int> port)
    {
        var byPort = parsed.GetResult(port) is { Implicit: false };
        if (byPort && parsed.GetResult(data) is { Implicit: false })
        {
            throw new BadInput("--data and --port both name a lab: give one of them.");
        }

        if (byPort)
        {
            var number = parsed.GetRequiredValue(port);
            return new LabAddress(number, LabToken.DefaultPath(number));
        }

        var folder = Path.GetFullPath(parsed.GetRequiredValue(data));
        return DataFolder.IsHeld(folder) && RunFile.Read(folder) is { Port: > 0 } run
            ? new LabAddress(run.Port, run.TokenFile)
            : throw new CommandFailed($"No lab runs on the folder {folder}. Start one with \"lab up\", or name its folder with --data or its port with --port.");
    }

    public Task<LabReport> Report(CancellationToken stopped) => Ask(stopped, async (http, token) =>
        (await http.GetFromJsonAsync<LabReport>("lab", OutputJson.Options, token).ConfigureAwait(false))!);

    public Task Stop(CancellationToken stopped) => Ask(stopped, async (http, token) =>
    {
        using var response = await http.PostAsJsonAsync("lab/stop", new { }, token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return true;
    });

    private async Task<T> Ask<T>(CancellationToken stopped, Func<HttpClient, CancellationToken, Task<T>> ask)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Port}/"),
            Timeout = Limit,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", LabToken.Read(TokenFile)) },
        };
        try
        {
            return await ask(http, stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !stopped.IsCancellationRequested)
        {
            throw new CommandFailed($"No lab answers on port {Port} ({e.Message}).");
        }
    }
}

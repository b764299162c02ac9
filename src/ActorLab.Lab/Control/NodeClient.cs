using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A node's control port did not answer as it should; the sentence says why. Callers may go on with other nodes.</summary>
public sealed class NodeSilent(string sentence) : Exception(sentence)
{
    /// <summary>Nobody listened at its port: what it was to be asked cannot have taken effect.</summary>
    public bool NeverAsked { get; init; }
}

/// <summary>Talks to the control ports of the nodes.</summary>
/// <param name="controlPort">Of a node, on loopback.</param>
/// <param name="token">The lab's.</param>
public sealed class NodeClient(Func<string, int> controlPort, string token) : IDisposable
{
    /// <summary>How long a node may take for a question about itself.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    // No proxy may see the token, and no redirect may lead it elsewhere.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    public void Dispose() => _http.Dispose();

    public Task<NodeStatus> Status(string node, CancellationToken stopped) => Get<NodeStatus>(node, "status", stopped);

    public async Task<IReadOnlyList<LinkStatus>> Links(string node, CancellationToken stopped) =>
        await Get<List<LinkStatus>>(node, "links", stopped).ConfigureAwait(false);

    public Task<LinkFaultStatus> LinkFaults(string node, CancellationToken stopped) => Get<LinkFaultStatus>(node, "faults", stopped);

    /// <summary>What the scenario's inspector says of a role.</summary>
    /// <param name="node">Where it is.</param>
    /// <param name="scenario">Of which scenario.</param>
    /// <param name="role">Which one.</param>
    /// <param name="stopped">The caller waits no longer.</param>
    /// <param name="withText">Whether its state is wanted as text too, which takes long for a large one.</param>
    public Task<RoleState> State(string node, string scenario, string role, CancellationToken stopped, bool withText = false) =>
        Get<RoleState>(node, $"scenarios/{scenario}/roles/{role}/state?text={(withText ? "true" : "false")}", stopped);

    /// <summary>Any question whose answer is an object.</summary>
    public Task<T> Read<T>(string node, string path, CancellationToken stopped) => Get<T>(node, path, stopped);

    /// <summary>Gives the node a fault plan; one that is older than the node's own changes nothing.</summary>
    /// <returns>The version that the node has then.</returns>
    public Task<long> Apply(string node, FaultPlan plan, CancellationToken stopped) => Put(node, "faults", FaultPlanJson.Of(plan), stopped);

    /// <summary>Tells the node what to run; a plan that is older than the node's own changes nothing.</summary>
    /// <returns>The version that the node has then.</returns>
    public Task<long> Run(string node, ScenarioPlans plans, CancellationToken stopped) => Put(node, "scenarios", plans, stopped);

    /// <summary>Lets the node's process end at a point of a role's turn.</summary>
    public Task CrashAt(string node, string scenario, CrashPoint point, CancellationToken stopped) =>
        Change(node, HttpMethod.Put, $"scenarios/{scenario}/crash-point", point, stopped);

    /// <summary>Lets the node leave the Akka cluster.</summary>
    public Task Leave(string node, CancellationToken stopped) =>
        Change(node, HttpMethod.Post, "cluster/leave", new { }, stopped);

    /// <summary>Lets one node declare another one gone from the Akka cluster.</summary>
    public Task Down(string asked, string node, CancellationToken stopped) =>
        Change(asked, HttpMethod.Post, "cluster/down", new DownCall(node), stopped);

    /// <summary>Any request: what the node answers to it, whatever its status is.</summary>
    /// <returns>The status, and the body where it is JSON.</returns>
    /// <exception cref="NodeSilent">There was no answer within the limit.</exception>
    public Task<(HttpStatusCode Status, JsonNode? Body)> Ask(
        string node, HttpMethod method, string path, object? body, TimeSpan limit, CancellationToken stopped) =>
        Limited(node, limit, stopped, async token =>
        {
            using var request = Request(node, method, path, body);
            using var response = await _http.SendAsync(request, token).ConfigureAwait(false);
            return (response.StatusCode, await ReadJson(response, token).ConfigureAwait(false));
        });

    /// <summary>
    /// Lines of the node's trace from an index on, not older than <paramref name="since"/>; with <paramref name="follow"/> they
    /// keep coming; with <paramref name="clocks"/> they tell what the clocks of their turns showed.
    /// </summary>
    public async IAsyncEnumerable<TraceLine> Trace(
        string node, long after, int limit, bool follow, [EnumeratorCancellation] CancellationToken stopped, DateTime? since = null,
        bool clocks = false)
    {
        var oldest = since is { } moment ? $"&since={(long)(moment - DateTime.UnixEpoch).TotalMicroseconds}" : "";
        using var request = Request(
            node, HttpMethod.Get, $"trace?after={after}&limit={limit}{oldest}{(follow ? "&follow=true" : "")}{(clocks ? "&clocks=true" : "")}", null);
        var response = await Limited(node, AnswerLimit, stopped, token =>
            _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token)).ConfigureAwait(false);
        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw await Refusal(node, response, stopped).ConfigureAwait(false);
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stopped).ConfigureAwait(false));
            while (await ReadLine(reader, stopped).ConfigureAwait(false) is { } line)
            {
                if (line.Length > 0)
                {
                    yield return JsonSerializer.Deserialize<TraceLine>(line, NodeJson.Options)!;
                }
            }
        }
    }

    private static async Task<string?> ReadLine(StreamReader reader, CancellationToken stopped)
    {
        try
        {
            return await reader.ReadLineAsync(stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null; // the node ended while it was followed
        }
    }

    private Task<T> Get<T>(string node, string path, CancellationToken stopped) =>
        Limited(node, AnswerLimit, stopped, async token =>
        {
            using var request = Request(node, HttpMethod.Get, path, null);
            using var response = await _http.SendAsync(request, token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<T>(NodeJson.Options, token).ConfigureAwait(false))!
                : throw await Refusal(node, response, token).ConfigureAwait(false);
        });

    private Task Change(string node, HttpMethod method, string path, object body, CancellationToken stopped) =>
        Limited(node, AnswerLimit, stopped, async token =>
        {
            using var request = Request(node, method, path, body);
            using var response = await _http.SendAsync(request, token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? true : throw await Refusal(node, response, token).ConfigureAwait(false);
        });

    private Task<long> Put(string node, string path, object plan, CancellationToken stopped) =>
        Limited(node, AnswerLimit, stopped, async token =>
        {
            using var request = Request(node, HttpMethod.Put, path, plan);
            using var response = await _http.SendAsync(request, token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<PlanTaken>(NodeJson.Options, token).ConfigureAwait(false))!.Version
                : throw await Refusal(node, response, token).ConfigureAwait(false);
        });

    private HttpRequestMessage Request(string node, HttpMethod method, string path, object? body)
    {
        var request = new HttpRequestMessage(method, $"http://127.0.0.1:{controlPort(node)}/{path}");
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: NodeJson.RequestOptions);
        }

        return request;
    }

    private static async Task<T> Limited<T>(string node, TimeSpan limit, CancellationToken stopped, Func<CancellationToken, Task<T>> work)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        limited.CancelAfter(limit);
        try
        {
            return await work(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            throw new NodeSilent($"{node} did not answer within {Durations.Format(limit)}: is it paused, or busy?");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new NodeSilent($"{node} does not answer on its control port: is it down, or still starting?")
            {
                NeverAsked = e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError },
            };
        }
        catch (JsonException e)
        {
            throw new NodeSilent($"{node} answered something that is no answer ({e.Message}).");
        }
    }

    private static async Task<NodeSilent> Refusal(string node, HttpResponseMessage response, CancellationToken stopped)
    {
        var body = await ReadJson(response, stopped).ConfigureAwait(false);
        return new NodeSilent($"{node}: {SentenceOf(body) ?? $"its control port answered {(int)response.StatusCode}."}");
    }

    /// <summary>The <c>error</c> of a refusal.</summary>
    public static string? SentenceOf(JsonNode? body) =>
        body is JsonObject refusal && refusal["error"] is JsonValue value && value.TryGetValue<string>(out var sentence) ? sentence : null;

    private static async Task<JsonNode?> ReadJson(HttpResponseMessage response, CancellationToken stopped)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(stopped).ConfigureAwait(false);
        try
        {
            return bytes.Length == 0 ? null : JsonNode.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

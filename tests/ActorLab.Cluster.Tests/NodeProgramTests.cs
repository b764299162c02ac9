using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using ActorLab.Console;

namespace ActorLab.Cluster.Tests;

public sealed class NodeProgramTests(NodeProgramTests.OneNode node) : IClassFixture<NodeProgramTests.OneNode>
{
    private static readonly ScenarioCatalogue Catalogue = new(new ScenarioEntry(
        "toy", request => ToyRole.Of([.. request.Nodes]) with
        {
            Operations = [new OperationKind("put", "keeps a text", [new OperationParameter("text", "what to keep", 100)], ToyRole.Name, given => given["text"]),
                new OperationKind("ignore", "is never answered", [], ToyRole.Name, _ => "")],
        })
    {
        Invoke = request => request.Command is "" ? new ToyMessage.Ignore() : new ToyMessage.Put(request.Number, (string)request.Command),
        Inspectors = new Dictionary<string, Inspector>
        {
            [ToyRole.Name] = state => new Dictionary<string, object?> { ["kept"] = ((ToyState)state).Disk.Kept.Count },
        },
    });

    [Fact]
    public async Task A_node_serves_its_control_port_and_stops_when_told()
    {
        using var folder = new TemporaryFolder();
        var config = Config(folder);
        using var stop = new CancellationTokenSource();
        var running = NodeProgram.Run(config, Catalogue, stop.Token);
        using var http = Client(config);
        await Ready(http);

        var status = await http.GetFromJsonAsync<NodeStatus>("/status", NodeJson.Options);
        Assert.Equal(("n1", 1L), (status!.Node, status.Incarnation));
        Assert.Equal(new RoleStatus("toy", "n1/keeper", 1, true, false, null), Assert.Single(status.Roles));

        var put = await Send(http, HttpMethod.Post, "/scenarios/toy/operations", "{\"operation\": \"put\", \"arguments\": {\"text\": \"x\"}}");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var state = await http.GetFromJsonAsync<RoleState>("/scenarios/toy/roles/keeper/state", NodeJson.Options);
        Assert.Equal("1", state!.Facts["kept"]!.ToString());
        Assert.Contains("x", state.Text, StringComparison.Ordinal);
        var facts = await http.GetFromJsonAsync<RoleState>("/scenarios/toy/roles/keeper/state?text=false", NodeJson.Options);
        Assert.Equal((null, "1"), (facts!.Text, facts.Facts["kept"]!.ToString()));

        var metrics = await http.GetStringAsync("/metrics");
        Assert.Matches("""(?m)^actorlab_turns_total\{[^}]*input="operation"[^}]*role="keeper",scenario="toy"[^}]*\} 1$""", metrics);
        Assert.Matches("""(?m)^actorlab_messages_received_total\{[^}]*type="Put"[^}]*\} 1$""", metrics);
        Assert.Matches("""(?m)^actorlab_role_fact\{[^}]*fact="kept"[^}]*\} 1$""", metrics);
        Assert.Matches("""(?m)^actorlab_disk_syncs_total\{[^}]*\} 1$""", metrics);
        Assert.Matches("""(?m)^actorlab_operation_duration_seconds_count\{[^}]*outcome="ok"[^}]*\} [1-9]""", metrics);

        var faults = await Send(http, HttpMethod.Put, "/faults", "{\"version\": 2, \"cuts\": [\"n1>n2\"]}");
        Assert.Equal("{\"applied\":true,\"version\":2}", await faults.Content.ReadAsStringAsync());
        var trace = await http.GetStringAsync("/trace?limit=100");
        Assert.Contains("\"kind\":\"operation\"", trace, StringComparison.Ordinal);
        Assert.Contains("cut n1\\u003En2", trace, StringComparison.Ordinal);
        Assert.False((await http.GetFromJsonAsync<List<LinkStatus>>("/links", NodeJson.Options))!.Single().Reachable);

        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(ToyCluster.Limit));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, "n1", "logs")));
    }

    [Theory]
    [InlineData("POST", "/scenarios/toy/operations", "{\"operation\": \"take\"}", HttpStatusCode.BadRequest, "Known: put, ignore")]
    [InlineData("POST", "/scenarios/toy/operations", "{\"operation\": \"put\"}", HttpStatusCode.BadRequest, "put needs text")]
    [InlineData("POST", "/scenarios/toy/operations", "{\"operation\": \"put\", \"arguments\": {\"text\": \"x\"}, \"timeout\": \"2h\"}", HttpStatusCode.BadRequest, "timeout wants a time from 10ms")]
    [InlineData("POST", "/scenarios/chess/operations", "{\"operation\": \"put\"}", HttpStatusCode.NotFound, "It runs: toy")]
    [InlineData("POST", "/scenarios/toy/operations", "[1", HttpStatusCode.BadRequest, "The body must be")]
    [InlineData("PUT", "/faults", "{\"version\": 2, \"cuts\": [\"n1\"]}", HttpStatusCode.BadRequest, "write it as n1>n2")]
    [InlineData("GET", "/trace?limit=0", null, HttpStatusCode.BadRequest, "out of range")]
    [InlineData("GET", "/scenarios/toy/roles/nobody/state", null, HttpStatusCode.NotFound, "hosts no role")]
    [InlineData("PUT", "/scenarios", "{\"version\": 9, \"scenarios\": [{\"name\": \"chess\", \"parameters\": {}}]}", HttpStatusCode.BadRequest, "no scenario 'chess'")]
    [InlineData("PUT", "/scenarios", "{\"version\": 9, \"scenarios\": [{\"name\": \"toy\"}]}", HttpStatusCode.BadRequest, "wants a name, parameters")]
    [InlineData("PUT", "/scenarios", "{\"version\": 9, \"scenarios\": [null]}", HttpStatusCode.BadRequest, "wants a name, parameters")]
    [InlineData("GET", "/gates", null, HttpStatusCode.Conflict, "actorlab.gates = on")]
    [InlineData("POST", "/gates/deliver", "{}", HttpStatusCode.Conflict, "actorlab.gates = on")]
    [InlineData("POST", "/cluster/down", "{\"node\": \"n9\"}", HttpStatusCode.NotFound, "no node 'n9'")]
    public async Task Bad_input_is_answered_with_a_sentence(string method, string path, string? body, HttpStatusCode status, string sentence)
    {
        using var answer = await Send(node.Http, new HttpMethod(method), path, body);
        Assert.Equal(status, answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>();
        Assert.Contains(sentence, error!["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_served_without_the_token()
    {
        using var stranger = new HttpClient { BaseAddress = node.Http.BaseAddress };
        foreach (var path in new[] { "/health/live", "/status", "/trace", "/scenarios/toy/roles/keeper/state", "/gates" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task A_node_that_cannot_start_says_so_with_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        var config = Config(folder);
        Assert.Equal(2, await NodeProgram.Run(config with { Run = new ScenarioPlans(1, [new("chess", new Dictionary<string, int>())]) }, Catalogue, default).WaitAsync(ToyCluster.Limit));
        Assert.Equal(2, await NodeProgram.Run(config with { TokenFile = "nowhere" }, Catalogue, default).WaitAsync(ToyCluster.Limit));
        Assert.Equal(2, await NodeProgram.Run(config with { Name = "n9" }, Catalogue, default).WaitAsync(ToyCluster.Limit));
        Assert.Equal(2, await NodeProgram.Run(config with { Settings = new Dictionary<string, string> { ["actorlab.trace.events"] = "plenty" } }, Catalogue, default).WaitAsync(ToyCluster.Limit));
        using (var taken = new TcpListener(IPAddress.Loopback, config.RemotingPort))
        {
            taken.Start();
            Assert.Equal(2, await NodeProgram.Run(config, Catalogue, default).WaitAsync(ToyCluster.Limit));
        }

        Assert.False(Directory.Exists(config.DataDir), "what is refused early leaves no folder");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(config.DataDir).FullName, "journal.db"), "somebody's");
        Assert.Equal(2, await NodeProgram.Run(config, Catalogue, default).WaitAsync(ToyCluster.Limit));
    }

    [Fact]
    public async Task A_node_that_cannot_count_its_boot_says_so_with_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        var config = Config(folder);
        NodeFolder.Open(config).Dispose();
        Directory.CreateDirectory(Path.Combine(config.DataDir, "incarnation.new"));
        Assert.Equal(2, await NodeProgram.Run(config, Catalogue, default).WaitAsync(ToyCluster.Limit));
    }

    [Fact]
    public async Task Whoever_follows_the_trace_or_waits_for_an_answer_does_not_hold_up_a_stop()
    {
        using var folder = new TemporaryFolder();
        var config = Config(folder) with { Store = StoreKind.Memory };
        using var stop = new CancellationTokenSource();
        var running = NodeProgram.Run(config, Catalogue, stop.Token);
        using var http = Client(config);
        await Ready(http);

        var follow = await http.GetAsync("/trace?follow=true", HttpCompletionOption.ResponseHeadersRead);
        var unanswered = Send(
            http, HttpMethod.Post, "/scenarios/toy/operations", "{\"operation\": \"ignore\", \"arguments\": {}, \"timeout\": \"60s\"}");
        await Eventually.True(
            () => http.GetStringAsync("/trace?limit=100").GetAwaiter().GetResult().Contains("Ignore", StringComparison.Ordinal), "the operation is taken");

        await stop.CancelAsync();
        var answer = await unanswered.WaitAsync(ToyCluster.Limit);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("before this node stopped", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await follow.Content.ReadAsStringAsync().WaitAsync(ToyCluster.Limit);
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    /// <summary>The clocks of a role go on where its last process left them, and gates are asked for a role of a scenario.</summary>
    [Fact]
    public async Task Clocks_outlive_a_process_and_gates_want_a_scenario()
    {
        using var folder = new TemporaryFolder();
        var config = Config(folder) with { Settings = new Dictionary<string, string> { ["actorlab.batch-scheduling"] = "off", ["actorlab.gates"] = "on" } };
        var first = await Clocks(config, async http =>
        {
            await Send(http, HttpMethod.Post, "/scenarios/toy/operations", "{\"operation\": \"put\", \"arguments\": {\"text\": \"x\"}}");
            Assert.DoesNotContain("\"clock\"", await http.GetStringAsync("/trace"), StringComparison.Ordinal);
        });
        var second = await Clocks(config, async http =>
        {
            var gate = Assert.Single((await http.GetFromJsonAsync<List<GateStatus>>("/gates", NodeJson.Options))!);
            Assert.Equal(("toy", "n1/keeper"), (gate.Scenario, gate.Role));
            foreach (var (body, status, sentence) in new[]
            {
                ("{\"role\": \"n1/keeper\", \"timer\": \"t\"}", HttpStatusCode.BadRequest, "The body must be"),
                ("{\"scenario\": \"chess\", \"role\": \"n1/keeper\", \"timer\": \"t\"}", HttpStatusCode.NotFound, "does not run 'chess'"),
                ("{\"scenario\": \"toy\", \"role\": \"n1/nobody\", \"timer\": \"t\"}", HttpStatusCode.NotFound, "no role n1/nobody of toy"),
                ("{\"scenario\": \"toy\", \"role\": \"n1/keeper\", \"timer\": \"t\"}", HttpStatusCode.Conflict, "no armed timer 't'"),
            })
            {
                using var answer = await Send(http, HttpMethod.Post, "/gates/expire", body);
                Assert.Equal(status, answer.StatusCode);
                var error = await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>();
                Assert.Contains(sentence, error!["error"], StringComparison.Ordinal);
            }
        });

        Assert.True(first.Count > 1 && first.Zip(first.Skip(1)).All(pair => pair.Item1.Vector.Compare(pair.Item2.Vector) is Causality.Before or Causality.Equal));
        Assert.Equal(Causality.Before, first[^1].Compare(second[0]));
    }

    /// <returns>What the trace tells of the clocks, oldest first.</returns>
    private static async Task<List<EventClock>> Clocks(NodeConfig config, Func<HttpClient, Task> work)
    {
        using var stop = new CancellationTokenSource();
        var running = NodeProgram.Run(config, Catalogue, stop.Token);
        using var http = Client(config);
        await Ready(http);
        await work(http);
        var lines = (await http.GetStringAsync("/trace?clocks=true")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(ToyCluster.Limit));
        return [.. lines.Select(line => System.Text.Json.JsonSerializer.Deserialize<TraceLine>(line, NodeJson.Options)!.Clock?.ToEvent()).OfType<EventClock>()];
    }

    /// <summary>One node for all the bad input.</summary>
    public sealed class OneNode : IAsyncLifetime, IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly CancellationTokenSource _stop = new();
        private Task<int> _running = Task.FromResult(0);

        internal HttpClient Http { get; private set; } = new();

        public async Task InitializeAsync()
        {
            var config = Config(_folder) with { Store = StoreKind.Memory };
            _running = NodeProgram.Run(config, Catalogue, _stop.Token);
            Http = Client(config);
            await Ready(Http);
        }

        public async Task DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.WaitAsync(ToyCluster.Limit);
        }

        public void Dispose()
        {
            Http.Dispose();
            _stop.Dispose();
            _folder.Dispose();
        }
    }

    private static NodeConfig Config(TemporaryFolder folder)
    {
        var token = Path.Combine(folder.Path, "token");
        LabToken.Create(token);
        var ports = FreePorts(2);
        return new NodeConfig
        {
            Name = "n1",
            RemotingPort = ports[0],
            ControlPort = ports[1],
            Peers = [new("n1", "127.0.0.1", ports[0], ports[1]), new("n2", "127.0.0.1", 9, 9)],
            Run = new ScenarioPlans(1, [new("toy", new Dictionary<string, int>())]),
            DataDir = Path.Combine(folder.Path, "n1"),
            TokenFile = token,
            Settings = new Dictionary<string, string> { ["actorlab.batch-scheduling"] = "off" }, // these tests share the process
        };
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private static HttpClient Client(NodeConfig config) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{config.ControlPort}"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", LabToken.Read(config.TokenFile)) },
    };

    private static Task Ready(HttpClient http) => Eventually.True(() =>
    {
        try
        {
            return http.GetAsync("/health/ready").GetAwaiter().GetResult().IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // its port is not open yet
        }
    }, "the node is ready");

    private static async Task<HttpResponseMessage> Send(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        }

        return await http.SendAsync(request);
    }
}

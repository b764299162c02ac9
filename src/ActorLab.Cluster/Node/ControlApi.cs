using System.Text.Json;
using ActorLab.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorLab.Cluster;

/// <summary>
/// A node's control port: HTTP and JSON, apart from remoting, so that a cut link never cuts the console. Put
/// <see cref="LabSecurity.UseLabSecurity"/> before it.
/// </summary>
internal sealed class ControlApi(LabNode node, ClusterView cluster, ScenarioBuilder builder)
{
    private const int MaxTraceLines = 10_000;
    private const int MaxFollowers = 16;
    private const int MaxStateText = 64 * 1024;

    private readonly SemaphoreSlim _followers = new(MaxFollowers);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Json(new { status = "live" }));
        routes.MapGet("/health/ready", Ready);
        routes.MapGet("/status", () => node.Started ? Json(cluster.Status()) : NotStarted());
        routes.MapGet("/links", () => Json(node.ObservedLinks()));
        routes.MapPut("/faults", PutFaults);
        routes.MapGet("/faults", () => node.Started ? Json(node.Links.Status()) : NotStarted());
        routes.MapGet("/trace", GetTrace);
        routes.MapGet("/scenarios", () => Json(new ScenarioPlans(node.ScenariosVersion, [.. node.Scenarios.Select(scenario => scenario.Plan)])));
        routes.MapPut("/scenarios", PutScenarios);
        routes.MapGet("/scenarios/{scenario}/roles/{role}/state", GetState);
        routes.MapPut("/scenarios/{scenario}/crash-point", PutCrashPoint);
        routes.MapPost("/scenarios/{scenario}/operations", new OperationsApi(node, builder.Catalogue).Post);
        routes.MapPost("/cluster/leave", () =>
        {
            cluster.Leave();
            return Json(new { leaving = node.Node.Name }, StatusCodes.Status202Accepted);
        });
        routes.MapPost("/cluster/down", PostDown);
        new GateApi(node).Map(routes);
        foreach (var entry in builder.Catalogue.Entries)
        {
            entry.MapRoutes?.Invoke(routes, node);
        }
    }

    internal static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, NodeJson.Options, statusCode: status);

    internal static IResult Refusal(int status, string sentence) => Json(new { error = sentence }, status);

    /// <summary>The body as JSON; a sentence in the place of what the reader would throw.</summary>
    /// <exception cref="FormatException">The body is no such JSON.</exception>
    internal static async Task<T> Body<T>(HttpRequest request, string shape)
    {
        try
        {
            return await request.ReadFromJsonAsync<T>(NodeJson.Options, request.HttpContext.RequestAborted).ConfigureAwait(false)
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new FormatException($"The body must be {shape}.");
        }
    }

    private IResult Ready()
    {
        var down = node.Roles.FirstOrDefault(role => !role.Running);
        return !node.Started ? NotStarted()
            : down is null ? Json(new { status = "ready" })
            : Refusal(StatusCodes.Status503ServiceUnavailable, down.HaltReason ?? $"{down.Address} is reading its disk.");
    }

    private IResult NotStarted() => Refusal(StatusCodes.Status503ServiceUnavailable, $"{node.Node} is starting.");

    private async Task<IResult> PutFaults(HttpRequest request)
    {
        try
        {
            var plan = (await Body<FaultPlanJson>(request, "{\"version\": 1, \"cuts\": [\"n1>n2\"]}").ConfigureAwait(false)).ToPlan();
            if (!node.Started)
            {
                return NotStarted();
            }

            var applied = await node.Links.ApplyAsync(plan).ConfigureAwait(false);
            return Json(new PlanTaken(applied, node.Links.Plan.Version));
        }
        catch (FormatException e)
        {
            return Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private async Task<IResult> PutScenarios(HttpRequest request)
    {
        try
        {
            const string shape = "{\"version\": 1, \"scenarios\": [{\"name\": \"raft\", \"parameters\": {}, \"run\": 1}]}";
            var plans = await Body<ScenarioPlans>(request, shape).ConfigureAwait(false);
            if (!node.Started)
            {
                return NotStarted();
            }

            var applied = await node.RunOnlyAsync(plans.Version, builder.Build(plans)).ConfigureAwait(false);
            return Json(new PlanTaken(applied, node.ScenariosVersion));
        }
        catch (NodeBusy e)
        {
            return Refusal(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (Exception e) when (e is FormatException or NodeRefusal)
        {
            return Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private async Task<IResult> PutCrashPoint(string scenario, HttpRequest request)
    {
        try
        {
            const string shape = "{\"role\": \"coordinator\", \"note\": \"decides\", \"afterDisk\": true}";
            var point = await Body<CrashPoint>(request, shape).ConfigureAwait(false);
            if (node.Find(scenario) is not { } running)
            {
                return Refusal(StatusCodes.Status404NotFound, NotRunning(node, scenario));
            }

            if (running.Role(point.Role ?? "") is null || string.IsNullOrEmpty(point.Note))
            {
                return Refusal(StatusCodes.Status400BadRequest, $"The body must be {shape}, with a role of this node.");
            }

            running.CrashAt = point;
            return Json(point);
        }
        catch (FormatException e)
        {
            return Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private async Task GetTrace(HttpContext context, long after = -1, int limit = 1_000, bool follow = false, long since = 0, bool clocks = false)
    {
        if (limit is < 1 or > MaxTraceLines)
        {
            await LabSecurity.RefuseWith(context, StatusCodes.Status400BadRequest, $"limit={limit} is out of range: 1 to {MaxTraceLines}.")
                .ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        if (!follow)
        {
            await WriteLines(context, node.Trace.Read(after, limit, since), clocks).ConfigureAwait(false);
        }
        else if (await _followers.WaitAsync(0).ConfigureAwait(false))
        {
            await Follow(context, after, since, clocks).ConfigureAwait(false);
        }
        else
        {
            await LabSecurity.RefuseWith(context, StatusCodes.Status429TooManyRequests, $"{MaxFollowers} readers follow this trace already.")
                .ConfigureAwait(false);
        }
    }

    private async Task Follow(HttpContext context, long after, long since, bool clocks)
    {
        // A node that stops waits for its requests to end, and this one would have no end.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await foreach (var happening in node.Trace.Follow(after, since, ended.Token).ConfigureAwait(false))
            {
                await WriteLines(context, [happening], clocks).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left, or the node stops.
        }
        finally
        {
            _followers.Release();
        }
    }

    private static async Task WriteLines(HttpContext context, IReadOnlyList<TraceEvent> events, bool clocks)
    {
        foreach (var e in events)
        {
            var line = new TraceLine(
                e.Index, e.At, JsonNamingPolicy.CamelCase.ConvertName(e.Kind.ToString()), e.Where.ToString(), e.Peer?.ToString(), e.Message, e.Cause, e.Text,
                e.Scenario)
            {
                Clock = clocks && e.Clock is { } clock ? TraceClock.Of(clock) : null,
            };
            await context.Response.WriteAsync(JsonSerializer.Serialize(line, NodeJson.Options) + "\n", context.RequestAborted).ConfigureAwait(false);
        }

        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private IResult GetState(string scenario, string role, bool text = true)
    {
        if (node.Find(scenario) is not { } running)
        {
            return Refusal(StatusCodes.Status404NotFound, NotRunning(node, scenario));
        }

        if (running.Role(role) is not { } hosted)
        {
            return Refusal(StatusCodes.Status404NotFound, NoRole(node, running, role));
        }

        if (hosted.DurableState is not { } state)
        {
            return Refusal(StatusCodes.Status503ServiceUnavailable, hosted.HaltReason ?? $"{hosted.Address} is reading its disk.");
        }

        var facts = builder.Catalogue.Find(scenario).Inspectors.TryGetValue(role, out var inspect) ? inspect(state) : new Dictionary<string, object?>();
        return Json(new RoleState(
            hosted.Address.ToString(), hosted.Incarnation, text ? Beginning(Canonical.Text(state)) : null, facts));
    }

    private static string Beginning(string text) => text.Length <= MaxStateText ? text : text[..MaxStateText] + "...";

    internal static string NotRunning(LabNode node, string scenario) =>
        $"{node.Node} does not run '{scenario}'. It runs: {Names(node.Scenarios.Select(running => running.Name))}.";

    internal static string NoRole(LabNode node, HostedScenario scenario, string role)
    {
        var elsewhere = scenario.Scenario.Placements.Where(placement => placement.Address.Role == role).Select(placement => placement.Address.Node.Name);
        var hosts = elsewhere.Any() ? $" '{role}' is on: {Names(elsewhere)}." : "";
        return $"{node.Node} hosts no role '{role}' of {scenario.Name}. It hosts: {Names(scenario.Roles.Select(hosted => hosted.Address.Role))}.{hosts}";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("nothing"));

    private async Task<IResult> PostDown(HttpRequest request)
    {
        try
        {
            var call = await Body<DownCall>(request, "{\"node\": \"n3\"}").ConfigureAwait(false);
            return cluster.Down(call.Node ?? "")
                ? Json(new { down = call.Node }, StatusCodes.Status202Accepted)
                : Refusal(StatusCodes.Status404NotFound, $"The lab has no node '{call.Node}'.");
        }
        catch (FormatException e)
        {
            return Refusal(StatusCodes.Status400BadRequest, e.Message);
        }
    }
}

using System.Buffers;
using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorLab.Cluster;

/// <summary>The gates of a node's roles over HTTP, where <c>actorlab.gates = on</c>. Each call answers when its turn is durable.</summary>
internal sealed class GateApi(LabNode node)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private IEnumerable<(HostedScenario Scenario, Placement Placement)> Placements =>
        from scenario in node.Scenarios
        from placement in scenario.Scenario.Placements
        where placement.Address.Node == node.Node
        select (scenario, placement);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/gates", Look);
        Map<GateMessageCall>(
            routes, "deliver", "{\"scenario\": \"raft\", \"role\": \"n1/server\", \"from\": \"n2/server\", \"number\": 1000000000003}",
            call => (call.Scenario, call.Role, _ => new GateCommand.Deliver(Address.Parse(call.From ?? ""), call.Number)));
        Map<GateMessageCall>(
            routes, "drop", "{\"scenario\": \"raft\", \"role\": \"n1/server\", \"from\": \"n2/server\", \"number\": 1000000000003}",
            call => (call.Scenario, call.Role, _ => new GateCommand.Drop(Address.Parse(call.From ?? ""), call.Number)));
        Map<GateTimerCall>(
            routes, "expire", "{\"scenario\": \"raft\", \"role\": \"n1/server\", \"timer\": \"election\"}",
            call => (call.Scenario, call.Role, _ => new GateCommand.Expire(call.Timer ?? "")));
        Map<GateHoldCall>(
            routes, "hold", "{\"scenario\": \"raft\", \"role\": \"n1/server\", \"message\": what GET /gates showed}",
            call => (call.Scenario, call.Role, binding => new GateCommand.Hold(EnvelopeOf(call, binding))));
        Map<GateOperateCall>(
            routes, "operate", "{\"scenario\": \"raft\", \"role\": \"n1/server\", \"payload\": base64}",
            call => (call.Scenario, call.Role, binding => new GateCommand.Operate(Read(binding, call.Payload))));
    }

    private void Map<T>(
        IEndpointRouteBuilder routes, string verb, string shape, Func<T, (string? Scenario, string? Role, Func<RoleBinding, GateCommand> Command)> read)
        where T : class => routes.MapPost($"/gates/{verb}", async (HttpRequest request) =>
        {
            if (Closed() is { } refusal)
            {
                return refusal;
            }

            try
            {
                var (its, name, command) = read(await ControlApi.Body<T>(request, shape).ConfigureAwait(false));
                if (string.IsNullOrEmpty(its) || string.IsNullOrEmpty(name))
                {
                    throw new FormatException($"The body must be {shape}.");
                }

                if (node.Find(its) is null)
                {
                    return ControlApi.Refusal(StatusCodes.Status404NotFound, ControlApi.NotRunning(node, its));
                }

                var (scenario, placement) = Placements.FirstOrDefault(
                    here => here.Scenario.Name == its && here.Placement.Address.ToString() == name);
                return placement is null
                    ? ControlApi.Refusal(StatusCodes.Status404NotFound, $"{node.Node} hosts no role {name} of {its}.")
                    : await Tell(scenario, placement.Address, command(placement.Role)).ConfigureAwait(false) is { } whyNot
                        ? ControlApi.Refusal(StatusCodes.Status409Conflict, whyNot)
                        : ControlApi.Json(new { done = verb });
            }
            catch (FormatException e)
            {
                return ControlApi.Refusal(StatusCodes.Status400BadRequest, e.Message);
            }
        });

    private async Task<IResult> Look()
    {
        if (Closed() is { } refusal)
        {
            return refusal;
        }

        var roles = new List<GateStatus>();
        foreach (var (scenario, placement) in Placements)
        {
            var look = new GateCommand.Look();
            if (await Tell(scenario, placement.Address, look).ConfigureAwait(false) is { } whyNot)
            {
                return ControlApi.Refusal(StatusCodes.Status503ServiceUnavailable, whyNot);
            }

            roles.Add(new GateStatus(
                scenario.Name, placement.Address.ToString(), scenario.Role(placement.Address.Role)!.Incarnation,
                [.. look.Held.Select(envelope => Show(envelope, placement.Role))], look.Timers, look.Lost));
        }

        return ControlApi.Json(roles);
    }

    private IResult? Closed() =>
        !node.Started ? ControlApi.Refusal(StatusCodes.Status503ServiceUnavailable, $"{node.Node} is starting.")
        : !node.Gated ? ControlApi.Refusal(
            StatusCodes.Status409Conflict, $"{node.Node} has no gates: start it with the setting actorlab.gates = on.")
        : null;

    private async Task<string?> Tell(HostedScenario scenario, Address role, GateCommand command)
    {
        if (RoleDirectory.Of(node.System).ActorOf(scenario.Plan.Label, role) is not { } actor)
        {
            return $"{role} is starting.";
        }

        actor.Tell(command, ActorRefs.NoSender);
        try
        {
            return await command.Done.WaitAsync(Limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return $"{role} did not answer within {Limit.TotalSeconds:0} s.";
        }
    }

    private static HeldMessage Show(RoleEnvelope envelope, RoleBinding binding)
    {
        var buffer = new ArrayBufferWriter<byte>();
        binding.WriteMessage(buffer, envelope.Message);
        return new HeldMessage(
            envelope.Sender.ToString(), envelope.Incarnation, envelope.Number, envelope.Cause, Canonical.Text(envelope.Message),
            buffer.WrittenSpan.ToArray())
        {
            Clock = envelope.Clock?.Numbers,
        };
    }

    private static RoleEnvelope EnvelopeOf(GateHoldCall call, RoleBinding binding)
    {
        var message = call.Message ?? throw new FormatException("A message to hold is missing.");
        return new RoleEnvelope(
            Address.Parse(call.Role), Address.Parse(message.From ?? ""), message.Incarnation, message.Number, message.Cause,
            Read(binding, message.Payload), Bytes: 0)
        {
            Clock = message.Clock is null ? null : ClockReading.From([.. message.Clock]) ?? throw new FormatException("Its clock is none: entries are 0 and more."),
        };
    }

    private static object Read(RoleBinding binding, byte[]? payload)
    {
        try
        {
            return binding.ReadMessage(payload ?? []);
        }
        catch (Exception e)
        {
            // A codec may fail in any way on bytes that somebody made up.
            throw new FormatException($"The payload is no {binding.MessageType.Name}: {e.Message}", e);
        }
    }
}

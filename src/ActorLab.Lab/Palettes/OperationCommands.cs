using System.Net;
using System.Text.Json.Nodes;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>The commands for the operations that a scenario declares.</summary>
internal static class OperationCommands
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <param name="lab">The lab.</param>
    /// <param name="scenario">Whose operation it is.</param>
    /// <param name="kind">The operation.</param>
    /// <param name="limit">How long to wait where the user does not say; null for the usual time.</param>
    public static Command For(LabContext lab, LabScenario scenario, OperationKind kind, TimeSpan? limit = null) => new(kind.Name, Sentence(kind.Summary))
    {
        Parameters =
        [
            .. kind.Parameters.Select(ParameterOf),
            Parameter.Node("node", "the node to ask; the leader, or else the first that takes it, when left out").AsSwitch(),
            Parameter.Duration("timeout", "how long to wait for an answer").AsSwitch()
                .Between(TimeSpan.FromMilliseconds(10), KvRequest.MostLimit).Or(limit ?? KvRequest.DefaultLimit),
        ],
        Example = string.Join(" ", kind.Parameters.Where(p => !p.Optional).Select(p => p.Example ?? p.Name).Prepend(kind.Name).Prepend(scenario.Name)),
        Handler = (c, stopped) => Operate(lab, scenario, kind, c, stopped),
    };

    private static Parameter ParameterOf(OperationParameter parameter)
    {
        if (parameter.Flag)
        {
            return Parameter.Flag(parameter.Name, parameter.Summary);
        }

        var text = Parameter.Text(parameter.Name, parameter.Summary, parameter.MaxBytes).OrEmpty();
        return parameter.Optional ? text.AsSwitch() : text;
    }

    private static string Sentence(string phrase) => $"{char.ToUpperInvariant(phrase[0])}{phrase[1..].TrimEnd('.')}.";

    private static async Task Operate(LabContext lab, LabScenario scenario, OperationKind kind, CommandContext c, CancellationToken stopped)
    {
        var arguments = kind.Parameters.Where(p => c.Has(p.Name)).ToDictionary(p => p.Name, p => p.Flag ? "true" : c.Text(p.Name));
        var limit = c.Duration("timeout");
        var node = await NodeFor(lab, scenario, kind, c, stopped).ConfigureAwait(false);
        var (status, body) = await Ask(lab, scenario, node, kind, arguments, limit, stopped).ConfigureAwait(false);
        var sentence = NodeClient.SentenceOf(body);
        switch ((int)status)
        {
            case 200:
                var answer = body as JsonObject ?? [];
                if (scenario.Show is { } show)
                {
                    show(c, answer);
                }
                else
                {
                    c.Line((string?)answer["reply"] ?? "done");
                }

                break;
            case 400:
                throw new BadInput(sentence ?? "The node did not understand the operation.");
            case 413:
                throw new BadInput(sentence ?? $"As JSON, the operation has more than the {LabSecurity.MaxBodyBytes} bytes that a node takes: write a shorter value.");
            case 409 when body is not null && body["actual"] is JsonValue actual:
                throw new CommandFailed($"{sentence} It is: {SafeText.Shorten(actual.GetValue<string>(), 1000)}");
            case 504 when scenario.WhenLate(kind.Name, node) is { } advice:
                throw new CommandFailed($"{sentence} {advice}");
            default:
                throw new CommandFailed(sentence ?? $"{node} answered {(int)status}.");
        }
    }

    /// <summary>The named node; or of those that run and host the role that takes the operation the leader, or else the first.</summary>
    private static async Task<string> NodeFor(LabContext lab, LabScenario scenario, OperationKind kind, CommandContext c, CancellationToken stopped)
    {
        if (c.NodeOrNull("node") is { } named)
        {
            return lab.Asked(named);
        }

        var leader = await lab.Leader(scenario.Name, stopped).ConfigureAwait(false);
        var hosts = (await lab.Statuses(stopped).ConfigureAwait(false)).Where(status => status.Answer?.Roles.Any(role =>
            role.Scenario == scenario.Name && Address.Parse(role.Address).Role == kind.Role) == true).Select(status => status.Node.Name).ToList();
        return hosts.Count == 0 ? lab.Asked(null) : leader is not null && hosts.Contains(leader.Node) ? leader.Node : hosts[0];
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Body)> Ask(
        LabContext lab, LabScenario scenario, string node, OperationKind kind, Dictionary<string, string> arguments, TimeSpan limit,
        CancellationToken stopped)
    {
        var call = new OperationCall(kind.Name, arguments, Durations.Format(limit));
        return await LabPalettes.Asked(
            lab.Nodes.Ask(node, HttpMethod.Post, $"scenarios/{scenario.Name}/operations", call, limit + Slack, stopped),
            MayWrite(scenario, kind, arguments)).ConfigureAwait(false);
    }

    private static bool MayWrite(LabScenario scenario, OperationKind kind, Dictionary<string, string> arguments)
    {
        try
        {
            return scenario.Reads?.Invoke(kind.Build(arguments.ToMap(pair => pair.Key, pair => pair.Value))) != true;
        }
        catch (FormatException)
        {
            return false; // the node would have refused it
        }
    }
}

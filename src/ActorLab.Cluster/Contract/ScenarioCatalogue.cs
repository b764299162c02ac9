using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorLab.Cluster;

/// <summary>What a role's state looks like to people: a few named facts of the durable state.</summary>
public delegate IReadOnlyDictionary<string, object?> Inspector(object state);

/// <summary>An operation of a user on its way to a role.</summary>
/// <param name="Role">The role that takes it.</param>
/// <param name="Number">The number under which the role reports its completion.</param>
/// <param name="Command">What the scenario's <see cref="OperationKind.Build"/> made.</param>
/// <param name="Limit">After this time the caller wants an answer, whatever it is.</param>
public sealed record OperationRequest(string Role, long Number, object Command, TimeSpan Limit);

/// <summary>What a scenario is built for.</summary>
/// <param name="Nodes">All nodes of the lab, in the order of their names.</param>
/// <param name="Parameters">Those that are missing have their defaults.</param>
/// <param name="Hocon">What the nodes' HOCON says.</param>
public sealed record ScenarioRequest(IReadOnlyList<string> Nodes, IReadOnlyDictionary<string, int> Parameters, Config Hocon);

/// <summary>The answer to an operation.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">A JSON object; <c>error</c> is a sentence wherever the status is not 200.</param>
public sealed record OperationAnswer(int Status, JsonObject Body)
{
    public static OperationAnswer Error(int status, string sentence) => new(status, new JsonObject { ["error"] = sentence });
}

/// <summary>A scenario that nodes can run.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Build">Throws <see cref="FormatException"/> with a sentence.</param>
public sealed record ScenarioEntry(string Name, Func<ScenarioRequest, Scenario> Build)
{
    /// <summary>By role.</summary>
    public IReadOnlyDictionary<string, Inspector> Inspectors { get; init; } = new Dictionary<string, Inspector>();

    /// <summary>Wraps a command as the message that the role takes; null where the scenario has no operations.</summary>
    public Func<OperationRequest, object>? Invoke { get; init; }

    /// <summary>Why a command is not even tried; null when it is.</summary>
    public Func<object, OperationAnswer?>? Refuse { get; init; }

    /// <summary>How a reply is told; null where its canonical text will do.</summary>
    public Func<object, OperationAnswer>? Answer { get; init; }

    /// <summary>Builds it for nodes that are there.</summary>
    /// <exception cref="FormatException">The parameters do not fit, or it wants other nodes; the sentence says which.</exception>
    public Scenario For(ScenarioRequest request)
    {
        var scenario = Built(request);
        var absent = scenario.Nodes.Select(node => node.Name).Except(request.Nodes).ToList();
        return absent.Count == 0
            ? scenario
            : throw new FormatException($"{Name} wants {string.Join(", ", absent)} too; this lab has {string.Join(", ", request.Nodes)}.");
    }

    /// <summary>What a builder cannot make, whatever it throws for that, is a sentence for whoever asked.</summary>
    private Scenario Built(ScenarioRequest request)
    {
        try
        {
            return Build(request);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The HOCON keys that <see cref="Build"/> reads: a recording keeps their values.</summary>
    public IReadOnlyList<string> ShapedBy { get; init; } = [];

    /// <summary>
    /// A word for what a role became between two states that others saw one after the other, such as <c>leader</c>; null where
    /// nothing worth counting happened. Called for every turn.
    /// </summary>
    public Func<object, object, string?>? Becomes { get; init; }

    /// <summary>What else begins on a node with the scenario's roles; null for most.</summary>
    public Action<ActorSystem>? Started { get; init; }

    /// <summary>Ends that when the scenario stops, within the time that is left for it; null for most.</summary>
    public Func<ActorSystem, TimeSpan, Task>? Stopped { get; init; }

    /// <summary>Adds the scenario's own HTTP routes to the control port, behind its token check.</summary>
    public Action<IEndpointRouteBuilder, LabNode>? MapRoutes { get; init; }
}

/// <summary>A protocol of another system, which a node serves on a port of its own where it was asked to, over HTTP/2.</summary>
/// <param name="AddServices">What it needs.</param>
/// <param name="Use">Handles the requests. No check of the control port is before it: it wants the lab's token by itself.</param>
public sealed record ClientApi(Action<IServiceCollection, LabNode, NodeConfig, string> AddServices, Action<IApplicationBuilder> Use);

/// <summary>The scenarios that a node process can run.</summary>
public sealed class ScenarioCatalogue(params IReadOnlyList<ScenarioEntry> entries)
{
    public IReadOnlyList<ScenarioEntry> Entries => entries;

    /// <summary>Which build of the roles these are, for recordings.</summary>
    public string Build { get; init; } = "";

    /// <summary>What a node with a <see cref="NodeConfig.ClientPort"/> serves there; null for nothing.</summary>
    public ClientApi? ClientApi { get; init; }

    /// <summary>Finds scenarios that are not listed, such as wrong variants; null for an unknown one.</summary>
    public Func<string, ScenarioEntry?>? Others { get; init; }

    /// <exception cref="NodeRefusal">There is no such scenario.</exception>
    public ScenarioEntry Find(string name) => entries.FirstOrDefault(entry => entry.Name == name) ?? Others?.Invoke(name)
        ?? throw new NodeRefusal(
            $"There is no scenario '{name}'. There are: {string.Join(", ", entries.Select(entry => entry.Name))}.");
}

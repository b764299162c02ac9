using System.Text.Json.Nodes;
using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A scenario as the lab runs it: what the nodes need, and what the launcher and its palette make of it.</summary>
/// <param name="Entry">What node processes get.</param>
/// <param name="Summary">One sentence, for its palette.</param>
/// <param name="Operations">What users may ask for: each is a command of the palette.</param>
public sealed record LabScenario(ScenarioEntry Entry, string Summary, Seq<OperationKind> Operations)
{
    public string Name => Entry.Name;

    /// <summary>A command to begin with.</summary>
    public required string FirstCommand { get; init; }

    /// <summary>Whether what it holds lies on disks, and outlives a stop.</summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>How to see who leads; null for an algorithm without leaders.</summary>
    public Leading? Leading { get; init; }

    /// <summary>Whether a command only reads, so that one without an answer leaves no doubt; null where all may write.</summary>
    public Func<object, bool>? Reads { get; init; }

    /// <summary>
    /// What a user who got no answer in time from a node may do: a sentence, by the name of the operation; null where there is
    /// nothing to say.
    /// </summary>
    public Func<string, string, string?> WhenLate { get; init; } = (_, _) => null;

    /// <summary>How long to wait for an operation, by its name, where the user does not say; null for the usual time.</summary>
    public Func<string, TimeSpan?> LimitOf { get; init; } = _ => null;

    /// <summary>Shows the answer to an operation; null where its text will do.</summary>
    public Action<CommandContext, JsonObject>? Show { get; init; }

    /// <summary>Commands that want no running scenario: they set it up.</summary>
    public Func<LabContext, IReadOnlyList<Command>> SetUp { get; init; } = _ => [];

    /// <summary>Commands beside the operations. One of the name <c>status</c> takes the place of the common one.</summary>
    public Func<LabContext, IReadOnlyList<Command>> Commands { get; init; } = _ => [];
}

/// <summary>How to see who leads.</summary>
/// <param name="Role">The role whose state tells.</param>
/// <param name="LeaderOf">Reads the leader out of the states of that role; null while there is none.</param>
public sealed record Leading(string Role, Func<IEnumerable<(string Node, RoleState State)>, LeaderInTerm?> LeaderOf);

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A model without messages: variables, and labelled steps that read and write them.</summary>
public sealed class Model
{
    internal Model()
    {
    }

    public required string Name { get; init; }

    public required Seq<Property> Properties { get; init; }

    /// <summary>Which steps may not be passed over for ever.</summary>
    public Seq<Fairness> Fairness { get; init; }

    /// <summary>Nodes that are the same to all; empty where there are none.</summary>
    public Set<NodeId> Interchangeable { get; init; }

    /// <summary>Worlds outside are not explored further; null for no bound.</summary>
    public Func<IWorld, bool>? Constraint { get; init; }

    internal IReadOnlyList<SlotOfModel> Slots { get; init; } = [];

    internal IReadOnlyList<Func<ValueTable>> Variables { get; init; } = [];

    internal IReadOnlyList<StepOfModel> Steps { get; init; } = [];

    /// <summary>What a start must satisfy, besides the values of each variable.</summary>
    internal IReadOnlyList<Func<State, bool>> StartsWhere { get; init; } = [];
}

/// <summary>Models of one kind, by parameters.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Source">Where the original is: paper or specification, with its path.</param>
/// <param name="Parameters">The constants of the original.</param>
/// <param name="Build">The model for these values.</param>
public sealed record ModelFamily(
    string Name, string Summary, string Source, Seq<ScenarioParameter> Parameters, Func<ScenarioArguments, Model> Build)
{
    /// <exception cref="FormatException">The arguments do not fit the parameters.</exception>
    public Model With(params ReadOnlySpan<(string Name, int Value)> arguments) =>
        Build(new ScenarioArguments(Name, Parameters, Map.Of(arguments)));
}

/// <summary>One slot of a world.</summary>
/// <param name="Name">Of the variable.</param>
/// <param name="Variable">Its number.</param>
/// <param name="Key">In a table, the key; else null.</param>
/// <param name="Initial">The numbers of the values that it may start with.</param>
internal sealed record SlotOfModel(string Name, int Variable, object? Key, Func<ValueTable[], int[]> Initial)
{
    public string Text => Key is null ? Name : $"{Name}[{Canonical.Text(Key)}]";
}

/// <summary>Steps that are tried together: of a process all, of an action one for a parameter.</summary>
/// <param name="Process">Whose steps.</param>
/// <param name="Detail">The parameter or the process; null if there is none.</param>
/// <param name="Run">Takes the step, and returns the name of its label.</param>
internal sealed record StepOfModel(string Process, object? Detail, Func<ModelStep, string> Run);

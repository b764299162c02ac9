namespace ActorLab.Core;

/// <summary>What kind of step leads from one world to the next.</summary>
public enum StepKind
{
    Boot,
    Operation,
    Deliver,
    Expire,

    /// <summary>A message vanishes in the network.</summary>
    Drop,

    /// <summary>A message gets a second copy.</summary>
    Duplicate,

    /// <summary>A message reaches a node that is down.</summary>
    Lost,

    /// <summary>A node loses all but its disks.</summary>
    Crash,

    /// <summary>A node boots from its disks.</summary>
    Restart,

    /// <summary>A labelled step of a model over shared variables.</summary>
    Step,
}

/// <summary>Which step it is, whatever the world: what fairness speaks of.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Process">Who moves: the address of a role, the node of a crash, the process of a model; "" for nobody.</param>
/// <param name="Name">The message's type, the timer's name, the label of a model's step.</param>
/// <param name="Detail">
/// The <see cref="Input"/> of a role's step, or the message that met its fate; the parameter of a model's step; or null.
/// </param>
public sealed record StepLabel(StepKind Kind, string Process, string Name, object? Detail = null)
{
    public override string ToString() => Process == "" ? Name : $"{Process}: {Name}";
}

namespace ActorLab.Lab;

/// <summary>What a node's process is doing.</summary>
public enum NodeLife
{
    /// <summary>There is no process: not yet, or because a command stopped it.</summary>
    Stopped,

    Running,

    /// <summary>Frozen by a command.</summary>
    Paused,

    /// <summary>The process ended and nobody had asked it to.</summary>
    Failed,
}

/// <summary>One node as the supervisor sees it.</summary>
/// <param name="Name">Such as <c>n1</c>.</param>
/// <param name="Life">What its process is doing.</param>
/// <param name="Pid">Its process; null where there is none.</param>
/// <param name="Started">When that process started.</param>
/// <param name="Starts">How many processes this node has had.</param>
/// <param name="LastEnd">How the last process ended, as a phrase; null while none has.</param>
public sealed record NodeInfo(string Name, NodeLife Life, int? Pid, DateTimeOffset? Started, int Starts, string? LastEnd)
{
    /// <summary>Its last process refused what it was given: another start would refuse it too.</summary>
    public bool Refused { get; init; }
}

/// <summary>A process ended that nobody had asked to.</summary>
/// <param name="Node">Whose process.</param>
/// <param name="ExitCode">128 + signal where a signal ended it.</param>
/// <param name="LastLines">What it printed last.</param>
public sealed record UnexpectedEnd(string Node, int ExitCode, IReadOnlyList<string> LastLines);

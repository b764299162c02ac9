using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// Users who ask, wait for the completion that the client role reports, think, and ask again.
/// </summary>
/// <param name="Clients">The roles that take operations.</param>
/// <param name="Next">
/// The message of an operation: from the random numbers of the load, the client, and the number that the client must give
/// the operation in its reports. Numbers of one client start at <see cref="FirstNumber"/> and never repeat, across crashes too.
/// </param>
public sealed record ClientLoad(Seq<Address> Clients, Func<RandomStream, Address, long, object> Next)
{
    /// <summary>The number of the first operation of each client: behind those of the scenario's own workload.</summary>
    public long FirstNumber { get; init; } = 1;

    /// <summary>Users per client role.</summary>
    public int Users { get; init; } = 1;

    /// <summary>Between a completion and the user's next operation.</summary>
    public Wait Think { get; init; } = Wait.Millis(1, 50);

    /// <summary>No operation starts later; null for the end of the run.</summary>
    public TimeSpan? Until { get; init; }
}

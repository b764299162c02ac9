namespace ActorLab.Cluster;

/// <summary>How an operation ended, as its caller sees it.</summary>
/// <param name="Outcome">Whether it took effect.</param>
/// <param name="Reply">The service's reply when the outcome is <see cref="Core.Outcome.Ok"/>.</param>
/// <param name="Reason">A sentence when it is not.</param>
public sealed record OperationResult(Outcome Outcome, object? Reply, string Reason);

/// <summary>Where the operations of users enter the roles of this node, and where their callers wait.</summary>
public sealed class OperationGateway
{
    /// <summary>
    /// Delivers an operation to a role of this node and waits until the role reports its completion. Never throws for
    /// what can go wrong with the operation: that is the outcome.
    /// </summary>
    /// <param name="role">Such as <c>client</c>.</param>
    /// <param name="build">The message for the number under which the role shall report.</param>
    /// <param name="limit">The time limit that the role was told; the gateway gives up a little later.</param>
    /// <param name="stopped">The caller does not wait any longer: the outcome is unknown.</param>
    public Task<OperationResult> SubmitAsync(
        string role, Func<long, object> build, TimeSpan limit, CancellationToken stopped = default) =>
        throw new NotImplementedException();
}

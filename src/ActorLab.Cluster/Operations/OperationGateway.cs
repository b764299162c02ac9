using System.Collections.Concurrent;

namespace ActorLab.Cluster;

/// <summary>How an operation ended, as its caller sees it.</summary>
/// <param name="Outcome">Whether it took effect.</param>
/// <param name="Reply">The service's reply when the outcome is <see cref="Core.Outcome.Ok"/>.</param>
/// <param name="Reason">A sentence when it is not.</param>
public sealed record OperationResult(Outcome Outcome, object? Reply, string Reason);

/// <summary>Where the operations of users enter the roles of this node, and where their callers wait.</summary>
public sealed class OperationGateway : IDisposable
{
    /// <summary>What a role gets beyond the limit that it was told, so that its own answer comes first.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, OperationDoor> _doors = new(StringComparer.Ordinal);
    private readonly int _capacity;

    /// <param name="capacity">Most operations of one role that wait for an answer; more are refused.</param>
    public OperationGateway(int capacity = 10_000) => _capacity = capacity;

    /// <summary>
    /// Delivers an operation to a role of this node and waits until the role reports its completion. Never throws for
    /// what can go wrong with the operation: that is the outcome.
    /// </summary>
    /// <param name="role">Such as <c>client</c>.</param>
    /// <param name="build">
    /// The message for the number under which the role shall report. It is called once, when the role takes the operation.
    /// </param>
    /// <param name="limit">The time limit that the role was told; the gateway gives up a little later.</param>
    /// <param name="stopped">The caller does not wait any longer: the outcome is unknown.</param>
    public Task<OperationResult> SubmitAsync(
        string role, Func<long, object> build, TimeSpan limit, CancellationToken stopped = default) =>
        _doors.TryGetValue(role, out var door)
            ? door.SubmitAsync(build, limit + Grace, stopped)
            : Task.FromResult(new OperationResult(
                Outcome.Failed, null, $"This node has no role '{role}' that takes operations. It has: {string.Join(", ", _doors.Keys.Order())}."));

    /// <summary>Those who wait are answered so, and nothing more is taken.</summary>
    /// <param name="who">Such as <c>this node</c>.</param>
    internal void Stop(string who)
    {
        foreach (var door in _doors.Values)
        {
            door.Stop(who);
        }
    }

    public void Dispose()
    {
        foreach (var door in _doors.Values)
        {
            door.Dispose();
        }
    }

    internal OperationDoor Open(string role) => _doors.GetOrAdd(role, name => new OperationDoor(name, _capacity));
}

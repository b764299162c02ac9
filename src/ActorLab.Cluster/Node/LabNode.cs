namespace ActorLab.Cluster;

/// <summary>A running node: its roles in an actor system, and the doors to them.</summary>
public sealed class LabNode
{
    public required OperationGateway Operations { get; init; }
}

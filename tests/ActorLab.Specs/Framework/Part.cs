namespace ActorLab.Specs;

/// <summary>A script, and the nodes that run it, each in a task of its own.</summary>
public sealed record Part(Set<NodeId> Nodes, Func<SpecNode, Task> Script);

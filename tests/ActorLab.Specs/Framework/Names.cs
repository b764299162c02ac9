namespace ActorLab.Specs;

/// <summary>The nodes of a spec, by name.</summary>
public static class Names
{
    public static readonly NodeId n1 = new("n1");
    public static readonly NodeId n2 = new("n2");
    public static readonly NodeId n3 = new("n3");
    public static readonly NodeId n4 = new("n4");
    public static readonly NodeId n5 = new("n5");

    /// <summary>These nodes run this script: a part of <see cref="LabSpec.Run"/>.</summary>
    public static Part On(Set<NodeId> nodes, Func<SpecNode, Task> script) => new(nodes, script);

    /// <summary>This node runs this script.</summary>
    public static Part On(NodeId node, Func<SpecNode, Task> script) => new([node], script);
}

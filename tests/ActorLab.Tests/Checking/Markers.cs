using ActorLab.Core;

namespace ActorLab.Tests.Checking;

public sealed record Mark;

public sealed record Marked(bool IsMarked) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>One marks two others, and that is all: few enough worlds to count by hand.</summary>
internal sealed class Marker(params Address[] others) : IRole<Marked, NoDisk, Mark>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public Marked Boot(NoDisk disk, Turn<Mark> turn)
    {
        turn.Tell(others, new Mark());
        return new Marked(false);
    }

    public Marked Receive(Marked state, Address sender, Mark message, Turn<Mark> turn) => new(true);
}

internal static class Markers
{
    public static Scenario Of(Network network)
    {
        Address[] marked = [Address.Parse("n2/marked"), Address.Parse("n3/marked")];
        return new Scenario
        {
            Name = "markers",
            Placements =
            [
                new Placement(Address.Parse("n1/marker"), RoleBinding.Of(new Marker(marked))),
                .. marked.Select(at => new Placement(at, RoleBinding.Of(new Marker()))),
            ],
            Network = network,
        };
    }
}

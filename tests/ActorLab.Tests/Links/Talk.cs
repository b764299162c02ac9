using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Links;

/// <summary>Numbers from a user to one role, which tells the other.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Ask))]
[MemoryPackUnion(1, typeof(Say))]
public abstract partial record Talk
{
    [MemoryPackable]
    public sealed partial record Ask(int Number) : Talk;

    [MemoryPackable]
    public sealed partial record Say(int Number) : Talk;
}

[MemoryPackable]
public sealed partial record TalkerDisk(Seq<int> Heard);

public sealed record TalkerState(TalkerDisk Disk) : IOnDisk<TalkerDisk>;

/// <summary>Says what its user asks for, and writes down what it hears.</summary>
internal sealed class Talker(Address peer) : IRole<TalkerState, TalkerDisk, Talk>
{
    public static readonly Address One = Address.Parse("n1/talker");

    public static readonly Address Other = Address.Parse("n2/talker");

    public TalkerDisk EmptyDisk { get; } = new([]);

    public static RoleBinding Bare(Address peer) => RoleBinding.Of(new Talker(peer));

    public static RoleBinding Linked(Address peer) =>
        RoleBinding.Of(new ReliableLink<TalkerState, TalkerDisk, Talk>(new Talker(peer)));

    public static Seq<int> HeardIn(object state) => ((TalkerState)(state is IWrapped wrapped ? wrapped.Within : state)).Disk.Heard;

    public TalkerState Boot(TalkerDisk disk, Turn<Talk> turn) => new(disk);

    public TalkerState Receive(TalkerState state, Address sender, Talk message, Turn<Talk> turn)
    {
        switch (message)
        {
            case Talk.Ask(var number):
                turn.Tell(peer, new Talk.Say(number));
                return state;
            case Talk.Say(var number):
                return new TalkerState(new TalkerDisk(state.Disk.Heard.Add(number)));
            default:
                return state;
        }
    }
}

using System.Collections.Concurrent;
using MemoryPack;

namespace ActorLab.Cluster.Tests;

[MemoryPackable]
[MemoryPackUnion(0, typeof(Put))]
[MemoryPackUnion(1, typeof(Copy))]
[MemoryPackUnion(2, typeof(Hint))]
[MemoryPackUnion(3, typeof(Durable))]
[MemoryPackUnion(4, typeof(Relay))]
[MemoryPackUnion(5, typeof(Break))]
[MemoryPackUnion(6, typeof(Ignore))]
[MemoryPackUnion(7, typeof(Hang))]
public abstract partial record ToyMessage
{
    /// <summary>From outside: keep the text, hint at it early, and copy it to the others when it is kept.</summary>
    [MemoryPackable]
    public sealed partial record Put(long Number, string Text) : ToyMessage;

    [MemoryPackable]
    public sealed partial record Copy(string Text) : ToyMessage;

    /// <summary>A copy that need not wait for the disk.</summary>
    [MemoryPackable]
    public sealed partial record Hint(string Text) : ToyMessage;

    /// <summary>To itself: what it kept is durable.</summary>
    [MemoryPackable]
    public sealed partial record Durable(int Count) : ToyMessage;

    /// <summary>From outside: copy the text to the others, keep nothing.</summary>
    [MemoryPackable]
    public sealed partial record Relay(string Text) : ToyMessage;

    [MemoryPackable]
    public sealed partial record Break : ToyMessage;

    /// <summary>From outside: never report.</summary>
    [MemoryPackable]
    public sealed partial record Ignore : ToyMessage;

    /// <summary>From outside: its turn takes until somebody opens the gate of this name.</summary>
    [MemoryPackable]
    public sealed partial record Hang(string Gate) : ToyMessage
    {
        public static readonly ConcurrentDictionary<string, (TaskCompletionSource Begun, ManualResetEventSlim End)> Gates = [];
    }
}

[MemoryPackable]
public sealed partial record ToyDisk(Seq<string> Kept) : IDeltaDisk<ToyDisk, Seq<string>>
{
    public Seq<string> DeltaSince(ToyDisk earlier) => Kept.Skip(earlier.Kept.Count);

    public ToyDisk Apply(Seq<string> delta) => new(Kept.AddRange(delta));
}

public sealed record ToyState(ToyDisk Disk, Seq<string> Copied, Seq<string> Hinted, int KnownDurable) : IOnDisk<ToyDisk>;

/// <summary>Keeps texts and tells the other nodes of them.</summary>
public sealed class ToyRole(Seq<Address> everyone) : IRole<ToyState, ToyDisk, ToyMessage>
{
    public const string Name = "keeper";

    public ToyDisk EmptyDisk => new([]);

    public static Scenario Of(params ReadOnlySpan<string> nodes)
    {
        var addresses = Seq.ToSeq(nodes.ToArray().Select(At));
        var binding = RoleBinding.Of(new ToyRole(addresses));
        return new Scenario { Name = "toy", Placements = Seq.ToSeq(addresses.Select(at => new Placement(at, binding))) };
    }

    public static Address At(string node) => new(new NodeId(node), Name);

    public ToyState Boot(ToyDisk disk, Turn<ToyMessage> turn) => new(disk, [], [], disk.Kept.Count);

    public ToyState Receive(ToyState state, Address sender, ToyMessage message, Turn<ToyMessage> turn)
    {
        switch (message)
        {
            case ToyMessage.Put put:
                var disk = new ToyDisk(state.Disk.Kept.Add(put.Text));
                foreach (var other in everyone.Where(other => other != turn.Self))
                {
                    turn.TellBeforeDisk(other, new ToyMessage.Hint(put.Text));
                    turn.Tell(other, new ToyMessage.Copy(put.Text));
                }

                turn.Tell(turn.Self, new ToyMessage.Durable(disk.Kept.Count));
                turn.Report(new HistoryEvent.Invoked(put.Number, put.Text));
                turn.Report(new HistoryEvent.Completed(put.Number, Outcome.Ok, disk.Kept.Count, ""));
                return state with { Disk = disk };
            case ToyMessage.Copy copy:
                return state with { Copied = state.Copied.Add(copy.Text) };
            case ToyMessage.Hint hint:
                return state with { Hinted = state.Hinted.Add(hint.Text) };
            case ToyMessage.Durable durable:
                return state with { KnownDurable = durable.Count };
            case ToyMessage.Relay relay:
                turn.Tell(everyone.Where(other => other != turn.Self), new ToyMessage.Copy(relay.Text));
                return state;
            case ToyMessage.Hang hang:
                var (begun, end) = ToyMessage.Hang.Gates[hang.Gate];
                begun.TrySetResult();
                end.Wait();
                return state;
            case ToyMessage.Break:
                Invariant.Require(false, "a broken role boots again");
                return state;
            default:
                return state;
        }
    }
}

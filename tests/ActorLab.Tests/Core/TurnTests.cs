using System.Buffers;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Core;

[MemoryPackable]
public sealed partial record JournalMessage(string Line);

[MemoryPackable]
public sealed partial record JournalDisk(Seq<string> Lines) : IDeltaDisk<JournalDisk, Seq<string>>
{
    public Seq<string> DeltaSince(JournalDisk earlier) => Lines.Skip(earlier.Lines.Count);

    public JournalDisk Apply(Seq<string> delta) => new(Lines.AddRange(delta));
}

public sealed record JournalState(JournalDisk Disk, int Heard) : IOnDisk<JournalDisk>;

public sealed class TurnTests
{
    private static readonly Address Here = Address.Parse("n1/journal");

    [Fact]
    public void A_turn_that_is_used_later_throws()
    {
        var role = new Keeper();
        var binding = RoleBinding.Of(role);
        binding.Boot(binding.EmptyDisk, Context());
        var turn = role.LastTurn!;
        var late = Assert.Throws<InvalidOperationException>(() => turn.Tell(Here, new JournalMessage("late")));
        Assert.Contains("The turn of n1/journal is over", late.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => turn.Note("late"));
        Assert.Throws<InvalidOperationException>(() => turn.Choose([1, 2]));
        Assert.Throws<InvalidOperationException>(() => turn.Clock);
    }

    [Fact]
    public void Effects_come_in_the_order_in_which_they_were_asked_for()
    {
        var binding = RoleBinding.Of(new Keeper());
        var step = binding.Receive(new JournalState(new JournalDisk([]), 0), Here, new JournalMessage("keep a"), Context());
        Assert.Equal([new Effect.Note("kept"), new Effect.Send(Here, new JournalMessage("ok"))], step.Effects);
        Assert.True(step.DiskChanged);
        Assert.Null(step.ClockRead);
    }

    [Fact]
    public void A_disk_left_alone_is_not_written()
    {
        var binding = RoleBinding.Of(new Keeper());
        var step = binding.Receive(new JournalState(new JournalDisk(["a"]), 0), Here, new JournalMessage("clock"), Context());
        Assert.False(step.DiskChanged);
        Assert.Equal(new ClockInterval(7, 9), step.ClockRead);
    }

    [Fact]
    public void A_delta_brings_an_earlier_disk_to_a_later_one()
    {
        var binding = RoleBinding.Of(new Keeper());
        var earlier = new JournalDisk(["a", "b"]);
        var later = new JournalDisk(["a", "b", "c"]);
        var delta = binding.WriteDelta(earlier, later);
        Assert.Equal(later, binding.ApplyDelta(earlier, delta));
        Assert.Equal(MemoryPackSerializer.Serialize(Seq.Of("c")), delta);
        Assert.Equal(later, binding.ReadDisk(binding.WriteDisk(later)));
    }

    [Fact]
    public void Messages_survive_their_codec_and_damaged_bytes_are_refused()
    {
        var binding = RoleBinding.Of(new Keeper());
        var bytes = new ArrayBufferWriter<byte>();
        binding.WriteMessage(bytes, new JournalMessage("x"));
        Assert.Equal(new JournalMessage("x"), binding.ReadMessage(bytes.WrittenSpan));
        Assert.Throws<MemoryPackSerializationException>(() => binding.ReadMessage([255]));
        Assert.ThrowsAny<Exception>(() => binding.ReadMessage(bytes.WrittenSpan[..3]));
    }

    [Fact]
    public void A_choice_from_nothing_is_refused_and_from_one_needs_no_dice()
    {
        var role = new Keeper();
        var binding = RoleBinding.Of(role);
        binding.Boot(binding.EmptyDisk, Context());
        var state = new JournalState(new JournalDisk([]), 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => binding.Receive(state, Here, new JournalMessage("choose 0"), Context()));
        Assert.Equal(1, ((JournalState)binding.Receive(state, Here, new JournalMessage("choose 1"), Context()).State).Heard);
        Assert.Throws<NotSupportedException>(() => binding.Receive(state, Here, new JournalMessage("choose 2"), Context()));
    }

    [Fact]
    public void A_role_that_tells_itself_before_its_disk_is_refused()
    {
        var binding = RoleBinding.Of(new Keeper());
        var state = new JournalState(new JournalDisk([]), 0);
        var early = binding.Receive(state, new Address(new NodeId("n2"), "journal"), new JournalMessage("early"), Context());
        Assert.True(Assert.IsType<Effect.Send>(Assert.Single(early.Effects)).Early);
        var refused = Assert.Throws<InvalidOperationException>(
            () => binding.Receive(state, Here, new JournalMessage("early"), Context()));
        Assert.Contains("n1/journal may not tell itself", refused.Message, StringComparison.Ordinal);
    }

    private static TurnContext Context() => new(Here, new NoDice(), () => new ClockInterval(7, 9));

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new NotSupportedException("There are no dice here.");
    }

    /// <summary>Keeps what it is told to; keeps its turn too, which no role may do.</summary>
    private sealed class Keeper : IRole<JournalState, JournalDisk, JournalMessage>
    {
        public Turn<JournalMessage>? LastTurn { get; private set; }

        public JournalDisk EmptyDisk => new([]);

        public JournalState Boot(JournalDisk disk, Turn<JournalMessage> turn)
        {
            LastTurn = turn;
            return new JournalState(disk, 0);
        }

        public JournalState Receive(JournalState state, Address sender, JournalMessage message, Turn<JournalMessage> turn)
        {
            switch (message.Line.Split(' '))
            {
                case ["keep", var line]:
                    turn.Note("kept");
                    turn.Tell(sender, new JournalMessage("ok"));
                    return state with { Disk = new JournalDisk(state.Disk.Lines.Add(line)) };
                case ["early"]:
                    turn.TellBeforeDisk(sender, new JournalMessage("ok"));
                    return state;
                case ["choose", var options]:
                    return state with { Heard = turn.Choose(Enumerable.Range(1, int.Parse(options)).ToList()) };
                default:
                    return state with { Heard = (int)turn.Clock.Latest - (int)turn.Clock.Earliest };
            }
        }
    }
}

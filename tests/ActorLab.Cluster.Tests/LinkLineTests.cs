using Akka.Actor;

namespace ActorLab.Cluster.Tests;

/// <summary>The line of a link on its own, with a clock of the test.</summary>
public sealed class LinkLineTests
{
    private static readonly Link Way = new(new NodeId("n1"), new NodeId("n2"));

    private readonly Catcher _target = new();
    private readonly LinkLine _line;
    private long _now = 1_000;
    private bool _isCut;

    public LinkLineTests() => _line = new LinkLine(Way, () => _isCut, () => _now);

    [Fact]
    public void What_is_late_keeps_its_order_also_when_a_later_delay_is_shorter()
    {
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50), Jitter = Millis(50), Seed = 5 }]);
        for (byte i = 0; i < 100; i++)
        {
            Send(i);
            _now += 1_000;
            _line.Release();
        }

        Assert.InRange(_target.Got.Count, 1, 90);
        Pass(Millis(200));
        Assert.Equal(Enumerable.Range(0, 100), _target.Got);
    }

    [Fact]
    public void What_is_reordered_overtakes_and_is_overtaken_and_nothing_is_lost()
    {
        _line.Obey([new LinkRule.Reorder { Id = "a", Within = Millis(20), Probability = 0.4, Seed = 5 }]);
        for (byte i = 0; i < 100; i++)
        {
            Send(i);
            Pass(Millis(1));
        }

        Pass(Millis(50));
        Assert.NotEqual(Enumerable.Range(0, 100), _target.Got);
        Assert.Equal(Enumerable.Range(0, 100), _target.Got.Order());
    }

    [Fact]
    public void A_message_that_no_rule_delays_waits_behind_those_that_one_does()
    {
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50), Message = "Late" }]);
        Send(1, "Late");
        Send(2, "Other");
        Assert.Empty(_target.Got);
        Pass(Millis(50));
        Assert.Equal([1, 2], _target.Got);
        Send(3, "Other");
        Assert.Equal([1, 2, 3], _target.Got);
    }

    [Fact]
    public void When_the_rules_end_what_waits_leaves_before_what_comes()
    {
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50) }]);
        Send(1);
        Send(2);
        _line.Obey([]);
        Send(3);
        Assert.Equal([1, 2, 3], _target.Got);
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50) }]);
        Send(4);
        _line.Close();
        Send(5);
        Assert.Equal([1, 2, 3, 4, 5], _target.Got);
    }

    [Fact]
    public void What_waits_when_the_link_is_cut_is_lost()
    {
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50) }]);
        Send(1);
        _isCut = true;
        Pass(Millis(50));
        _isCut = false;
        Send(2);
        Pass(Millis(50));
        Assert.Equal([2], _target.Got);
    }

    [Fact]
    public void Too_much_that_waits_is_lost_and_counted()
    {
        _line.Obey([new LinkRule.Delay { Id = "a", By = Millis(50) }]);
        var frame = new byte[1024 * 1024];
        var passages = Enumerable.Range(0, 20).Select(_ => _line.Send(_target, frame, "toy", "Copy")).ToList();
        var room = (int)(LinkLine.MostBytes / frame.Length);
        Assert.All(passages.Take(room), passage => Assert.Null(passage.LostTo));
        Assert.All(passages.Skip(room), passage => Assert.Equal("too much waits on the link", passage.LostTo));
        var (_, waiting, bytes, noRoom) = _line.Read();
        Assert.Equal((room, (long)room * frame.Length, 20 - room), (waiting, bytes, noRoom));
        Pass(Millis(50));
        Assert.Equal((0, 0L), (_line.Read().Waiting, _line.Read().Bytes));
    }

    [Fact]
    public void A_repeated_message_arrives_twice_and_a_dropped_one_never()
    {
        _line.Obey([new LinkRule.Duplicate { Id = "a", Message = "Twice" }, new LinkRule.Drop { Id = "b", Message = "Never" }]);
        Assert.Equal(new Passage(null, true), Send(1, "Twice"));
        Assert.Equal(new Passage("dropped by b", false), Send(2, "Never"));
        Assert.Equal(default, Send(3));
        Assert.Equal([1, 1, 3], _target.Got);
        Assert.Equal([new LinkCount("a", 1, 1), new LinkCount("b", 1, 1)], _line.Read().Rules);
    }

    /// <summary>Whatever is drawn, the frame is another one: else a corrupted message could be taken.</summary>
    [Fact]
    public void Damage_changes_a_frame_of_any_size()
    {
        var drawn = new Random(17);
        for (var size = 1; size < 400; size++)
        {
            var frame = new byte[size];
            LinkLine.Damage(frame, (ulong)drawn.NextInt64());
            Assert.InRange(frame.Count(one => one != 0), 1, 4);
        }
    }

    private Passage Send(byte number, string message = "Copy") => _line.Send(_target, [number], "toy", message);

    private void Pass(TimeSpan time)
    {
        _now += (long)time.TotalMicroseconds;
        _line.Release();
    }

    private static TimeSpan Millis(double count) => TimeSpan.FromMilliseconds(count);

    /// <summary>Keeps the first byte of each frame that it is told.</summary>
    private sealed class Catcher : MinimalActorRef
    {
        public List<int> Got { get; } = [];

        public override ActorPath Path { get; } = new RootActorPath(Akka.Actor.Address.AllSystems) / "catcher";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender) => Got.Add(((OutgoingFrame)message).Bytes[0]);
    }
}

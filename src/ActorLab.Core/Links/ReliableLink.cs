namespace ActorLab.Core;

/// <summary>
/// Gives a role links that neither lose nor repeat nor reorder, over links that do all three: every message has a number,
/// the receiver acknowledges, the sender sends again what is not acknowledged, and the role within gets each message once
/// and in order. Numbers are on the disk, in one write with what the messages did, so that this holds over crashes too.
/// All roles that talk to each other must wear it. A role like any other: hosts need not know.
/// </summary>
/// <param name="inner">The role within. Its timers may not be called <see cref="TimerName"/>.</param>
/// <param name="patience">How long an acknowledgement may take; null for 100 ms.</param>
public sealed class ReliableLink<TState, TDisk, TMessage>(IRole<TState, TDisk, TMessage> inner, TimeSpan? patience = null)
    : IRole<LinkState<TState, TDisk, TMessage>, LinkDisk<TDisk, TMessage>, Frame<TMessage>>
    where TState : class, IOnDisk<TDisk>
    where TDisk : class
    where TMessage : class
{
    public const string TimerName = "acknowledgement";

    /// <summary>So many of one link are sent again at a time: the receiver gets at most these out of order.</summary>
    public const int Window = 64;

    /// <summary>A receiver keeps what is at most so far ahead; what is further comes again.</summary>
    private const int MostAhead = 1024;

    private readonly Timer _timer = Timer.Fixed(TimerName, patience ?? TimeSpan.FromMilliseconds(100));

    public LinkDisk<TDisk, TMessage> EmptyDisk { get; } = new(inner.EmptyDisk, default, default);

    public LinkState<TState, TDisk, TMessage> Boot(LinkDisk<TDisk, TMessage> disk, Turn<Frame<TMessage>> turn)
    {
        // What an earlier life sent and nobody acknowledged may never have left.
        Repeat(disk, turn);
        var within = turn.Within<TMessage>();
        var booted = inner.Boot(disk.Inner, within);
        var state = new LinkState<TState, TDisk, TMessage>(disk, booted, default, IsWaiting: false);
        return Await(Adopt(state, booted, within, turn), turn);
    }

    public LinkState<TState, TDisk, TMessage> Receive(
        LinkState<TState, TDisk, TMessage> state, Address sender, Frame<TMessage> frame, Turn<Frame<TMessage>> turn)
    {
        switch (frame)
        {
            case { Kind: FrameKind.Plain, Message: { } message } when sender == Address.Outside:
                return Await(Hand(state, sender, message, turn), turn);

            case { Kind: FrameKind.Data, Message: not null }:
                var (after, next) = Order(state, sender, frame);
                foreach (var message in next)
                {
                    after = Hand(after, sender, message, turn);
                }

                turn.Tell(sender, Frame<TMessage>.Acknowledge(after.Disk.Arrived.FindOr(sender, 0)));
                return Await(after, turn);

            case { Kind: FrameKind.Acknowledge } when state.Disk.Sent.TryGetValue(sender, out var box):
                var left = box.Arrived(frame.Number);
                return ReferenceEquals(left, box)
                    ? state
                    : state with { Disk = state.Disk with { Sent = state.Disk.Sent.Set(sender, left) } };

            default: // Nobody was told anything, so nothing is to be acknowledged; of a peer only what has a number counts.
                return state;
        }
    }

    public LinkState<TState, TDisk, TMessage> Expire(
        LinkState<TState, TDisk, TMessage> state, Timer timer, Turn<Frame<TMessage>> turn)
    {
        if (timer.Name != TimerName)
        {
            var within = turn.Within<TMessage>();
            return Await(Adopt(state, inner.Expire(state.Inner, timer, within), within, turn), turn);
        }

        Repeat(state.Disk, turn);
        return Await(state with { IsWaiting = false }, turn);
    }

    /// <summary>What the role within gets next, now that this frame came.</summary>
    private static (LinkState<TState, TDisk, TMessage> State, Seq<TMessage> Next) Order(
        LinkState<TState, TDisk, TMessage> state, Address sender, Frame<TMessage> frame)
    {
        var arrived = state.Disk.Arrived.FindOr(sender, 0);
        if (frame.Number <= arrived || frame.Number > arrived + MostAhead)
        {
            return (state, []); // It was handed on, or it comes again.
        }

        var early = state.TooEarly.Find(sender).Set(frame.Number, frame.Message!);
        Seq<TMessage> next = [];
        while (early.TryGetValue(arrived + 1, out var message))
        {
            arrived++;
            early = early.Remove(arrived);
            next = next.Add(message);
        }

        var tooEarly = early.IsEmpty ? state.TooEarly.Remove(sender) : state.TooEarly.Set(sender, early);
        return next.IsEmpty
            ? (state with { TooEarly = tooEarly }, next)
            : (state with { TooEarly = tooEarly, Disk = state.Disk with { Arrived = state.Disk.Arrived.Set(sender, arrived) } }, next);
    }

    private LinkState<TState, TDisk, TMessage> Hand(
        LinkState<TState, TDisk, TMessage> state, Address sender, TMessage message, Turn<Frame<TMessage>> turn)
    {
        var within = turn.Within<TMessage>();
        return Adopt(state, inner.Receive(state.Inner, sender, message, within), within, turn);
    }

    /// <summary>The role within took a turn: what it tells gets a number, all else passes.</summary>
    private static LinkState<TState, TDisk, TMessage> Adopt(
        LinkState<TState, TDisk, TMessage> state, TState inner, Turn<TMessage> within, Turn<Frame<TMessage>> turn)
    {
        var disk = ReferenceEquals(inner.Disk, state.Disk.Inner) ? state.Disk : state.Disk with { Inner = inner.Disk };
        foreach (var effect in within.End())
        {
            if (effect is not Effect.Send send)
            {
                turn.Pass(effect);
                continue;
            }

            var (box, message) = (disk.Sent.FindOr(send.To, Outbox<TMessage>.Empty), (TMessage)send.Message);
            turn.Tell(send.To, Frame<TMessage>.Data(box.First + box.Waiting.Count, message));
            disk = disk with { Sent = disk.Sent.Set(send.To, box.Add(message)) };
        }

        return state with { Disk = disk, Inner = inner };
    }

    private static void Repeat(LinkDisk<TDisk, TMessage> disk, Turn<Frame<TMessage>> turn)
    {
        foreach (var (to, box) in disk.Sent)
        {
            for (var i = 0; i < Math.Min(Window, box.Waiting.Count); i++)
            {
                turn.Tell(to, Frame<TMessage>.Data(box.First + i, box.Waiting[i]));
            }
        }
    }

    private LinkState<TState, TDisk, TMessage> Await(LinkState<TState, TDisk, TMessage> state, Turn<Frame<TMessage>> turn)
    {
        if (state.IsWaiting || state.Disk.Sent.Values.All(box => box.Waiting.IsEmpty))
        {
            return state;
        }

        turn.Start(_timer);
        return state with { IsWaiting = true };
    }
}

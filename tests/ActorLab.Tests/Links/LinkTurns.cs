using ActorLab.Core;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Links;

/// <summary>
/// The turns that the role within a reliable link took in a turn of the link, as if it had links of its own: for tests that
/// speak of the algorithm and not of its frames. They are taken again, so the role may not throw dice or read clocks.
/// </summary>
internal static class LinkTurns
{
    public static Seq<Happening> Within<TState, TDisk, TMessage>(IRole<TState, TDisk, TMessage> role, Happening outer)
        where TState : class, IOnDisk<TDisk>
        where TDisk : class
        where TMessage : class
    {
        var binding = RoleBinding.Of(role);
        var context = new TurnContext(outer.Where, new NoDice(), () => throw new InvalidOperationException("It reads no clock."));
        var after = (LinkState<TState, TDisk, TMessage>)outer.After;
        if (outer.Input is Input.Boot(LinkDisk<TDisk, TMessage> disk))
        {
            var step = binding.Boot(disk.Inner, context);
            return [new Happening(outer.Where, new Input.Boot(disk.Inner), null, step.State, step.Effects)];
        }

        var before = (LinkState<TState, TDisk, TMessage>)outer.Before!;
        var (turns, state) = (Seq<Happening>.Empty, (object)before.Inner);
        foreach (var input in InputsOf(outer.Input, before, after))
        {
            var step = input is Input.Deliver(var sender, var message)
                ? binding.Receive(state, sender, message, context)
                : binding.Expire(state, ((Input.Expire)input).Timer, context);
            turns = turns.Add(new Happening(outer.Where, input, state, step.State, step.Effects));
            state = step.State;
        }

        Assert.Equal(after.Inner, state);
        return turns;
    }

    /// <summary>What came to the role: of a link all that arrived in the turn, some of it kept from before.</summary>
    private static IEnumerable<Input> InputsOf<TState, TDisk, TMessage>(
        Input outer, LinkState<TState, TDisk, TMessage> before, LinkState<TState, TDisk, TMessage> after)
        where TState : class, IOnDisk<TDisk>
        where TDisk : class
        where TMessage : class
    {
        switch (outer)
        {
            case Input.Deliver(var sender, Frame<TMessage> { Kind: FrameKind.Plain } plain):
                yield return new Input.Deliver(sender, plain.Message!);
                break;

            case Input.Deliver(var sender, Frame<TMessage> { Kind: FrameKind.Data } data):
                for (var number = before.Disk.Arrived.FindOr(sender, 0) + 1; number <= after.Disk.Arrived.FindOr(sender, 0); number++)
                {
                    yield return new Input.Deliver(
                        sender, number == data.Number ? data.Message! : before.TooEarly.Find(sender)[number]);
                }

                break;

            case Input.Expire(Timer { Name: not ReliableLink<TState, TDisk, TMessage>.TimerName }):
                yield return outer;
                break;

            default:
                break;
        }
    }

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("Nothing is left to dice.");
    }
}

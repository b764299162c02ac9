using ActorLab.Core;

namespace ActorLab.Tests;

/// <summary>One role at one address; the test speaks as everybody else.</summary>
internal sealed class OneRole<TState, TDisk, TMessage>
    where TState : class, IOnDisk<TDisk>
    where TDisk : class
    where TMessage : class
{
    private readonly Address _self;
    private readonly RoleBinding _role;
    private readonly IChoices _choices;

    /// <param name="at">Its address.</param>
    /// <param name="role">The role.</param>
    /// <param name="choices">Its dice; null for a role that throws none.</param>
    public OneRole(string at, IRole<TState, TDisk, TMessage> role, IChoices? choices = null)
    {
        _choices = choices ?? new NoDice();
        _self = Address.Parse(at);
        _role = RoleBinding.Of(role);
        Take(context => _role.Boot(_role.EmptyDisk, context));
    }

    public TState State { get; private set; } = null!;

    public List<Effect> Effects { get; } = [];

    public OneRole<TState, TDisk, TMessage> Hear(string from, TMessage message)
    {
        Take(context => _role.Receive(State, Address.Parse(from), message, context));
        return this;
    }

    /// <summary>A user asks.</summary>
    public OneRole<TState, TDisk, TMessage> Ask(TMessage message)
    {
        Take(context => _role.Receive(State, Address.Outside, message, context));
        return this;
    }

    public OneRole<TState, TDisk, TMessage> Expire(string timer)
    {
        Take(context => _role.Expire(State, ActorLab.Core.Timer.Fixed(timer, TimeSpan.Zero), context));
        return this;
    }

    /// <summary>Crashes and boots from what its journal has: the disk as it was written, change by change.</summary>
    public OneRole<TState, TDisk, TMessage> Restart()
    {
        Take(context => _role.Boot(_role.ReadDisk(_role.WriteDisk(State.Disk)), context));
        return this;
    }

    public OneRole<TState, TDisk, TMessage> Forget()
    {
        Effects.Clear();
        return this;
    }

    public T[] Sent<T>(string to)
        where T : TMessage => Effects.OfType<Effect.Send>()
            .Where(send => send.To == Address.Parse(to)).Select(send => send.Message).OfType<T>().ToArray();

    private void Take(Func<TurnContext, Step> turn)
    {
        var before = State?.Disk;
        var step = turn(new TurnContext(
            _self, _choices, () => throw new InvalidOperationException("It reads no clock.")));
        State = (TState)step.State;
        Effects.AddRange(step.Effects);
        if (before is not null)
        {
            Assert.Equal(State.Disk, _role.ApplyDelta(before, _role.WriteDelta(before, State.Disk)));
        }
    }

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("It throws no dice.");
    }
}

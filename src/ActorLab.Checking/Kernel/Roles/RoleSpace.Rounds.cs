using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>
/// Synchronous rounds whose messages arrive in one order. Of all that may happen while messages are in flight only the first
/// delivery is taken. That loses nothing: no timer fires before all have arrived, and every delivery commutes with every
/// other, so a behaviour with another one first leads to the same world at the end of the round. Deliveries to different roles
/// always do; those to one role are tried, from each state that meets them.
/// </content>
internal sealed partial class RoleSpace
{
    /// <summary>So many messages that wait for one role are tried in all orders; of more, neighbours in the order of their numbers.</summary>
    private const int MostInAllOrders = 5;

    /// <summary>States of a role, with its timers and the messages it is to get, that all orders lead to the same from.</summary>
    private readonly HashSet<Fingerprint> _orderless = [];

    /// <summary>Whether one order of deliveries stands for all.</summary>
    public bool RoundsCommute => _scenario.RoundsCommute;

    /// <summary>Whether a world is amid a round, so that messages are delivered.</summary>
    public bool IsAmidRound(ReadOnlySpan<int> world) => world.Length > _layout.Network && !_layout.IsBetweenRounds(world);

    /// <summary>All deliveries out of a world, whether or not one order stands for all.</summary>
    public bool AllDeliveries(ReadOnlySpan<int> world, Successors into, bool learn) => Deliveries(world, into, onlyFirst: false, learn);

    /// <summary>Whether the order of the messages in flight makes no difference to any role; false if that is to be learned.</summary>
    /// <exception cref="ArgumentException">It makes one.</exception>
    public bool IsOrderless(ReadOnlySpan<int> world, bool learn)
    {
        Span<Fingerprint> waiting = stackalloc Fingerprint[_layout.Places];
        waiting.Clear();
        for (var index = _layout.Network; index < world.Length; index++)
        {
            waiting[_turns.Envelopes[world[index]].To] += Fingerprint.OfToken(world[index]);
        }

        for (var place = 0; place < _layout.Places; place++)
        {
            var here = new Local(world[place], world[_layout.Timers + place], default);
            if (waiting[place] == default || _orderless.Contains(Identity(place, here, waiting[place])))
            {
                continue;
            }

            if (!learn)
            {
                return false;
            }

            RequireOrderless(place, here, [.. MessagesTo(place, world)]);
        }

        return true;
    }

    private static void RefuseRounds(Scenario scenario)
    {
        if (scenario.RoundsCommute && (scenario.Timing != Timing.SynchronousRounds || scenario.Network != new Network()
            || scenario.Faults != new FaultBudget() || !scenario.Workload.IsEmpty || !scenario.Observers.IsEmpty
            || scenario.Properties.Any(property => property is Property.Temporal)))
        {
            throw new ArgumentException(
                $"{scenario.Name} says that the messages of its rounds may arrive in any one order. That can be used only with "
                + "synchronous rounds, an unordered network without faults, no operations of users, no observers and no temporal properties.");
        }
    }

    private List<int> MessagesTo(int place, ReadOnlySpan<int> world)
    {
        var messages = new List<int>();
        foreach (var envelope in world[_layout.Network..])
        {
            if (_turns.Envelopes[envelope].To == place)
            {
                messages.Add(envelope);
            }
        }

        return messages;
    }

    private Fingerprint Identity(int place, Local here, Fingerprint waiting) =>
        Fingerprint.OfSlot(place, here.State) + Fingerprint.OfSlot(_layout.Timers + place, here.Timers) + waiting;

    /// <summary>Tries any two of the messages in both orders, here and wherever others of them lead before.</summary>
    private void RequireOrderless(int place, Local here, int[] messages)
    {
        var waiting = messages.Aggregate(default(Fingerprint), (sum, message) => sum + Fingerprint.OfToken(message));
        if (!_orderless.Add(Identity(place, here, waiting)))
        {
            return;
        }

        int[] distinct = [.. messages.Distinct()];
        var all = messages.Length <= MostInAllOrders;
        for (var one = 1; one < distinct.Length; one++)
        {
            for (var other = all ? 0 : one - 1; other < one; other++)
            {
                RequireSame(here, distinct[one], distinct[other]);
            }
        }

        foreach (var one in all ? distinct : [])
        {
            int[] rest = [.. messages.Where((_, i) => i != Array.IndexOf(messages, one))];
            foreach (var next in After([here], one).Where(next => next != Local.Failed))
            {
                RequireOrderless(place, next with { Sent = default }, rest);
            }
        }
    }

    private void RequireSame(Local here, int one, int other)
    {
        if (!After(After([here], one), other).SetEquals(After(After([here], other), one)))
        {
            throw new ArgumentException(
                $"{Name} says that the messages of its rounds may arrive in any order, but it makes a difference whether "
                + $"{TextOf(one)} arrives before or after {TextOf(other)}.");
        }
    }

    /// <summary>What a role may come to by a message.</summary>
    private HashSet<Local> After(IEnumerable<Local> before, int envelope)
    {
        var after = new HashSet<Local>();
        foreach (var here in before)
        {
            if (here == Local.Failed)
            {
                after.Add(here);
                continue;
            }

            foreach (var outcome in _turns.Deliver(here.State, envelope, learn: true)!)
            {
                after.Add(outcome.Error is not null ? Local.Failed : new Local(
                    outcome.After, outcome.TouchesTimers ? _memory.TimersAfter(here.Timers, outcome, learn: true) : here.Timers,
                    outcome.Sends.Aggregate(here.Sent, (sum, sent) => sum + Fingerprint.OfToken(sent))));
            }
        }

        return after;
    }

    /// <summary>A message as people read it.</summary>
    private string TextOf(int envelope)
    {
        var (from, to, message) = _turns.Envelopes[envelope];
        return $"{Canonical.Text(_turns.Messages[message])} from {_turns.AddressOf(from)} to {_turns.AddressOf(to)}";
    }

    /// <summary>All armed timers of a round go off before anything is delivered in the next: the first says who is to follow.</summary>
    private void BeginRound(ReadOnlySpan<int> world, Successors into, int first)
    {
        if (_layout.IsBetweenRounds(world))
        {
            into.Write(_layout.Pending + first, 0);
            return;
        }

        for (var place = 0; place < _layout.Places; place++)
        {
            if (place != first && world[_layout.Timers + place] != TimerSets.None)
            {
                into.Write(_layout.Pending + place, 1);
            }
        }
    }

    /// <summary>A role within a round, and what it sent since a moment.</summary>
    private readonly record struct Local(int State, int Timers, Fingerprint Sent)
    {
        /// <summary>It threw.</summary>
        public static readonly Local Failed = new(-1, -1, default);
    }
}

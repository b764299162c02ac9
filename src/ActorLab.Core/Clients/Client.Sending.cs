namespace ActorLab.Core;

/// <content>Who leads, what goes out, and the passing of time.</content>
public sealed partial class Client<TCommand, TReply, TMessage>
{
    public ClientState<TCommand> Expire(ClientState<TCommand> state, Timer timer, Turn<TMessage> turn)
    {
        foreach (var (number, operation) in state.Writes)
        {
            state = Age(state, Access.Write, number, operation, turn);
        }

        foreach (var (number, operation) in state.Reads)
        {
            state = Age(state, Access.Read, number, operation, turn);
        }

        if (state.Idle)
        {
            return state with { Ticking = false };
        }

        turn.Start(_tick);
        turn.Tell(protocol.ServerOn(turn.Self.Node), protocol.FindLeader());
        var opening = state.TicksSinceOpening;
        return SendAll(
            state with { TicksSinceOpening = opening < 0 || opening + 1 >= options.ResendTicks ? -1 : opening + 1 }, turn);
    }

    private ClientState<TCommand> Age(
        ClientState<TCommand> state, Access access, long number, OpenOperation<TCommand> operation, Turn<TMessage> turn)
    {
        if (operation.TicksLeft <= 1)
        {
            var (outcome, reason) = Verdict(access, operation, turn.Self.Node, state);
            return Complete(state, access, number, outcome, null, reason, turn);
        }

        var since = operation.TicksSinceSent;
        return With(state, access, number, operation with
        {
            TicksLeft = operation.TicksLeft - 1,
            TicksSinceSent = since < 0 || since + 1 >= options.ResendTicks ? -1 : since + 1,
        });
    }

    private (Outcome Outcome, string Reason) Verdict(
        Access access, OpenOperation<TCommand> operation, NodeId node, ClientState<TCommand> state)
    {
        var why = state.Leader is { } leader ? $"The leader {leader} did not answer {node} in time."
            : state.IsOutside ? protocol.WhyOutside(node)
            : $"{node} knows no leader: it can reach no majority of the servers.";
        var trouble = operation.Trouble.Length > 0 ? $" {operation.Trouble}" : "";
        return (access, operation.EverSent) switch
        {
            (Access.Write, true) => (Outcome.Unknown,
                $"{why} It is unknown whether this took effect: a leader was asked for it.{trouble}"),
            (Access.Write, false) => (Outcome.Failed, $"{why} This took no effect.{trouble}"),
            _ => (Outcome.Failed, why + trouble),
        };
    }

    /// <summary>Follows the newest term; what an earlier leader was asked, the next one is asked too.</summary>
    private ClientState<TCommand> Learn(
        ClientState<TCommand> state, long term, NodeId? leader, bool isOutside, Turn<TMessage> turn)
    {
        if (term < state.Term)
        {
            return state;
        }

        var changed = term > state.Term || (leader is not null && state.Leader is not null && leader != state.Leader);
        state = state with { Term = term, Leader = leader, IsOutside = leader is null && isOutside };
        return SendAll(changed ? Unsend(state, null, 0, "") with { TicksSinceOpening = -1 } : state, turn);
    }

    /// <summary>Marks requests as not sent to the leader that is known now; number 0 stands for all.</summary>
    private static ClientState<TCommand> Unsend(ClientState<TCommand> state, Access? access, long number, string trouble)
    {
        if (number == 0)
        {
            return state with { Writes = Unsent(state.Writes), Reads = Unsent(state.Reads), TicksSinceOpening = -1 };
        }

        var kind = access ?? Access.Write;
        return OpenOf(state, kind).TryGetValue(number, out var operation)
            ? With(state, kind, number, operation with { TicksSinceSent = -1, Trouble = trouble })
            : state;
    }

    private static Map<long, OpenOperation<TCommand>> Unsent(Map<long, OpenOperation<TCommand>> open)
    {
        var unsent = open;
        foreach (var (number, operation) in open)
        {
            if (operation.TicksSinceSent >= 0)
            {
                unsent = unsent.Set(number, operation with { TicksSinceSent = -1 });
            }
        }

        return unsent;
    }

    /// <summary>Sends what the leader known now was not asked yet.</summary>
    private ClientState<TCommand> SendAll(ClientState<TCommand> state, Turn<TMessage> turn)
    {
        foreach (var (number, operation) in state.Writes)
        {
            state = operation.TicksSinceSent < 0 ? SendWrite(state, number, operation, turn) : state;
        }

        foreach (var (number, operation) in state.Reads)
        {
            state = operation.TicksSinceSent < 0 ? SendRead(state, number, operation, turn) : state;
        }

        return state;
    }

    private ClientState<TCommand> SendWrite(
        ClientState<TCommand> state, long number, OpenOperation<TCommand> operation, Turn<TMessage> turn)
    {
        var kept = With(state, Access.Write, number, operation);
        if (state.Leader is not { } leader)
        {
            return kept;
        }

        if (state.Session == 0)
        {
            return OpenSession(kept, leader, turn);
        }

        turn.Tell(
            protocol.ServerOn(leader),
            protocol.Request(state.Session, number, kept.FirstOutstanding, operation.Command));
        return With(kept, Access.Write, number, operation with { TicksSinceSent = 0, EverSent = true });
    }

    private ClientState<TCommand> OpenSession(ClientState<TCommand> state, NodeId leader, Turn<TMessage> turn)
    {
        if (state.TicksSinceOpening >= 0)
        {
            return state;
        }

        turn.Tell(protocol.ServerOn(leader), protocol.OpenSession(state.Disk.Incarnation));
        return state with { TicksSinceOpening = 0 };
    }

    private ClientState<TCommand> SendRead(
        ClientState<TCommand> state, long number, OpenOperation<TCommand> operation, Turn<TMessage> turn)
    {
        var server = protocol.ServerFor(operation.Command, turn.Self.Node, state.Leader);
        if (server is null)
        {
            return With(state, Access.Read, number, operation);
        }

        turn.Tell(protocol.ServerOn(server.Value), protocol.Read(number, operation.Command));
        return With(state, Access.Read, number, operation with { TicksSinceSent = 0, EverSent = true });
    }

    private static ClientState<TCommand> With(
        ClientState<TCommand> state, Access access, long number, OpenOperation<TCommand> operation) =>
        access == Access.Write
            ? state with { Writes = state.Writes.Set(number, operation) }
            : state with { Reads = state.Reads.Set(number, operation) };
}

namespace ActorLab.Core;

/// <summary>
/// The client of a replicated service, one on each node: it numbers requests, finds the leader, retries, and reports to
/// the history how each operation ended. Writes go through a session, so that a retried one applies once (Raft thesis,
/// chapter 6; RIFL, SOSP 2015).
///
/// An operation that runs out of time has <see cref="Outcome.Failed"/> when it surely took no effect: it only reads, or
/// it was never sent to a leader. A write that was ever sent is <see cref="Outcome.Unknown"/> without an answer, whatever
/// servers say about it later: a network that duplicates may have left another copy with them.
/// </summary>
public sealed partial class Client<TCommand, TReply, TMessage>(
    IClientProtocol<TCommand, TReply, TMessage> protocol, ClientOptions options)
    : IRole<ClientState<TCommand>, ClientDisk, TMessage>
    where TCommand : notnull
    where TReply : notnull
    where TMessage : class
{
    private readonly Timer _tick = Timer.Fixed("tick", options.Tick);

    public ClientDisk EmptyDisk { get; } = new(0);

    public ClientState<TCommand> Boot(ClientDisk disk, Turn<TMessage> turn)
    {
        turn.Tell(protocol.ServerOn(turn.Self.Node), protocol.FindLeader());
        var incarnation = disk.Incarnation + 1;
        return new ClientState<TCommand>(new ClientDisk(incarnation)) { NextRead = FirstRead(incarnation) };
    }

    public ClientState<TCommand> Receive(
        ClientState<TCommand> state, Address sender, TMessage message, Turn<TMessage> turn) =>
        protocol.Understand(message) switch
        {
            ClientInput<TCommand, TReply>.Invoke invoke when sender == Address.Outside => Invoke(state, invoke, turn),
            ClientInput<TCommand, TReply>.Replied replied when replied.Session == state.Session =>
                Complete(state, Access.Write, replied.Number, Outcome.Ok, replied.Reply, "", turn),
            ClientInput<TCommand, TReply>.ReadReplied replied =>
                Complete(state, Access.Read, replied.Number, Outcome.Ok, replied.Reply, "", turn),
            ClientInput<TCommand, TReply>.LeaderIs known => Learn(state, known.Term, known.Leader, known.IsOutside, turn),
            ClientInput<TCommand, TReply>.NotLeader not =>
                Learn(Unsend(state, not.Access, not.Number, ""), not.Term, not.Leader, state.IsOutside, turn),
            ClientInput<TCommand, TReply>.Refused refused => Unsend(state, refused.Access, refused.Number, refused.Reason),
            ClientInput<TCommand, TReply>.SessionOpened opened
                when opened.Nonce == state.Disk.Incarnation && state.Session == 0 =>
                SendAll(state with { Session = opened.Session, TicksSinceOpening = -1 }, turn),
            ClientInput<TCommand, TReply>.SessionExpired expired when expired.Session == state.Session =>
                LoseSession(state, turn),
            _ => state, // an answer to what is over, or no message for a client
        };

    private ClientState<TCommand> Invoke(
        ClientState<TCommand> state, ClientInput<TCommand, TReply>.Invoke invoke, Turn<TMessage> turn)
    {
        turn.Report(new HistoryEvent.Invoked(invoke.Operation, invoke.Command));
        var access = protocol.AccessOf(invoke.Command);
        if ((protocol.Refusal(invoke.Command) ?? Overload(state, access, invoke.Command)) is { } refusal)
        {
            turn.Report(new HistoryEvent.Completed(invoke.Operation, Outcome.Failed, null, refusal));
            return state;
        }

        var ticks = (int)Math.Clamp(invoke.Limit / options.Tick, 1, int.MaxValue);
        var operation = new OpenOperation<TCommand>(invoke.Operation, invoke.Command, ticks);
        state = state with { OpenBytes = state.OpenBytes + protocol.SizeOf(invoke.Command) };
        if (!state.Ticking)
        {
            turn.Start(_tick);
            state = state with { Ticking = true };
        }

        if (access == Access.Write)
        {
            var number = state.NextWrite;
            return SendWrite(state with { NextWrite = number + 1 }, number, operation, turn);
        }
        else
        {
            var number = state.NextRead;
            return SendRead(state with { NextRead = number + 1 }, number, operation, turn);
        }
    }

    /// <summary>
    /// Each start numbers its reads in a range of its own: reads have no session, and an answer to an earlier start that
    /// comes late would be taken for the answer to another question.
    /// </summary>
    private static long FirstRead(long incarnation) => (incarnation << 40) + 1;

    private string? Overload(ClientState<TCommand> state, Access access, TCommand command)
    {
        var open = access == Access.Write ? state.Writes.Count : state.Reads.Count;
        var ahead = access == Access.Write ? state.NextWrite - state.FirstOutstanding : 0;
        return open >= options.MostOpen || ahead >= options.MostAhead
                ? $"{open} operations of this client wait already; try again when some of them are done."
            : state.OpenBytes > 0 && state.OpenBytes + protocol.SizeOf(command) > options.MostOpenBytes
                ? $"Operations of {state.OpenBytes} bytes wait at this client already, and it holds {options.MostOpenBytes};"
                    + " try again when some of them are done."
            : null;
    }

    /// <summary>Ends an operation, if it is still open.</summary>
    private ClientState<TCommand> Complete(
        ClientState<TCommand> state, Access access, long number, Outcome outcome, object? reply, string reason,
        Turn<TMessage> turn)
    {
        if (!OpenOf(state, access).TryGetValue(number, out var operation))
        {
            return state;
        }

        turn.Report(new HistoryEvent.Completed(operation.Operation, outcome, reply, reason));
        state = state with { OpenBytes = state.OpenBytes - protocol.SizeOf(operation.Command) };
        return access == Access.Write
            ? state with { Writes = state.Writes.Remove(number) }
            : state with { Reads = state.Reads.Remove(number) };
    }

    private static Map<long, OpenOperation<TCommand>> OpenOf(ClientState<TCommand> state, Access access) =>
        access == Access.Write ? state.Writes : state.Reads;

    /// <summary>What the old session was asked and not answered may have been applied before it was evicted.</summary>
    private ClientState<TCommand> LoseSession(ClientState<TCommand> state, Turn<TMessage> turn)
    {
        foreach (var (number, operation) in state.Writes)
        {
            if (operation.EverSent)
            {
                state = Complete(state, Access.Write, number, Outcome.Unknown, null, WhyExpired, turn);
            }
        }

        return SendAll(state with { Session = 0, TicksSinceOpening = -1 }, turn);
    }

    private const string WhyExpired =
        "The servers closed the client's session, as when there are too many: it is unknown whether this took effect.";
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>
/// Client interaction: section 8, thesis chapter 6. What a leader takes, and what everybody else says to it.
/// </content>
public partial class RaftServer
{
    private RaftState TakeRequest(RaftState state, Address client, RaftMessage.Request request, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Leader)
        {
            return SendAway(state, client, Access.Write, request.Number, turn);
        }

        if (WhyNot(state, request) is { } reason)
        {
            turn.Tell(client, new RaftMessage.Refused(Access.Write, request.Number, reason));
            return state;
        }

        var operation = new LogCommand.Operation(
            client, request.Session, request.Number, request.FirstOutstanding, request.Command);
        return Gather(state, operation, turn);
    }

    private string? WhyNot(RaftState state, RaftMessage.Request request) =>
        state.Leadership!.Handover is { } handover ? $"The leader makes way for {handover.To}, and takes no more till then."
        : state.Leadership!.UncommittedBytes >= Options.MaxUncommittedBytes
            ? $"The leader waits for a majority to store {state.Leadership.UncommittedBytes} bytes, and takes no more till then."
        : Store.AccessOf(request.Command) != Access.Write ? "This command only reads: ask for it as a read."
        : Store.Refusal(request.Command);

    private RaftState TakeSession(RaftState state, Address client, RaftMessage.OpenSession open, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Leader)
        {
            return SendAway(state, client, Access.Write, 0, turn);
        }

        return state.Leadership!.UncommittedBytes >= Options.MaxUncommittedBytes || state.Leadership.Handover is not null
            ? state // the client asks again
            : Gather(state, new LogCommand.OpenSession(client, open.Nonce), turn);
    }

    private static RaftState SendAway(
        RaftState state, Address client, Access access, long number, Turn<RaftMessage> turn)
    {
        turn.Tell(client, new RaftMessage.NotLeader(access, number, state.CurrentTerm, state.LeaderId));
        return state;
    }

    /// <summary>
    /// A leader that steps down tells those who wait. It cannot say whether their commands will take effect: the entries
    /// may be with the next leader. Clients ask there again, and sessions keep that from applying twice.
    /// </summary>
    private static void SendClientsAway(RaftState leader, long term, Turn<RaftMessage> turn)
    {
        var waiting = Set<Address>.Empty;
        foreach (var read in leader.Leadership!.Reads.Span)
        {
            waiting = waiting.Add(read.Client);
        }

        for (var i = leader.CommitIndex + 1; i <= leader.Log.LastIndex; i++)
        {
            waiting = With(leader.Log[i].Command);
        }

        foreach (var command in leader.Leadership.Gathered.Span)
        {
            waiting = With(command);
        }

        turn.Tell(waiting, new RaftMessage.NotLeader(Access.Write, 0, term, null));

        Set<Address> With(LogCommand command) => command switch
        {
            LogCommand.Operation operation => waiting.Add(operation.Client),
            LogCommand.OpenSession open => waiting.Add(open.Client),
            _ => waiting,
        };
    }
}

using ActorLab.Core;
using static ActorLab.Models.RegisterMessage;

namespace ActorLab.Models;

/// <summary>
/// What clients asked for and got, as far as linearizability needs it: of each operation, how many of every other client
/// were over when it began.
/// </summary>
/// <param name="Done">The operations of each client that are over, in order.</param>
/// <param name="Open">The operation of each client that is not.</param>
public sealed record RegisterHistory(Map<NodeId, Seq<RegisterHistory.Operation>> Done, Map<NodeId, RegisterHistory.Operation> Open)
{
    /// <summary>One operation.</summary>
    /// <param name="Before">How many operations of other clients were over when it began; those with none are left out.</param>
    /// <param name="Write">The value that it writes; null for a read.</param>
    /// <param name="Read">The value that a read got.</param>
    public sealed record Operation(Map<NodeId, int> Before, string? Write, string? Read);

    /// <summary>Begins where a client sends, ends where a client takes the answer.</summary>
    public static Observer<RegisterHistory> Observer { get; } = new("history", new RegisterHistory(default, default), Fold);

    /// <summary>
    /// Whether the operations can be put into one order that a single register could have followed, in which each comes after
    /// those that were over when it began; an open one may be in it or not (Herlihy and Wing 1990).
    /// </summary>
    public bool IsLinearizable => Search(Clients.ToMap(client => client, _ => 0), null);

    private Seq<NodeId> Clients => Seq.ToSeq(Done.Keys.Concat(Open.Keys).Distinct().Order());

    private static RegisterHistory Fold(RegisterHistory history, Happening happening)
    {
        if (happening.After is not RegisterClientState)
        {
            return history;
        }

        var client = happening.Where.Node;
        if (happening is { Input: Input.Deliver { Message: RegisterMessage answer }, Before: RegisterClientState before })
        {
            history = answer switch
            {
                PutOk(var request) when request == before.Awaiting => history.End(client, null),
                GetOk(var request, var value) when request == before.Awaiting => history.End(client, value),
                _ => history,
            };
        }

        foreach (var send in happening.Effects.OfType<Effect.Send>())
        {
            history = history.Begin(client, (send.Message as Put)?.Value);
        }

        return history;
    }

    private RegisterHistory Begin(NodeId client, string? write) => this with
    {
        Open = Open.Set(client, new Operation(
            Done.Where(done => done.Key != client).ToMap(done => done.Key, done => done.Value.Count), write, null)),
    };

    private RegisterHistory End(NodeId client, string? read) => new(
        Done.Set(client, Done.FindOr(client, []).Add(Open[client] with { Read = read })), Open.Remove(client));

    /// <summary>Whether what is left can be put in order.</summary>
    /// <param name="taken">How many operations of each client are in the order already.</param>
    /// <param name="value">What the register holds then.</param>
    private bool Search(Map<NodeId, int> taken, string? value)
    {
        if (Clients.All(client => taken[client] >= Done.FindOr(client, []).Count))
        {
            return true;
        }

        foreach (var client in Clients)
        {
            var done = Done.FindOr(client, []);
            var isOpen = taken[client] == done.Count;
            if (taken[client] > done.Count || (isOpen && !Open.ContainsKey(client)))
            {
                continue;
            }

            var next = isOpen ? Open[client] : done[taken[client]];
            if (next.Before.All(before => taken[before.Key] >= before.Value)
                && (isOpen || next.Write is not null || next.Read == value)
                && Search(taken.Set(client, taken[client] + 1), next.Write ?? value))
            {
                return true;
            }
        }

        return false;
    }
}

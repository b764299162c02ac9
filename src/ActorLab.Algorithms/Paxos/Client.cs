using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>The answer to a user.</summary>
/// <param name="Value">What is chosen; null where the learner that was asked does not know.</param>
public sealed record Decision(string? Value);

/// <param name="Waiting">What users asked for that is not answered: a value, or null for a look at what is chosen.</param>
/// <param name="Known">What is chosen, once a learner said so.</param>
public sealed record ClientState(Map<long, string?> Waiting, string? Known) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>
/// Stands for users: has their values proposed, and tells them what was chosen, which may be somebody else's. It asks again
/// until it knows, for a proposer forgets in a crash what it was asked for.
/// </summary>
/// <param name="proposer">Whom it asks to propose.</param>
/// <param name="learner">Whom it asks what is chosen.</param>
public sealed class Client(Address proposer, Address learner) : IRole<ClientState, NoDisk, PaxosMessage>
{
    public const string RoleName = "client";

    /// <summary>Users beyond this number are turned away until the others are answered.</summary>
    private const int MostWaiting = 1_000;

    private static readonly Timer Again = Timer.Fixed("again", TimeSpan.FromMilliseconds(500));

    public NoDisk EmptyDisk => NoDisk.Instance;

    public ClientState Boot(NoDisk disk, Turn<PaxosMessage> turn) => new(default, null);

    public ClientState Receive(ClientState state, Address sender, PaxosMessage message, Turn<PaxosMessage> turn)
    {
        switch (message)
        {
            case Invoke invoke when sender == Address.Outside:
                turn.Report(new HistoryEvent.Invoked(invoke.Operation, invoke));
                return Take(state, invoke, turn);

            case Chosen(var value) when state.Known is null:
                Answer(state.Waiting.Keys, value, turn);
                turn.Cancel(Again);
                return new ClientState(default, value);

            case NothingKnown when state.Known is null: // enough for those who only look
                var looks = state.Waiting.Where(one => one.Value is null).Select(one => one.Key).ToList();
                Answer(looks, null, turn);
                return state with { Waiting = state.Waiting.RemoveAll(looks) };

            default: // What is chosen stays chosen.
                return state;
        }
    }

    public ClientState Expire(ClientState state, Timer timer, Turn<PaxosMessage> turn)
    {
        if (!state.Waiting.IsEmpty)
        {
            AskFor(state.Waiting.Values.FirstOrDefault(value => value is not null), turn);
            turn.Start(Again);
        }

        return state;
    }

    private ClientState Take(ClientState state, Invoke invoke, Turn<PaxosMessage> turn)
    {
        if (state.Known is { } known)
        {
            Answer([invoke.Operation], known, turn);
            return state;
        }

        if (state.Waiting.Count >= MostWaiting)
        {
            turn.Report(new HistoryEvent.Completed(
                invoke.Operation, Outcome.Failed, null, $"{turn.Self} has {MostWaiting} users who wait already."));
            return state;
        }

        AskFor(invoke.Value, turn);
        if (state.Waiting.IsEmpty)
        {
            turn.Start(Again); // Later users do not put it off.
        }

        return state with { Waiting = state.Waiting.Set(invoke.Operation, invoke.Value) };
    }

    private void AskFor(string? value, Turn<PaxosMessage> turn)
    {
        if (value is not null)
        {
            turn.Tell(proposer, new Propose(value));
        }

        turn.Tell(learner, new WhatIsChosen());
    }

    private static void Answer(IEnumerable<long> operations, string? value, Turn<PaxosMessage> turn)
    {
        foreach (var operation in operations)
        {
            turn.Report(new HistoryEvent.Completed(operation, Outcome.Ok, new Decision(value), ""));
        }
    }
}

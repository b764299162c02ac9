namespace ActorLab.Core;

/// <summary>How a command touches a replicated state machine.</summary>
public enum Access
{
    /// <summary>It may change the state: it goes through the log.</summary>
    Write,

    /// <summary>It changes nothing, and must see every write that was acknowledged before it was asked.</summary>
    Read,

    /// <summary>It changes nothing, and may see an older state: any server answers from what it has applied.</summary>
    StaleRead,
}

/// <summary>
/// What a replicated service does with its commands, in the order of its log. Pure and deterministic: equal states and
/// commands give equal states and replies on every server.
/// </summary>
public interface IStateMachine<TState, TCommand, TReply>
{
    TState Initial { get; }

    /// <summary>The state after a command, and its answer; the same state for a command that only reads.</summary>
    (TState State, TReply Reply) Apply(TState state, TCommand command);

    Access AccessOf(TCommand command);

    /// <summary>Why a command is not taken at all, as a sentence; null when it is.</summary>
    string? Refusal(TCommand command);

    /// <summary>About how many bytes the command takes in a message; a bound for batches.</summary>
    int SizeOf(TCommand command);
}

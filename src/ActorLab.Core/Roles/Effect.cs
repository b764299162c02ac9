namespace ActorLab.Core;

/// <summary>What a role wants done after its turn, in the order in which it asked.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    public sealed record Send(Address To, object Message) : Effect;

    public sealed record StartTimer(Timer Timer) : Effect;

    public sealed record CancelTimer(string Name) : Effect;

    /// <summary>A line for traces and diagrams; no part of the algorithm.</summary>
    public sealed record Note(string Text) : Effect;

    /// <summary>An invocation or a completion for the client history.</summary>
    public sealed record Report(HistoryEvent Event) : Effect;
}

namespace ActorLab.Core;

/// <summary>What a role wants done after its turn, in the order in which it asked.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <param name="To">Where to.</param>
    /// <param name="Message">What.</param>
    /// <param name="Early">It may leave before the disk is written: see <see cref="Turn{TMessage}.TellBeforeDisk"/>.</param>
    public sealed record Send(Address To, object Message, bool Early = false) : Effect;

    public sealed record StartTimer(Timer Timer) : Effect;

    public sealed record CancelTimer(string Name) : Effect;

    /// <summary>A line for traces and diagrams; no part of the algorithm.</summary>
    public sealed record Note(string Text) : Effect;

    /// <summary>An invocation or a completion for the client history.</summary>
    public sealed record Report(HistoryEvent Event) : Effect;
}

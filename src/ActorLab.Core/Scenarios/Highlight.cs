namespace ActorLab.Core;

/// <summary>Which moments pictures mark.</summary>
public enum HighlightKind
{
    /// <summary>Somebody became a leader, a coordinator, a holder of a lock.</summary>
    Election,

    /// <summary>Something is decided, chosen, committed, learned.</summary>
    Decision,

    /// <summary>A process recorded its state: pictures join the moments of the same text by a line, which is the cut.</summary>
    Cut,
}

/// <summary>A moment of a run that a reader looks for first.</summary>
/// <param name="Kind">What kind of moment.</param>
/// <param name="Text">A few words without the place, such as <c>leads term 3</c>.</param>
public sealed record Highlight(HighlightKind Kind, string Text)
{
    public static Highlight Election(string text) => new(HighlightKind.Election, text);

    public static Highlight Decision(string text) => new(HighlightKind.Decision, text);

    public static Highlight Cut(string text) => new(HighlightKind.Cut, text);
}

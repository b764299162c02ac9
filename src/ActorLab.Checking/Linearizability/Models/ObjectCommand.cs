namespace ActorLab.Checking;

/// <summary>What clients ask of the objects of textbooks. Values are texts; null is a value that nobody wrote.</summary>
public abstract record ObjectCommand
{
    /// <summary>Which of several objects.</summary>
    public string Key { get; init; } = "";

    /// <summary>Answered with <see cref="ObjectReply.Value"/>.</summary>
    public sealed record Read : ObjectCommand;

    public sealed record Write(string? Value) : ObjectCommand;

    /// <summary>Answered with <see cref="ObjectReply.Swapped"/>.</summary>
    public sealed record CompareAndSet(string? Expected, string? Value) : ObjectCommand;

    /// <summary>Adds to the end of a value.</summary>
    public sealed record Append(string Value) : ObjectCommand;

    public sealed record Delete : ObjectCommand;

    public sealed record Acquire : ObjectCommand;

    public sealed record Release : ObjectCommand;

    public sealed record Enqueue(string? Value) : ObjectCommand;

    /// <summary>Answered with <see cref="ObjectReply.Value"/>, or <see cref="ObjectReply.Empty"/>.</summary>
    public sealed record Dequeue : ObjectCommand;
}

/// <summary>What such objects answer.</summary>
public abstract record ObjectReply
{
    public static readonly ObjectReply Ok = new Done();

    public sealed record Done : ObjectReply;

    public sealed record Value(string? Text) : ObjectReply;

    /// <param name="Succeeded">False when the value was not the expected one, so that nothing changed.</param>
    public sealed record Swapped(bool Succeeded) : ObjectReply;

    /// <summary>There was nothing in the queue.</summary>
    public sealed record Empty : ObjectReply;
}

namespace ActorLab.Models;

/// <summary>What clients and servers of a register say; servers among themselves say more.</summary>
public abstract record RegisterMessage
{
    /// <summary>Client to server: write a value.</summary>
    public sealed record Put(long Request, string Value) : RegisterMessage;

    /// <summary>Client to server: read.</summary>
    public sealed record Get(long Request) : RegisterMessage;

    public sealed record PutOk(long Request) : RegisterMessage;

    /// <param name="Request">What is answered.</param>
    /// <param name="Value">What was read; null before the first write.</param>
    public sealed record GetOk(long Request, string? Value) : RegisterMessage;
}

using MemoryPack;

namespace ActorLab.Core;

/// <summary>What a frame of a <see cref="ReliableLink{TState,TDisk,TMessage}"/> is for.</summary>
public enum FrameKind : byte
{
    /// <summary>A message of the role within, from outside the scenario: it has no number and needs none.</summary>
    Plain,

    /// <summary>A message of the role within, with its number on this link.</summary>
    Data,

    /// <summary>All up to this number have arrived.</summary>
    Acknowledge,
}

/// <summary>What roles that wear a <see cref="ReliableLink{TState,TDisk,TMessage}"/> say to each other.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Number">From 1, of each sender to each receiver for itself; 0 where there is none.</param>
/// <param name="Message">Of the role within; null in an acknowledgement.</param>
[MemoryPackable]
public sealed partial record Frame<TMessage>(FrameKind Kind, long Number, TMessage? Message) : ICarrier
    where TMessage : class
{
    object? ICarrier.Carried => Message;

    string ICarrier.OwnName => Kind.ToString();

    public static Frame<TMessage> Plain(TMessage message) => new(FrameKind.Plain, 0, message);

    public static Frame<TMessage> Data(long number, TMessage message) => new(FrameKind.Data, number, message);

    public static Frame<TMessage> Acknowledge(long upTo) => new(FrameKind.Acknowledge, upTo, null);

    public override string ToString() => Kind switch
    {
        FrameKind.Data => $"{Number}: {Message}",
        FrameKind.Acknowledge => $"got {Number}",
        _ => $"{Message}",
    };
}

using MemoryPack;

namespace ActorLab.Core;

/// <summary>What a message takes on top of the link's own delay.</summary>
/// <param name="Range">Between these.</param>
/// <param name="HasTail">
/// False: all of the range is equally likely. True: each further part of the range is half as likely as the one before, as
/// in an exponential distribution, but drawn with integers only, so that every processor draws the same.
/// </param>
[MemoryPackable]
public sealed partial record MessageDelay(Wait Range, bool HasTail = false);

/// <summary>What may become of the messages of a link, each with a probability from 0 to 1.</summary>
[MemoryPackable]
public sealed partial record MessageFaults
{
    public static readonly MessageFaults None = new();

    /// <summary>It vanishes.</summary>
    public double Drop { get; init; }

    /// <summary>It arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>It may be overtaken by later ones, and may overtake: else the order of sending is kept.</summary>
    public double Reorder { get; init; }

    /// <summary>Its bytes change on the way. The checksum shows it, and the receiver's host throws it away.</summary>
    public double Corrupt { get; init; }

    /// <summary>It takes longer; null for no longer than the link takes.</summary>
    public MessageDelay? Delay { get; init; }

    /// <summary>What is wrong with these numbers, as a sentence; null when nothing is.</summary>
    public string? Mistake()
    {
        foreach (var (name, rate) in (ReadOnlySpan<(string, double)>)[("drop", Drop), ("duplicate", Duplicate), ("reorder", Reorder), ("corrupt", Corrupt)])
        {
            if (!(rate is >= 0 and <= 1))
            {
                return FormattableString.Invariant($"{name}={rate} is no rate: write a number from 0 to 1.");
            }
        }

        return Delay is { Range: { Least: < 0 } or { Most: < 0 } } || Delay?.Range.Least > Delay?.Range.Most
            ? $"a delay of {Delay.Range} is no range of durations: write the smaller end first, from 0."
            : null;
    }
}

/// <summary>Which links have which message faults.</summary>
/// <param name="From">The sender's node; null for every node.</param>
/// <param name="To">The receiver's node; null for every node.</param>
/// <param name="Faults">What may become of the messages.</param>
[MemoryPackable]
public sealed partial record LinkFaults(NodeId? From, NodeId? To, MessageFaults Faults)
{
    public bool Concerns(NodeId from, NodeId to) => (From ?? from) == from && (To ?? to) == to;

    /// <summary>What may become of the messages of a link: the first rule that concerns it says so.</summary>
    public static MessageFaults Find(Seq<LinkFaults> rules, NodeId from, NodeId to)
    {
        foreach (var rule in rules)
        {
            if (rule.Concerns(from, to))
            {
                return rule.Faults;
            }
        }

        return MessageFaults.None;
    }
}

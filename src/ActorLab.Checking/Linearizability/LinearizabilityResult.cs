using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Whether a history could be that of objects that do one operation after the other.</summary>
public enum LinearizabilityVerdict
{
    Linearizable,
    NotLinearizable,

    /// <summary>A limit was reached before either was certain.</summary>
    Unknown,
}

/// <summary>What a judgement may take.</summary>
public sealed record LinearizabilityOptions
{
    public static readonly LinearizabilityOptions Default = new();

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the table of one object's search may take.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    public CancellationToken Cancellation { get; init; }
}

/// <summary>The judgement of a history.</summary>
/// <param name="Verdict">Of the whole.</param>
/// <param name="Objects">Of each object, up to the first that is not linearizable.</param>
/// <param name="Reason">Why the verdict is unknown, as a sentence.</param>
/// <param name="Configurations">How many configurations the searches entered.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record LinearizabilityResult(
    LinearizabilityVerdict Verdict, Seq<ObjectJudgement> Objects, string? Reason, long Configurations, TimeSpan Elapsed)
{
    /// <summary>The object that is not linearizable.</summary>
    public ObjectJudgement? Culprit => Objects.FirstOrDefault(one => one.Verdict == LinearizabilityVerdict.NotLinearizable);
}

/// <summary>The judgement of the operations on one object. Numbers are places in the history.</summary>
/// <param name="Object">Its key; null for all objects in one.</param>
/// <param name="Verdict">Whether these operations are linearizable.</param>
/// <param name="Order">
/// A witness. Of a linearizable object an order of its operations; those of unknown outcome that it does not need are not
/// in it. Of another an order of its longest linearizable prefix.
/// </param>
/// <param name="Broken">What cannot be linearized; null where everything can.</param>
public sealed record ObjectJudgement(string? Object, LinearizabilityVerdict Verdict, Seq<int> Order, BrokenPrefix? Broken);

/// <summary>Where the operations on one object stop being linearizable.</summary>
/// <param name="Operation">
/// Up to just before its return there is an order of all that returned; with its return there is none.
/// </param>
/// <param name="Open">The other operations that were open then and are not in the order: none of them helps.</param>
/// <param name="State">The state that the order of the prefix leaves.</param>
/// <param name="IsLongest">False when a limit kept the search from finding the longest prefix: there may be a longer one.</param>
public sealed record BrokenPrefix(int Operation, Seq<int> Open, string State, bool IsLongest);

using System.Text.Json.Serialization;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// What befalls messages between roles of different nodes. All rules that concern a message look at it, each on its own, and
/// what they do adds up; whatever else is done, one that drops it wins.
/// </summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Drop))]
[MemoryPackUnion(1, typeof(Delay))]
[MemoryPackUnion(2, typeof(Duplicate))]
[MemoryPackUnion(3, typeof(Reorder))]
[MemoryPackUnion(4, typeof(Corrupt))]
[MemoryPackUnion(5, typeof(Bandwidth))]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Drop), "drop")]
[JsonDerivedType(typeof(Delay), "delay")]
[JsonDerivedType(typeof(Duplicate), "duplicate")]
[JsonDerivedType(typeof(Reorder), "reorder")]
[JsonDerivedType(typeof(Corrupt), "corrupt")]
[JsonDerivedType(typeof(Bandwidth), "bandwidth")]
public abstract partial record LinkRule
{
    /// <summary>The most rules of one list.</summary>
    public const int MostRules = 64;

    /// <summary>The most bytes per second that a bandwidth may be: more bounds nothing on one machine.</summary>
    public const int MostBandwidth = 1_000_000_000;

    /// <summary>The longest that one rule holds a message back.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    private LinkRule()
    {
    }

    /// <summary>What people call it: unique in its list.</summary>
    public string Id { get; init; } = "";

    /// <summary>The sender's node; null for every node.</summary>
    public NodeId? From { get; init; }

    /// <summary>The receiver's node; null for every node.</summary>
    public NodeId? To { get; init; }

    /// <summary>The other direction as well.</summary>
    public bool BothWays { get; init; }

    /// <summary>The scenario whose messages are meant; null for those of all.</summary>
    public string? Scenario { get; init; }

    /// <summary>Which messages, by the name of their type (see <see cref="MessageNames"/>); null for all.</summary>
    public string? Message { get; init; }

    /// <summary>The chance that a message is struck, more than 0 and at most 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>So many messages of each direction of each link are struck at most; null for any number.</summary>
    public long? Limit { get; init; }

    /// <summary>Decides which messages are struck: the n-th that the rule sees on a link meets the same fate each time.</summary>
    public long Seed { get; init; }

    /// <summary>What it does to a message, for a sentence such as "l1 drops".</summary>
    public string Verb() => this switch
    {
        Drop => "drops",
        Delay delay => $"delays by {Text(delay.By)}{(delay.Jitter > TimeSpan.Zero ? $" ± {Text(delay.Jitter)}" : "")}",
        Duplicate => "duplicates",
        Reorder reorder => $"reorders within {Text(reorder.Within)}",
        Corrupt => "corrupts",
        Bandwidth bandwidth => FormattableString.Invariant($"lets {bandwidth.BytesPerSecond} bytes/s pass of"),
        _ => "",
    };

    /// <summary>It vanishes.</summary>
    [MemoryPackable]
    public sealed partial record Drop : LinkRule;

    /// <summary>It takes longer. The order of sending is kept.</summary>
    [MemoryPackable]
    public sealed partial record Delay : LinkRule
    {
        /// <summary>So much.</summary>
        public TimeSpan By { get; init; }

        /// <summary>At most so much more or less, drawn for each message.</summary>
        public TimeSpan Jitter { get; init; }

        /// <inheritdoc cref="MessageDelay.HasTail" />
        public bool HasTail { get; init; }
    }

    /// <summary>It arrives twice.</summary>
    [MemoryPackable]
    public sealed partial record Duplicate : LinkRule;

    /// <summary>It is held back, and neither waits for those before it nor holds up those behind it.</summary>
    [MemoryPackable]
    public sealed partial record Reorder : LinkRule
    {
        /// <summary>For a drawn time of at most so much.</summary>
        public TimeSpan Within { get; init; }
    }

    /// <summary>Bytes of it change on the way. The checksum shows it, and the receiver's host throws it away.</summary>
    [MemoryPackable]
    public sealed partial record Corrupt : LinkRule;

    /// <summary>Those that it strikes pass one after the other, each for as long as its bytes take.</summary>
    [MemoryPackable]
    public sealed partial record Bandwidth : LinkRule
    {
        public int BytesPerSecond { get; init; }
    }

    /// <summary>Whether it sees the messages of a direction of a link.</summary>
    public bool Concerns(NodeId from, NodeId to) => Is(from, to) || (BothWays && Is(to, from));

    /// <summary>Whether it sees a message of this type of a scenario; a wrong variant <c>raft:...</c> is Raft too.</summary>
    public bool Concerns(string scenario, string message) => (Message is null || Message == message) && IsOf(scenario);

    /// <summary>Whether messages of this scenario are meant.</summary>
    public bool IsOf(string scenario) => Scenario is null || scenario == Scenario
        || (scenario.StartsWith(Scenario, StringComparison.Ordinal) && scenario.AsSpan(Scenario.Length) is [':', ..]);

    /// <summary>What makes no sense in it, as a sentence; null where all does.</summary>
    public string? Mistake() => this switch
    {
        { Id.Length: > 40 } => "its id has more than 40 characters.",
        _ when Id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_')) =>
            $"its id \"{Id}\" has other characters than letters, digits, dots, hyphens and underscores.",
        { From: { } from, To: { } to } when from == to => $"it is about messages from {from} to itself, and those stay whole.",
        { Probability: not (> 0 and <= 1) } =>
            FormattableString.Invariant($"its probability is {Probability}: write a number above 0, up to 1."),
        { Limit: < 1 } => FormattableString.Invariant($"its limit is {Limit}: write 1 or more, or leave it out."),
        Delay { By.Ticks: < 0 } delay => $"it delays by {delay.By}, a negative time.",
        Delay { Jitter.Ticks: < 0 } delay => $"its jitter is {delay.Jitter}, a negative time.",
        Delay delay when delay.Jitter > delay.By => $"its jitter {delay.Jitter} is more than the delay, {delay.By}: no message can come before it was sent.",
        Delay { By.Ticks: 0 } => "it delays by nothing: write \"by\", such as 00:00:00.05.",
        Delay delay when delay.By + delay.Jitter > LongestDelay => $"it delays by up to {delay.By + delay.Jitter}: at most {LongestDelay} are allowed.",
        Reorder { Within.Ticks: <= 0 } reorder => $"it reorders within {reorder.Within}: write a time above 0, such as 00:00:00.05.",
        Reorder reorder when reorder.Within > LongestDelay => $"it reorders within {reorder.Within}: at most {LongestDelay} are allowed.",
        Bandwidth { BytesPerSecond: not (>= 1 and <= MostBandwidth) } bandwidth =>
            FormattableString.Invariant($"its bytesPerSecond is {bandwidth.BytesPerSecond}: write 1 to {MostBandwidth}."),
        _ => null,
    };

    /// <summary>The same as rates of one link say, each as a rule.</summary>
    public static Seq<LinkRule> Of(MessageFaults faults)
    {
        var rules = new List<LinkRule>();
        Add(faults.Drop, new Drop { Id = "messages.drop" });
        Add(faults.Duplicate, new Duplicate { Id = "messages.duplicate" });
        Add(faults.Reorder, new Reorder { Id = "messages.reorder", Within = TimeSpan.FromMilliseconds(50) });
        Add(faults.Corrupt, new Corrupt { Id = "messages.corrupt" });
        if (faults.Delay is { Range.Most: > 0 } delay)
        {
            rules.Add(Between(delay.Range) with { Id = "messages.delay", HasTail = delay.HasTail });
        }

        return rules.ToSeq();

        void Add(double rate, LinkRule rule)
        {
            if (rate > 0)
            {
                rules.Add(rule with { Probability = rate });
            }
        }
    }

    /// <summary>A delay from the least to the most of a range.</summary>
    public static Delay Between(Wait range) => new()
    {
        By = TimeSpan.FromMicroseconds(range.Least + range.Most) / 2,
        Jitter = TimeSpan.FromMicroseconds(range.Most - range.Least) / 2,
    };

    /// <summary>What of whom it does, such as "drops AppendEntries of raft from n1 to n2 with probability 0.1, 5 at most".</summary>
    public sealed override string ToString()
    {
        var way = (From, To, BothWays) switch
        {
            (null, null, _) => "between all nodes",
            ({ } from, { } to, true) => $"between {from} and {to}",
            ({ } from, { } to, false) => $"from {from} to {to}",
            ({ } from, null, true) => $"from and to {from}",
            ({ } from, null, false) => $"from {from}",
            (null, { } to, true) => $"from and to {to}",
            (null, { } to, false) => $"to {to}",
        };
        return FormattableString.Invariant(
            $"{Id}: {Verb()} {Message ?? "messages"}{(Scenario is null ? "" : $" of {Scenario}")} {way}")
            + FormattableString.Invariant($"{(Probability < 1 ? $" with probability {Probability}" : "")}")
            + FormattableString.Invariant($"{(Limit is { } limit ? $", {limit} at most" : "")}");
    }

    private bool Is(NodeId from, NodeId to) => (From ?? from) == from && (To ?? to) == to;

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0.###} ms");
}

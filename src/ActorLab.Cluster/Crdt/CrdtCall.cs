using System.Globalization;
using System.Text.Json.Nodes;
using ActorLab.Console;
using Akka.DistributedData;

namespace ActorLab.Cluster.Crdt;

/// <summary>An update of a user, as it comes over HTTP.</summary>
/// <param name="Op">add, remove or put; which of them, the type decides.</param>
/// <param name="Key">Of a map.</param>
/// <param name="Value">An element, or what is written; of a counter a whole number.</param>
/// <param name="Consistency">local, a number of replicas, majority or all; local when left out.</param>
/// <param name="Timeout">Such as <c>2s</c>.</param>
public sealed record CrdtCall(string? Op, string? Key, string? Value, string? Consistency, string? Timeout);

/// <summary>How an update or a read ended.</summary>
/// <param name="Done">As many replicas as asked for have it, or were asked.</param>
/// <param name="Value">What this replica holds now; null where there is nothing.</param>
/// <param name="Sentence">Where it is not done, why.</param>
public sealed record CrdtAnswer(bool Done, JsonNode? Value, string Sentence);

/// <summary>How many replicas an update or a read waits for.</summary>
/// <param name="Text">As users write it.</param>
/// <param name="Replicas">The number, this one included; null for a majority or all.</param>
/// <param name="Timeout">How long.</param>
public sealed record Consistency(string Text, int? Replicas, TimeSpan Timeout)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(1);

    /// <exception cref="FormatException">It is none, or wants more replicas than there are; a sentence.</exception>
    public static Consistency Parse(string? text, string? timeout, int members)
    {
        var limit = DefaultTimeout;
        if (timeout is not null
            && (!Durations.TryParse(timeout, out limit) || limit <= TimeSpan.Zero || limit > MostTimeout))
        {
            throw new FormatException(
                $"'{timeout}' is no time-out: write it as 500ms or 2s, at most {Durations.Format(MostTimeout)}.");
        }

        return text switch
        {
            null or "local" => new Consistency("local", 1, limit),
            "majority" or "all" => new Consistency(text, null, limit),
            _ when !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) || replicas < 1 =>
                throw new FormatException(
                    $"There is no consistency '{text}'. There are: local, a number of replicas such as 2, majority, all."),
            _ when int.Parse(text, CultureInfo.InvariantCulture) > members =>
                throw new FormatException($"{text} replicas are more than the {members} that there are now."),
            _ => new Consistency(text, int.Parse(text, CultureInfo.InvariantCulture), limit),
        };
    }

    internal IWriteConsistency Write => (Text, Replicas) switch
    {
        ("majority", _) => new WriteMajority(Timeout),
        ("all", _) => new WriteAll(Timeout),
        (_, > 1) => new WriteTo(Replicas.Value, Timeout),
        _ => WriteLocal.Instance,
    };

    internal IReadConsistency Read => (Text, Replicas) switch
    {
        ("majority", _) => new ReadMajority(Timeout),
        ("all", _) => new ReadAll(Timeout),
        (_, > 1) => new ReadFrom(Replicas.Value, Timeout),
        _ => ReadLocal.Instance,
    };
}

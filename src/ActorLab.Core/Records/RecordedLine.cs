using System.Text.Json.Serialization;

namespace ActorLab.Core;

/// <summary>
/// One line of a node's recording. A turn's line is written before anything of the turn leaves its role (message, disk
/// write, answer), so that a process that is killed at any point has no turn in the world that its recording lacks.
/// Times are microseconds since the Unix epoch; payloads are what the role's codec wrote.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Turn), "turn")]
[JsonDerivedType(typeof(Durable), "durable")]
[JsonDerivedType(typeof(Crash), "crash")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(End), "end")]
[JsonDerivedType(typeof(Full), "full")]
public abstract record RecordedLine(long At)
{
    /// <summary>Its number in the file, from 1: a file with a gap, or with lines of another one, is damaged.</summary>
    public long Line { get; init; }

    /// <summary>A process of the node began: what it runs, so that a replay can build the same roles.</summary>
    /// <param name="At">When.</param>
    /// <param name="Format">See <see cref="RecordingFormat.Version"/>.</param>
    /// <param name="Build">Which build of the roles ran.</param>
    /// <param name="Scenario">The scenario's name.</param>
    /// <param name="Parameters">Its parameters.</param>
    /// <param name="Settings">The settings of the node that shape its roles.</param>
    /// <param name="Nodes">All nodes of the scenario.</param>
    /// <param name="Node">This one.</param>
    /// <param name="Run">Which of the scenario's runs, from 1: each has disks of its own.</param>
    public sealed record Start(
        long At, int Format, string Build, string Scenario, IReadOnlyDictionary<string, int> Parameters,
        IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Nodes, string Node, int Run = 1) : RecordedLine(At)
    {
        /// <summary>Whether another process ran the same run of the scenario in the same build, on whatever node.</summary>
        public bool RunsAs(Start other) =>
            (Format, Build, Scenario, Run) == (other.Format, other.Build, other.Scenario, other.Run) && Nodes.SequenceEqual(other.Nodes)
            && Same(Parameters, other.Parameters) && Same(Settings, other.Settings);

        private static bool Same<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) =>
            one.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(other.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    /// <summary>A turn ran. Nobody outside saw it before all turns up to it were durable, but for early messages.</summary>
    /// <param name="At">When.</param>
    /// <param name="Role">The address that took it.</param>
    /// <param name="Incarnation">The boot of the role that it belongs to.</param>
    /// <param name="Number">Its number in this boot, from 1: the boot itself is turn 1.</param>
    /// <param name="Input">What started it.</param>
    /// <param name="Sender">Of a delivery.</param>
    /// <param name="Envelope">Of a delivery; 0 where there is none.</param>
    /// <param name="Payload">The message; of a boot the whole disk.</param>
    /// <param name="Timer">Of an expiry.</param>
    /// <param name="Chosen">What its dice gave: number and count of options by turns.</param>
    /// <param name="Clock">The interval that it read, earliest and latest; null where it did not.</param>
    /// <param name="Sent">The numbers of the envelopes that it sends, in the order of its effects.</param>
    /// <param name="State">The fingerprint of the state after it; null where the turn failed.</param>
    /// <param name="Error">What the turn threw; null where it did not.</param>
    public sealed record Turn(
        long At, string Role, long Incarnation, long Number,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] TurnInput Input, string? Sender, long Envelope, byte[]? Payload,
        string? Timer, int[]? Chosen, long[]? Clock, long[]? Sent, string? State, string? Error) : RecordedLine(At);

    /// <summary>The disk changes of all turns up to one are durable.</summary>
    public sealed record Durable(long At, string Role, long Incarnation, long Through) : RecordedLine(At);

    /// <summary>A role lost its memory, and with it the turns that were not durable. (A killed process writes no such line.)</summary>
    public sealed record Crash(long At, string Role, long Incarnation, string Reason) : RecordedLine(At);

    /// <summary>A role ended in order. Its memory is gone too, and it will not boot again in this process.</summary>
    public sealed record Stop(long At, string Role, long Incarnation) : RecordedLine(At);

    /// <summary>Nothing of this process follows. A killed process cannot write it: whoever saw its end does.</summary>
    /// <param name="At">When.</param>
    /// <param name="Reason">How the process was killed, or broke; null where its roles ended in order.</param>
    public sealed record End(long At, string? Reason) : RecordedLine(At);

    /// <summary>The recording stops here: it has its full size, or cannot be written.</summary>
    public sealed record Full(long At, string Reason) : RecordedLine(At);
}

/// <summary>What started a recorded turn.</summary>
public enum TurnInput
{
    Boot,
    Deliver,
    Operation,
    Expire,
}

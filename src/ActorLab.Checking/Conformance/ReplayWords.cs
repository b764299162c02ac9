using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>What a replay says of inputs and states.</summary>
internal static class ReplayWords
{
    /// <summary>A recording has of a state its fingerprint alone: what can be told is what changes now, and whether it did.</summary>
    public static string StateDiffers(RecordedLine.Turn turn, Input input, object? before, object after, string came)
    {
        var start = input is Input.Boot ? null : before;
        var changes = start is null ? Canonical.Text(after) : Few(Canonical.Differences(start, after));
        return start is not null && RecordingFormat.TextOf(Canonical.Fingerprint(start)) == turn.State
            ? $"the recorded turn changed nothing, and now it changes {changes}"
            : $"it leads to state {came}, where state {turn.State} is recorded; now it changes {(changes == "" ? "nothing" : changes)}";
    }

    public static string WordsOf(Input input) => input switch
    {
        Input.Boot => "a boot",
        Input.Deliver deliver when deliver.Sender == Address.Outside => $"operation {Short(Canonical.Text(deliver.Message))}",
        Input.Deliver deliver => $"{Short(Canonical.Text(deliver.Message))} from {deliver.Sender}",
        _ => $"timer {((Input.Expire)input).Timer.Name}",
    };

    public static string Few(Seq<Difference> differences) =>
        string.Join("; ", differences.Take(Math.Min(5, differences.Count)).Select(one => Short(one.ToString())))
        + (differences.Count > 5 ? $"; and {differences.Count - 5} more" : "");

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "...";
}

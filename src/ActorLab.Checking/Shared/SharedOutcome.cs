namespace ActorLab.Checking.Kernel;

/// <summary>One way a step may end.</summary>
/// <param name="Label">The number of its label.</param>
/// <param name="Error">The number of what it threw; -1 if it did not.</param>
/// <param name="Writes">The slots that it read and gave another value, each once.</param>
/// <param name="Shift">What these writes add to the fingerprint.</param>
/// <param name="BlindWrites">The slots that it assigned to without reading them.</param>
internal sealed record SharedOutcome(
    int Label, int Error, (int Slot, int Value)[] Writes, Fingerprint Shift, (int Slot, int Value)[] BlindWrites)
{
    public const int OwnBytes = 128;

    public static SharedOutcome Of(
        int label, int error, IEnumerable<(int Slot, int Value)> writes, List<int> reads, Func<int, int> before)
    {
        var shift = default(Fingerprint);
        var changes = new List<(int, int)>();
        var blind = new List<(int, int)>();
        foreach (var (slot, value) in writes)
        {
            if (!reads.Contains(slot))
            {
                blind.Add((slot, value));
            }
            else if (before(slot) != value)
            {
                changes.Add((slot, value));
                shift = shift - Fingerprint.OfSlot(slot, before(slot)) + Fingerprint.OfSlot(slot, value);
            }
        }

        return new SharedOutcome(label, error, [.. changes], shift, [.. blind]);
    }
}

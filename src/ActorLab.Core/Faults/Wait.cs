using System.Text.Json.Serialization;
using MemoryPack;

namespace ActorLab.Core;

/// <summary>A range of durations, drawn from uniformly, in microseconds. Both ends are included.</summary>
[MemoryPackable]
public readonly partial record struct Wait
{
    [JsonConstructor]
    internal Wait(long least, long most) => (Least, Most) = (least, most);

    public long Least { get; }

    public long Most { get; }

    public static Wait Zero => default;

    /// <exception cref="ArgumentException">Negative, or upside down.</exception>
    public static Wait Micros(long least, long most) => least >= 0 && least <= most
        ? new Wait(least, most)
        : throw new ArgumentException(
            $"{least} to {most} microseconds is no range of durations: write the smaller end first, from 0.");

    public static Wait Millis(double least, double most) => Micros((long)(least * 1000), (long)(most * 1000));

    public static Wait Of(Timer timer) => Micros(
        timer.Earliest.Ticks / TimeSpan.TicksPerMicrosecond, timer.Latest.Ticks / TimeSpan.TicksPerMicrosecond);

    public override string ToString() => $"{Least}-{Most} µs";
}

namespace ActorLab.Simulation;

/// <summary>A range of durations, drawn from uniformly, in microseconds. Both ends are included.</summary>
public readonly record struct Wait
{
    private Wait(long least, long most) => (Least, Most) = (least, most);

    public long Least { get; }

    public long Most { get; }

    public static Wait Zero => default;

    /// <exception cref="ArgumentException">Negative, or upside down.</exception>
    public static Wait Micros(long least, long most) => least >= 0 && least <= most
        ? new Wait(least, most)
        : throw new ArgumentException(
            $"{least} to {most} microseconds is no range of durations: write the smaller end first, from 0.");

    public static Wait Millis(double least, double most) => Micros((long)(least * 1000), (long)(most * 1000));

    public static Wait Of(Timer timer) => Micros(timer.Earliest.Micros(), timer.Latest.Micros());

    public override string ToString() => $"{Least}-{Most} µs";

    internal long Draw(RandomStream random) => random.Between(Least, Most);
}

internal static class Durations
{
    public static long Micros(this TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan FromMicros(long micros) => TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond);
}

using ActorLab.Core;

namespace ActorLab.Simulation;

internal static class Durations
{
    public static long Micros(this TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan FromMicros(long micros) => TimeSpan.FromTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static long Draw(this Wait wait, RandomStream random) => random.Between(wait.Least, wait.Most);
}

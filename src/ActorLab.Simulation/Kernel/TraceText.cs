namespace ActorLab.Simulation;

/// <summary>Messages and disks as people read them in a trace.</summary>
internal static class TraceText
{
    public static string Of(object subject) => subject.ToString() ?? "";

    public static UInt128 FingerprintOf(object? state) => 0;
}

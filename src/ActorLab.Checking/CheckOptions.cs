namespace ActorLab.Checking;

/// <summary>How far an exploration goes.</summary>
/// <param name="MaxStates">Stop once so many distinct worlds are known.</param>
/// <param name="MaxDepth">Worlds so many steps from a start are not explored further.</param>
/// <param name="StopAtViolation">Stop at the first broken property or failed turn, which a shortest story leads to.</param>
public sealed record CheckOptions(
    int MaxStates = 50_000_000, int MaxDepth = int.MaxValue, bool StopAtViolation = true)
{
    public static readonly CheckOptions Default = new();
}

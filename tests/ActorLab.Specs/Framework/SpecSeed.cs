namespace ActorLab.Specs;

/// <summary>The seed of a spec: printed, and settable to see the same draws again. Real threads still run as they like.</summary>
internal static class SpecSeed
{
    public const string Variable = "ACTORLAB_SPEC_SEED";

    public static int Next() => int.TryParse(Environment.GetEnvironmentVariable(Variable), out var seed)
        ? seed
        : Random.Shared.Next(1, 1_000_000);
}

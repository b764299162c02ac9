namespace ActorLab.Tests.Simulation;

/// <summary>Seeds of tests that run many. One alone runs with ACTORLAB_SEED=123 in the environment.</summary>
internal static class Seeds
{
    private const string Variable = "ACTORLAB_SEED";

    /// <summary>1 to <paramref name="count"/>, or the one that the environment names.</summary>
    public static IEnumerable<long> Of(int count) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } one
            ? [long.Parse(one, System.Globalization.CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, count).Select(seed => (long)seed);

    /// <summary>Whether all seeds of a test run, so that it may count how many of them did something.</summary>
    public static bool All => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The command that runs one seed of a test again.</summary>
    public static string Reproduce(string test) =>
        $"{Variable}={{seed}} dotnet test tests/ActorLab.Tests --filter FullyQualifiedName~{test}";
}

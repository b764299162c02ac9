using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// Explores every world that a scenario can reach, breadth first, so that each story is a shortest one. The same
/// scenario gives the same result, step for step, on every machine.
/// </summary>
public static class ModelChecker
{
    /// <exception cref="ArgumentException">The scenario contradicts itself; the sentence says how.</exception>
    /// <exception cref="NotSupportedException">A value has no canonical form, or a turn is too wide to tear.</exception>
    public static CheckResult Check(Scenario scenario, CheckOptions? options = null) =>
        new Explorer(scenario, options ?? CheckOptions.Default).Run();
}

using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Lab;

/// <summary>One lock with its parameters filled in, and what a check says of it.</summary>
/// <param name="Name">As <c>lab check</c> takes it.</param>
/// <param name="Processes">How many take part.</param>
/// <param name="Arguments">What <c>--set</c> takes to check it alone.</param>
/// <param name="Breaks">The conditions that it is known to break.</param>
/// <param name="Result">Of the check.</param>
internal sealed record LockRow(
    string Name, int Processes, Map<string, int> Arguments, Set<string> Breaks, CheckResult Result)
{
    public IEnumerable<Verdict> Conditions => DijkstraConditions.All.Select(name => Result[name]);

    /// <summary>Everything was explored, somebody got in, and each condition holds unless it is known to be broken.</summary>
    public bool IsAsClaimed => Result is { Complete: true, Failure: null }
        && Result[DijkstraConditions.SomebodyInside].Kind == VerdictKind.Reached
        && Conditions.All(IsClaimed);

    /// <summary>Whether the verdict is the one to expect.</summary>
    public bool IsClaimed(Verdict verdict) =>
        verdict.Kind == (Breaks.Contains(verdict.Property.Name) ? VerdictKind.Violated : VerdictKind.Holds);

    /// <summary>What to type to check it alone.</summary>
    public string Command => $"lab check {Name}{string.Concat(Arguments.Select(pair => $" --set {pair.Key}={pair.Value}"))}";
}

/// <summary>All locks against all conditions.</summary>
internal static class LockTable
{
    /// <summary>How many processes each lock has that can have any number.</summary>
    public static readonly ScenarioParameter Processes = new("processes", "how many processes", 2, 2, 4);

    /// <summary>Checks one lock after the other; those with a switch for strong fairness a second time with it.</summary>
    /// <param name="processes">How many, of those that can have any number.</param>
    /// <param name="options">Of each check.</param>
    /// <param name="begins">Hears the name of each before it is checked.</param>
    public static IEnumerable<LockRow> Rows(int processes, CheckOptions options, Action<string> begins)
    {
        foreach (var known in LockModel.All)
        {
            begins(known.Family.Name);
            var parameters = known.Family.Parameters.Select(parameter => parameter.Name).ToList();
            var hasProcesses = parameters.Contains(Processes.Name);
            var arguments = hasProcesses ? Map.Of((Processes.Name, processes)) : Map<string, int>.Empty;
            yield return Row(known, arguments, options);
            if (parameters.Contains("strong"))
            {
                yield return Row(known, arguments.Set("strong", 1), options);
            }
        }
    }

    private static LockRow Row(LockModel known, Map<string, int> given, CheckOptions options)
    {
        var (name, _, _, parameters, build) = known.Family;
        var arguments = new ScenarioArguments(name, parameters, given);
        return new LockRow(
            name, given.FindOr(Processes.Name, 2), given, known.Breaks(arguments), // Those without the parameter are for two.
            ModelChecker.Check(build(arguments), options with { StopAtViolation = false }));
    }
}

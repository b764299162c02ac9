using System.Diagnostics;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>What finds a mutant out.</summary>
public enum Instrument
{
    /// <summary>The model checker.</summary>
    Checker,

    /// <summary>The simulator, from seeds, by the properties of the scenario.</summary>
    Simulator,

    /// <summary>The judge of linearizability, on the histories of the simulator.</summary>
    Judge,
}

/// <summary>What one instrument made of one mutant.</summary>
/// <param name="Property">What the mutant breaks; null where it was not caught.</param>
/// <param name="Steps">The length of the shortest story: steps of the checker, or what is left of a shrunk schedule.</param>
/// <param name="Effort">What it took, in words.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="IsShortest">Nothing can be left out of that story; false where shrinking ended before.</param>
/// <param name="Stopped">Runs that ended by an error in a role, such as a claim of its own: no instrument's catch.</param>
/// <param name="StoppedBy">What the first of them said; null where none did.</param>
public sealed record Catch(
    string? Property, int Steps, string Effort, TimeSpan Elapsed, bool IsShortest = true, int Stopped = 0, string? StoppedBy = null);

/// <summary>A row of the kill matrix.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Catches">By instrument; one that was not tried is missing.</param>
public sealed record MatrixRow(Mutant Mutant, IReadOnlyDictionary<Instrument, Catch> Catches)
{
    /// <summary>Nothing that was tried caught it by a property that should.</summary>
    public bool Survives => !Catches.Values.Any(one => IsAsExpected(one.Property));

    /// <summary>Whether a property should catch it: one of its own, or that of the clients' histories.</summary>
    public bool IsAsExpected(string? property) =>
        property is not null && (property == Mutant.Linearizability || Mutant.Breaks.Contains(property));
}

/// <summary>Mutants against instruments.</summary>
public static class MutantMatrix
{
    /// <summary>So many runs that break a property are shrunk.</summary>
    private const int Stories = 3;

    /// <summary>So many seeds are looked at beyond the first such run.</summary>
    private const int MoreSeeds = 64;

    /// <summary>
    /// So many seeds are enough for an instrument that judges none of the properties that should catch a mutant: if it sees
    /// anything at all, it sees it soon, and if not, a thousand seeds take minutes to say so.
    /// </summary>
    private const int SeedsForOthers = 100;

    /// <summary>Seeds side by side: the same on every machine, for which seeds are looked at depends on it.</summary>
    private const int Batch = 16;

    /// <summary>A mutant against some instruments.</summary>
    /// <param name="mutant">The mutant.</param>
    /// <param name="instruments">In the order in which they try.</param>
    /// <param name="seeds">How many the simulator may try.</param>
    /// <param name="any">Whether the first that catches it will do.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static MatrixRow Row(
        Mutant mutant, IReadOnlyList<Instrument> instruments, int seeds, bool any, CancellationToken cancellation)
    {
        var catches = new Dictionary<Instrument, Catch>();
        foreach (var instrument in instruments)
        {
            var found = instrument switch
            {
                Instrument.Checker => ByChecker(mutant, cancellation),
                Instrument.Simulator => BySimulator(mutant, seeds, cancellation),
                _ => ByJudge(mutant, seeds, cancellation),
            };
            if (found is not null)
            {
                catches.Add(instrument, found);
            }

            if (any && !new MatrixRow(mutant, catches).Survives)
            {
                break;
            }
        }

        return new MatrixRow(mutant, catches);
    }

    /// <summary>Looks for a mutant by the checker; null where it has too many worlds for that.</summary>
    public static Catch? ByChecker(Mutant mutant, CancellationToken cancellation)
    {
        if (CheckerSetting.Of(mutant) is not { } setting)
        {
            return null;
        }

        var result = Explore(mutant.Family, setting, new CheckOptions { Cancellation = cancellation }, mutant.Breaks);
        cancellation.ThrowIfCancellationRequested();
        var broken = result.Verdicts.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Violated);
        var story = broken?.Story ?? result.Failure?.Story;
        return new Catch(
            broken?.Property.Name ?? result.Failure?.Message, story?.Steps.Count ?? 0,
            FormattableString.Invariant($"{result.Distinct:N0} worlds"), result.Elapsed + result.TemporalElapsed);
    }

    /// <summary>Looks for a mutant by the simulator, with the properties of states and the promises.</summary>
    public static Catch BySimulator(Mutant mutant, int seeds, CancellationToken cancellation)
    {
        var (scenario, options) = RunsOf(mutant.Family, SimulatorSetting.Of(mutant));
        return Simulate(
            scenario, options with { Properties = Seq.ToSeq(options.Properties!.Value.Where(property => property is not Property.OfHistory)) },
            mutant.Breaks, mutant.Breaks.Any(name => name != Mutant.Linearizability) ? seeds : Math.Min(seeds, SeedsForOthers), cancellation);
    }

    /// <summary>Looks for a mutant by the histories of its clients alone; null where there are no clients.</summary>
    public static Catch? ByJudge(Mutant mutant, int seeds, CancellationToken cancellation)
    {
        var (scenario, options) = RunsOf(mutant.Family, SimulatorSetting.Of(mutant));
        var claims = options.Properties!.Value.Where(property => property is Property.OfHistory).ToList();
        return claims.Count == 0
            ? null
            : Simulate(scenario, options with { Properties = Seq.ToSeq(claims) }, [Mutant.Linearizability],
                mutant.Breaks.Contains(Mutant.Linearizability) ? seeds : Math.Min(seeds, SeedsForOthers), cancellation);
    }

    /// <summary>A family in the runs of a setting, with its promises and its users.</summary>
    public static (Scenario Scenario, SimulationOptions Options) RunsOf(ScenarioFamily family, SimulatorSetting setting)
    {
        var target = Simulatable.Find(family.Name);
        var arguments = Checkable.ArgumentsOf(family.Name, family.Parameters, CheckerSetting.ValuesOf(setting.Values));
        var scenario = family.Build(arguments);
        return (scenario, target.OptionsFor(scenario, arguments, setting.Faults, setting.Time, setting.Quiet, setting.Users));
    }

    /// <summary>
    /// Seeds, on all cores, until a few break a property that should. Of those that break it first, each is shrunk, and the
    /// shortest story counts.
    /// </summary>
    private static Catch Simulate(
        Scenario scenario, SimulationOptions options, Seq<string> wanted, int seeds, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var caught = new List<SimulationResult>();
        var others = new List<Violation>();
        var last = seeds;
        for (var first = 1; first <= last && caught.Count < Stories; first += Batch)
        {
            var results = new SimulationResult?[Math.Min(Batch, last - first + 1)];
            Parallel.For(0, results.Length, i => results[i] = Simulator.Run(scenario, options with { Seed = first + i }, cancellation));
            cancellation.ThrowIfCancellationRequested();
            foreach (var result in results.Where(result => result!.Violation is not null))
            {
                if (result!.Verdicts.Any(verdict => verdict.Finding == Finding.Violated && wanted.Contains(verdict.Property)))
                {
                    caught.Add(result);
                    last = Math.Min(last, first + MoreSeeds);
                }
                else
                {
                    others.Add(result.Violation!);
                }
            }
        }

        var shrunk = caught.OrderBy(result => result.Violation!.At).Take(Stories).Select(result => Shrink(result.Seed)).ToList();
        cancellation.ThrowIfCancellationRequested();
        if (shrunk.Count > 0)
        {
            var shortest = shrunk.MinBy(Steps)!;
            return new Catch(
                shortest.Result.Violation!.Property, Steps(shortest), $"seed {shortest.Result.Seed}", watch.Elapsed, shortest.IsMinimal);
        }

        var known = (options.Properties ?? scenario.Properties).Select(property => property.Name).ToHashSet();
        var errors = others.FindAll(violation => !known.Contains(violation.Property));
        return new Catch(
            others.Find(violation => known.Contains(violation.Property))?.Property, 0, $"{seeds} seeds", watch.Elapsed,
            Stopped: errors.Count, StoppedBy: errors.FirstOrDefault()?.Reason);

        // Where several are broken at once, the story is one of a property that should be.
        ShrinkResult Shrink(long seed) => Shrinker.Shrink(scenario, options with { Seed = seed, Properties = Wanted() }, new ShrinkOptions
        {
            Limit = TimeSpan.FromSeconds(10),
            Threads = Environment.ProcessorCount,
            Cancellation = cancellation,
        }) ?? throw new OperationCanceledException(cancellation);

        Seq<Property> Wanted() =>
            [.. (options.Properties ?? scenario.Properties).Where(property => wanted.Contains(property.Name))];

        static int Steps(ShrinkResult story) => story.After.Operations + story.After.Faults + story.After.Messages;
    }

    /// <summary>
    /// The right one in the same worlds, as deep as the mutant was caught: it must pass where a check that can fail is to
    /// mean anything.
    /// </summary>
    /// <param name="right">The right family.</param>
    /// <param name="mutant">Its mutant.</param>
    /// <param name="depth">How many steps.</param>
    public static CheckResult RightOne(ScenarioFamily right, Mutant mutant, int depth) =>
        Explore(right, CheckerSetting.Of(mutant)!, new CheckOptions { MaxDepth = depth }, mutant.Breaks);

    private static CheckResult Explore(ScenarioFamily family, CheckerSetting setting, CheckOptions options, Seq<string> properties)
    {
        var scenario = setting.World.ApplyTo(family.Build(
            Checkable.ArgumentsOf(family.Name, family.Parameters, setting.Values)));
        return ModelChecker.Check(scenario, options with { Symmetry = setting.Symmetry, Properties = properties.ToSet() });
    }
}

using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Where a process of a lock is. It goes round and round through the four.</summary>
public enum Region
{
    /// <summary>Outside: it may stay as long as it likes, and for ever.</summary>
    NonCritical,

    /// <summary>It wants in.</summary>
    Entry,

    /// <summary>Inside.</summary>
    Critical,

    /// <summary>On its way out.</summary>
    Exit,
}

/// <summary>
/// What Dijkstra asks of a lock ("Solution of a problem in concurrent programming control", 1965), with the fourth condition
/// of Knuth (1966). They look at the regions of the processes only, so they are the same for every lock.
/// <para>
/// The last three split what is commonly asked, "whoever is in the entry code gets in", by what is to blame, so that a
/// lock can break one and keep the others: somebody who stays outside for ever (2), nobody but the contenders (3), the
/// luck of the others (4). All three together say the same as the common form.
/// </para>
/// </summary>
public static class DijkstraConditions
{
    public const string MutualExclusion = "MutualExclusion";
    public const string NoWaitForOutsiders = "NoWaitForOutsiders";
    public const string NoDeadlock = "NoDeadlock";
    public const string NoStarvation = "NoStarvation";

    /// <summary>No condition, but without it the others may hold because nothing happens.</summary>
    public const string SomebodyInside = "SomebodyInside";

    /// <summary>The four, in their order.</summary>
    public static Seq<string> All { get; } = [MutualExclusion, NoWaitForOutsiders, NoDeadlock, NoStarvation];

    /// <summary>
    /// Asks them of a model. Its fairness must leave each process free to stay outside; whether it may also stay inside for ever
    /// is for the model to say, for the fourth presumes that nobody does.
    /// </summary>
    /// <param name="model">Gets the properties.</param>
    /// <param name="processes">Who they are.</param>
    /// <param name="at">Where a process is.</param>
    public static void AddTo<K>(ModelBuilder model, IReadOnlyCollection<K> processes, Func<State, K, Region> at)
        where K : notnull
    {
        var isOutside = processes.Select(p => Is(p, Region.NonCritical)).ToList();
        var somebodyWaits = Somebody("is in the entry code", Region.Entry);
        var somebodyInside = Somebody("is inside", Region.Critical);
        var isSomebodyServed = somebodyWaits.LeadsTo(somebodyInside);

        // While nobody gets in, whoever came from outside cannot be back there. So that everybody comes again and again, and
        // that again and again nobody is outside, are the same where it matters; the second is far cheaper to check.
        var nobodyOutside = model.Now("nobody is outside", s => processes.All(p => at(s, p) != Region.NonCritical));

        model.Always(
            MutualExclusion, "At most one process is in the critical section.",
            s => processes.Count(p => at(s, p) == Region.Critical) <= 1);
        model.Temporal(
            NoWaitForOutsiders, "When somebody stays outside for ever and another is in the entry code, somebody gets in.",
            isOutside.Select(Formula.EventuallyAlways).Aggregate((one, other) => one | other).Implies(isSomebodyServed));
        model.Temporal(
            NoDeadlock, "When nobody stays outside for ever and one is in the entry code, somebody gets in.",
            Formula.AlwaysEventually(nobodyOutside).Implies(isSomebodyServed));
        var nobodyStaysInside = processes.Select(p => Formula.AlwaysEventually(!Is(p, Region.Critical)))
            .Aggregate((one, other) => one & other);
        model.Temporal(
            NoStarvation, "When nobody stays inside for ever and processes get in again and again, everyone in the entry code does.",
            (Formula.AlwaysEventually(somebodyInside) & nobodyStaysInside).Implies(processes
                .Select(p => Is(p, Region.Entry).LeadsTo(Is(p, Region.Critical))).Aggregate((one, other) => one & other)));
        model.Sometimes(
            SomebodyInside, "A process is in the critical section.", s => processes.Any(p => at(s, p) == Region.Critical));

        Formula Is(K p, Region region) => model.Now($"{p} in {region}", s => at(s, p) == region);
        Formula Somebody(string does, Region region) =>
            model.Now($"somebody {does}", s => processes.Any(p => at(s, p) == region));
    }
}

using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;

namespace ActorLab.Algorithms.LaiYang;

/// <summary>The bank of Chandy and Lamport over channels that do not keep order.</summary>
public static class LaiYangScenario
{
    public const string Name = "lai-yang";

    public static readonly ScenarioFamily Family = new(
        Name, "Lai-Yang snapshots of the same bank, over channels that reorder.",
        SnapshotScenario.Parameters.Select(one => one.Name == "snapshots" ? one with { Default = 1 } : one).ToSeq(),
        given => Of(SnapshotScenario.OptionsOf(given, hasNetwork: false)));

    public static Scenario Of(SnapshotOptions options) => Of(options, account => new LaiYangProcess(account));

    internal static Scenario Of(SnapshotOptions options, Func<AccountOptions, Account> process) =>
        SnapshotScenario.Of(options with { IsFifo = false }, process) with { Name = Name };
}

using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;

namespace ActorLab.Algorithms.LaiYang;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class LaiYangMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "sends-white", "Every message has the colour of its sender, so that a red one makes a white process record first.",
            "LaiYangProcess.cs, ColourOf", [SnapshotProperties.RecordedTotal], account => new SendsWhite(account)),
        Of(
            "does-not-count", "The state of a channel is complete when all white messages have come, not when the marker has.",
            "LaiYangProcess.cs, IsSettled", [SnapshotProperties.RecordedTotal], account => new DoesNotCount(account)),
    ];

    private static Mutant Of(
        string name, string givesUp, string where, Seq<string> breaks, Func<AccountOptions, Account> process) => new(
        name, givesUp, where, breaks, LaiYangScenario.Family with
        {
            Name = $"{LaiYangScenario.Name}:{name}",
            Summary = $"Lai-Yang snapshots, wrong on purpose: {name}.",
            Build = given => LaiYangScenario.Of(SnapshotScenario.OptionsOf(given, hasNetwork: false), process),
        });

    /// <summary>
    /// Its messages stay white, and it counts them all: one that overtakes its marker is in the receiver's state, and the
    /// sender's has it still.
    /// </summary>
    private sealed class SendsWhite(AccountOptions options) : LaiYangProcess(options)
    {
        protected override Map<NodeId, int> ColourOf(Ledger ledger) => default;

        protected override bool IsSettled(LocalSnapshot part, NodeId channel) => part.Sent.TryGetValue(channel, out var sent)
            && part.Before.FindOr(channel, 0) + part.Channels.FindOr(channel, []).Count >= sent;
    }

    private sealed class DoesNotCount(AccountOptions options) : LaiYangProcess(options)
    {
        protected override bool IsSettled(LocalSnapshot part, NodeId channel) => part.Sent.ContainsKey(channel);
    }
}

using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>The requirements of section 2.1 for every slot, and what section 3 adds for the log of them.</summary>
/// <param name="majority">Of the acceptors.</param>
public sealed class MultiPaxosProperties(int majority)
{
    /// <summary>All that was accepted, asked, chosen and executed.</summary>
    public Observer<MultiPaxosRecord> Record { get; } =
        new("record", MultiPaxosRecord.Empty, MultiPaxosRecord.Fold(majority));

    public Seq<Property> All =>
    [
        Never(MultiPaxosRecord.Consistency, "In each slot only a single command is chosen."),
        Never(MultiPaxosRecord.Nontriviality, "Only a command that a client asked for may be chosen, or a no-op."),
        Never(MultiPaxosRecord.OneValuePerBallot, "No two commands are accepted in one slot under one number."),
        Never(
            MultiPaxosRecord.ChosenStays,
            "When a command is chosen in a slot, every one that is accepted there under a higher number is the same."),
        Never(
            MultiPaxosRecord.TruthfulLearning,
            "A learner never executes a command in a slot unless it actually has been chosen there."),
        Never(MultiPaxosRecord.LedgersAgree, "No two learners execute different commands in one slot."),
        new Property.Sometimes(
            "A Command Is Chosen", "A majority accepts a command of a client.",
            world => IsChosen(world, command => command is not LogCommand.NoOp)),
        new Property.Sometimes(
            "A Gap Is Filled", "A majority accepts a no-op.",
            world => IsChosen(world, command => command is LogCommand.NoOp)),
        new Property.Sometimes(
            "The Leader Changes", "Two leaders led, one after the other.", world => world.Observed(Record).Led.Count > 1),
        new Property.Sometimes(
            "A Learner Catches Up", "A learner learns from another one what it missed.",
            world => world.Observed(Record).CaughtUp),
    ];

    private Property.Always Never(string name, string claim) =>
        new(name, claim, world => !world.Observed(Record).Breaches.Contains(name));

    private bool IsChosen(IWorld world, Func<LogCommand, bool> command) =>
        world.Observed(Record).Slots.Any(slot => slot.Value.Chosen is { } chosen && command(chosen.Command));
}

/// <summary>
/// What section 3 promises "once a single leader has been elected": not in asynchronous worlds, where nothing of the kind
/// holds (Fischer, Lynch and Paterson, 1985). The simulator judges it after its quiet part.
/// </summary>
public static class MultiPaxosLiveness
{
    public static readonly Property.Temporal ALeaderStays = new(
        "A Leader Stays",
        "In the end one of the leaders that run is distinguished, and all of them know it.",
        Formula.EventuallyAlways(new Formula.Now("one leads and all know it", OneLeads)));

    public static readonly Property.Temporal LedgersFill = new(
        "Ledgers Fill",
        "Again and again every learner that runs has executed all that the leader proposed.",
        Formula.AlwaysEventually(new Formula.Now("all that is proposed is executed everywhere", AllIsExecuted)));

    public static readonly Seq<Property> All = [ALeaderStays, LedgersFill];

    private static bool OneLeads(IWorld world)
    {
        var (leading, known) = (0, default(NodeId?));
        foreach (var (_, leader) in world.Running<LeaderState>())
        {
            leading += leader.Phase == LeaderPhase.Leading ? 1 : 0;
            known ??= leader.LeaderId;
            if (leader.LeaderId is null || leader.LeaderId != known)
            {
                return false;
            }
        }

        return leading == 1;
    }

    private static bool AllIsExecuted(IWorld world)
    {
        var next = 0L;
        foreach (var (_, leader) in world.Running<LeaderState>())
        {
            next = Math.Max(next, leader.Leadership?.NextSlot ?? 0);
        }

        return next > 0 && world.Running<LearnerState>().All(learner => learner.State.Executed >= next - 1);
    }
}

/// <summary>The moments of a run: a leader finishes phase 1, and learns that commands are chosen.</summary>
internal static class MultiPaxosHighlights
{
    public static Highlight? Of(Happening turn) => turn.After is not LeaderState { Leadership: { } leads } after ? null
        : turn.Before is not LeaderState { Leadership: { } led } ? Highlight.Election($"leads ballot {after.Highest}")
        : leads.ChosenThrough > led.ChosenThrough ? Highlight.Decision($"chosen through {leads.ChosenThrough}")
        : null;
}

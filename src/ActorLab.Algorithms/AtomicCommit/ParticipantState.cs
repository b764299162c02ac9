using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>A Yes that was given, and what it promised.</summary>
/// <param name="Changes">What the transaction changes here, by account.</param>
/// <param name="Participants">All of them.</param>
[MemoryPackable]
public sealed partial record Prepared(Map<string, long> Changes, Set<NodeId> Participants);

/// <summary>A participant's accounts and its DT log.</summary>
/// <param name="Balances">What is on its accounts, by name.</param>
/// <param name="Prepared">
/// What it voted Yes on and knows no decision of: it is in doubt, and may not decide for itself.
/// </param>
/// <param name="Decided">What it decided, as long as anybody may ask.</param>
/// <param name="Oldest">Of each coordinator the oldest transaction that anybody may ask about: older ones are over.</param>
[MemoryPackable]
public sealed partial record ParticipantDisk(
    Map<string, long> Balances, Map<TransactionId, Prepared> Prepared, Map<TransactionId, Decision> Decided,
    Map<NodeId, TransactionId> Oldest)
{
    /// <summary>
    /// Whether nobody asks for it any more but who knows: see <see cref="CommitMessage.VoteRequest.Oldest"/>.
    /// </summary>
    public bool IsOver(TransactionId transaction) =>
        Oldest.TryGetValue(transaction.Coordinator, out var oldest) && transaction < oldest;

    /// <summary>What of an account is promised away.</summary>
    public long HeldOf(string account) => -Prepared.Values.Sum(prepared => Math.Min(0, prepared.Changes.FindOr(account, 0)));

    public ParticipantDisk Decide(TransactionId transaction, Decision decision) => this with
    {
        Balances = decision == Decision.Commit && Prepared.TryGetValue(transaction, out var prepared)
            ? Balances.SetAll(
                prepared.Changes.Select(change => KeyValuePair.Create(change.Key, Balances[change.Key] + change.Value)))
            : Balances,
        Prepared = Prepared.Remove(transaction),
        Decided = Decided.Set(transaction, decision),
    };

    /// <summary>Forgets what the coordinator says is over.</summary>
    public ParticipantDisk ForgetBefore(TransactionId oldest) =>
        Oldest.TryGetValue(oldest.Coordinator, out var known) && known >= oldest ? this : this with
        {
            Oldest = Oldest.Set(oldest.Coordinator, oldest),
            Decided = Decided.RemoveAll(
                Decided.Keys.Where(one => one.Coordinator == oldest.Coordinator && one < oldest).ToList()),
        };
}

/// <summary>All that a participant knows is on its disk.</summary>
public sealed record ParticipantState(ParticipantDisk Disk) : IOnDisk<ParticipantDisk>;

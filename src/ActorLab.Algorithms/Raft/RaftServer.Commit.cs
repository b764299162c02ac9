using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <content>Committing and applying: sections 5.3 and 5.4.2.</content>
public partial class RaftServer
{
    private RaftState CountOwnCopy(RaftState state, RaftMessage.Persisted persisted, Turn<RaftMessage> turn)
    {
        if (state.Role != ServerRole.Leader || persisted.Term != state.CurrentTerm
            || persisted.Index <= state.Leadership!.DurableIndex)
        {
            return state; // of an earlier leadership, or it says no more than the last one
        }

        return AdvanceCommit(
            state with { Leadership = state.Leadership with { DurableIndex = persisted.Index } }, turn);
    }

    /// <summary>
    /// "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm:
    /// set commitIndex = N."
    /// </summary>
    private RaftState AdvanceCommit(RaftState state, Turn<RaftMessage> turn)
    {
        var onMajority = ReachedByMajority(state, state.Leadership!.DurableIndex, progress => progress.MatchIndex, turn);
        Invariant.Require(onMajority <= state.Log.LastIndex, "Nobody has more of this leadership than the leader");
        return onMajority > state.CommitIndex && MayCommitByCounting(state, onMajority)
            ? GatherNext(state, CommitThrough(state, onMajority, turn), turn)
            : state;
    }

    /// <summary>
    /// Section 5.4.2: only entries of the leader's current term are committed by counting replicas; those before them
    /// are then committed indirectly. Figure 8 shows what happens otherwise.
    /// </summary>
    protected virtual bool MayCommitByCounting(RaftState leader, long index) =>
        leader.Log.TermAt(index) == leader.CurrentTerm;

    /// <summary>
    /// The largest number that a majority has reached, the leader with its own included if it is a member (thesis 4.2.2).
    /// </summary>
    private static long ReachedByMajority(RaftState state, long own, Func<Progress, long> reached, Turn<RaftMessage> turn)
    {
        var (voters, followers) = (Members(state), state.Leadership!.Followers);
        Span<long> all = stackalloc long[voters.Count];
        var next = 0;
        foreach (var voter in voters)
        {
            all[next++] = voter == turn.Self.Node ? own : reached(followers[voter]);
        }

        all.Sort();
        return all[^Majority(state)];
    }

    /// <summary>"If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine."</summary>
    private RaftState CommitThrough(RaftState state, long index, Turn<RaftMessage> turn)
    {
        if (index <= state.CommitIndex)
        {
            return state;
        }

        Invariant.Require(index <= state.Log.LastIndex, "What is committed is in the log");
        state = CompactIfDue(state); // before: what a turn commits is in its log still
        var (machine, sessions, taken, bytes) = (state.Machine, state.Sessions, 0L, 0L);
        var leads = state.Leadership;
        for (var i = state.LastApplied + 1; i <= index; i++)
        {
            var entry = state.Log[i];
            var size = leads is not null || Options.CompactEntries > 0 ? entry.Bytes : 0;
            taken += leads is not null && i >= leads.FirstIndex ? size : 0;
            bytes += size;
            (machine, sessions) = Apply(entry.Command, i, machine, sessions, leads is null ? null : turn);
        }

        var applied = MarkIfLong(
            state with { CommitIndex = index, LastApplied = index, Machine = machine, Sessions = sessions }, bytes);
        if (leads is null)
        {
            return applied.Reads.Known.IsEmpty ? applied : AnswerKnown(applied, turn);
        }

        var answered = AnswerReads(
            applied with { Leadership = leads with { UncommittedBytes = leads.UncommittedBytes - taken } }, turn);
        return state.CommitIndex < state.ConfigurationIndex && state.ConfigurationIndex <= index
            ? MembersAreCommitted(answered, turn)
            : answered;
    }

    /// <summary>
    /// Applies one entry, each command once (section 8). Whoever leads when an entry is applied answers its client, also when an earlier leader took it.
    /// </summary>
    private (KvState Machine, SessionTable<KvReply> Sessions) Apply(
        LogCommand command, long index, KvState machine, SessionTable<KvReply> sessions, Turn<RaftMessage>? leader)
    {
        var ((after, table), answer) =
            new ReplicatedStore(machine, sessions).Apply(command, index, Options.MaxSessions, FindReply);
        switch (answer)
        {
            case LogAnswer.SessionOpened opened:
                leader?.Tell(opened.Client, new RaftMessage.SessionOpened(opened.Nonce, opened.Session));
                break;
            case LogAnswer.SessionExpired expired:
                leader?.Tell(expired.Client, new RaftMessage.SessionExpired(expired.Session));
                break;
            case LogAnswer.Replied replied:
                leader?.Tell(replied.Client, new RaftMessage.Reply(replied.Session, replied.Number, replied.Result));
                break;
            default: // nobody waits for it
                break;
        }

        return (after, table);
    }

    /// <summary>What the session knows of a command: whether it was applied, and what the answer was.</summary>
    protected virtual (RequestStatus Status, KvReply? Reply) FindReply(
        SessionTable<KvReply> sessions, LogCommand.Operation operation) =>
        ReplicatedStore.Find(sessions, operation);
}

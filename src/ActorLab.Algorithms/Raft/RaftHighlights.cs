using ActorLab.Core;

namespace ActorLab.Algorithms.Raft;

/// <summary>The moments of a run of Raft: a candidate wins (section 5.2), a leader commits (section 5.3).</summary>
internal static class RaftHighlights
{
    public static Highlight? Of(Happening turn) => turn.After is not RaftState { Role: ServerRole.Leader } after ? null
        : turn.Before is not RaftState { Role: ServerRole.Leader } before ? Highlight.Election($"leads term {after.CurrentTerm}")
        : after.CommitIndex > before.CommitIndex ? Highlight.Decision($"commits {after.CommitIndex}")
        : null;
}

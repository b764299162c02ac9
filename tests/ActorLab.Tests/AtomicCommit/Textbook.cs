using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Core;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>What a world of the roles is in the textbook's model: the variables of TwoPhase, of one transaction.</summary>
/// <param name="RmState">working where a participant is missing.</param>
/// <param name="TmState">init, committed or aborted.</param>
/// <param name="TmPrepared">Whose Yes the coordinator counted.</param>
/// <param name="Said">Whose Yes was sent. That Commit or Abort was follows from <paramref name="TmState"/>.</param>
internal sealed record TextbookState(Map<NodeId, string> RmState, string TmState, Set<NodeId> TmPrepared, Set<NodeId> Said);

/// <param name="State">The image so far.</param>
/// <param name="Begun">The transaction has a name.</param>
/// <param name="Fault">The first turn that is no step of the textbook's; null without one.</param>
internal sealed record TextbookRun(TextbookState State, bool Begun, string? Fault)
{
    public static readonly TextbookRun Start = new(new TextbookState(default, "init", [], []), false, null);

    public TextbookRun Step(string name, bool guard, Func<TextbookState, TextbookState> then) =>
        this with { State = then(State), Fault = Fault ?? (guard ? null : $"{name} in {State}") };
}

/// <summary>
/// Follows the roles and takes for each of their turns the steps of a textbook model, whose guards must allow them. A turn
/// that takes none is a stutter.
/// </summary>
/// <param name="rms">The participants of the only transaction.</param>
internal sealed class Textbook(Set<NodeId> rms)
{
    /// <summary>Steps of TwoPhase: votes and decisions go through the transaction manager.</summary>
    public Observer<TextbookRun> TwoPhase => new("two-phase", TextbookRun.Start, (run, turn) => Fold(run, turn, isTwoPhase: true));

    /// <summary>Steps of TCommit: what any commit protocol may do, whoever tells whom.</summary>
    public Observer<TextbookRun> TCommit => new("tcommit", TextbookRun.Start, (run, turn) => Fold(run, turn, isTwoPhase: false));

    private TextbookRun Fold(TextbookRun run, Happening turn, bool isTwoPhase) => turn.After switch
    {
        CoordinatorState after when isTwoPhase => Manager(run, turn, after),
        ParticipantState after when turn.Before is ParticipantState before => Resource(run, turn, before.Disk, after.Disk, isTwoPhase),
        _ => run,
    };

    private TextbookRun Manager(TextbookRun run, Happening turn, CoordinatorState after)
    {
        if (turn.Before is not CoordinatorState before)
        {
            // To start without having logged a Commit is to abort.
            return run.Begun && run.State.TmState == "init" ? Decide(run, "aborted") : run;
        }

        run = before.Open.IsEmpty && !after.Open.IsEmpty ? run with { Begun = true } : run;
        if (before.Open.IsEmpty)
        {
            return run;
        }

        if (turn.Input is Input.Deliver { Message: CommitMessage.Vote { Yes: true }, Sender.Node: var rm })
        {
            run = run.Step(
                $"TMRcvPrepared({rm})", run.State.TmState == "init" && run.State.Said.Contains(rm),
                state => state with { TmPrepared = state.TmPrepared.Add(rm) });
        }

        return !after.Open.IsEmpty ? run : Decide(run, after.Disk.Committed.IsEmpty ? "aborted" : "committed");
    }

    private TextbookRun Decide(TextbookRun run, string how) => run.Step(
        how == "committed" ? "TMCommit" : "TMAbort",
        run.State.TmState == "init" && (how == "aborted" || run.State.TmPrepared == rms),
        state => state with { TmState = how });

    private TextbookRun Resource(
        TextbookRun run, Happening turn, ParticipantDisk before, ParticipantDisk after, bool isTwoPhase)
    {
        var rm = turn.Where.Node;
        string StateOf(NodeId one) => run.State.RmState.FindOr(one, "working");
        TextbookRun To(string name, bool guard, string state) =>
            run.Step($"{name}({rm})", guard, old => old with { RmState = old.RmState.Set(rm, state) });

        if (before.Prepared.IsEmpty && !after.Prepared.IsEmpty)
        {
            run = To("RMPrepare", StateOf(rm) == "working", "prepared");
            return run with { State = run.State with { Said = run.State.Said.Add(rm) } };
        }

        if (before.Decided == after.Decided)
        {
            return run;
        }

        return (isTwoPhase, after.Decided.Values.Single()) switch
        {
            (true, Decision.Commit) => To("RMRcvCommitMsg", run.State.TmState == "committed", "committed"),
            (true, _) when turn.Input is Input.Deliver { Message: CommitMessage.VoteRequest } =>
                To("RMChooseToAbort", StateOf(rm) == "working", "aborted"),
            (true, _) => To("RMRcvAbortMsg", run.State.TmState == "aborted", "aborted"),
            (false, Decision.Commit) => To(
                "Commit", StateOf(rm) == "prepared" && rms.All(one => StateOf(one) is "prepared" or "committed"), "committed"),
            (false, _) => To(
                "Abort", StateOf(rm) is "working" or "prepared" && rms.All(one => StateOf(one) != "committed"), "aborted"),
        };
    }
}

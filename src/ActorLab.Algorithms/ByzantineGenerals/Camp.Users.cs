using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.CampMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <content>The operations of users: musters the generals, and collects what they saw and did.</content>
public partial class Camp
{
    private Timer MusterOf(BattleId id) => Timer.Fixed($"muster {id}", drill.Round);

    /// <summary>All rounds, and what accounts take on their way.</summary>
    private Timer AccountsOf(BattleId id, int m) => Timer.Fixed($"accounts {id}", (m + 3) * drill.Round);

    private CampState Take(CampState state, Invoke invoke, Turn<CampMessage> turn)
    {
        turn.Report(new HistoryEvent.Invoked(invoke.Operation, invoke.Command));
        if (invoke.Command is not GeneralsCommand.Give give)
        {
            turn.Report(state.Last is { } last
                ? new HistoryEvent.Completed(invoke.Operation, Outcome.Ok, last, "")
                : new HistoryEvent.Completed(invoke.Operation, Outcome.Failed, null, $"{turn.Self.Node} has commanded no battle since it started."));
            return state;
        }

        var plan = give.PlanFor(seat.Generals, turn.Self.Node);
        if (plan.Refusal() is { } refusal)
        {
            turn.Report(new HistoryEvent.Completed(invoke.Operation, Outcome.Failed, null, refusal));
            return state;
        }

        var id = new BattleId(turn.Self.Node, state.Disk.Commanded + 1);
        turn.Tell(seat.Generals.Select(Council.AddressOf), new Muster(id, plan));
        turn.Start(MusterOf(id));
        return state with
        {
            Disk = new CampDisk(id.Number),
            Gatherings = state.Gatherings.Set(id, new Gathering(invoke.Operation, plan, 1, default, default)),
        };
    }

    private CampState Count(CampState state, BattleId id, Gathering gathering, NodeId general, Turn<CampMessage> turn)
    {
        var counted = gathering with { Present = gathering.Present.Add(general) };
        var after = state with { Gatherings = state.Gatherings.Set(id, counted) };
        if (gathering.Present.Count == seat.Generals.Count || counted.Present.Count < seat.Generals.Count)
        {
            return after;
        }

        turn.Cancel(MusterOf(id));
        turn.Start(AccountsOf(id, gathering.Plan.M));
        turn.Tell(seat.Generals.Where(other => other != turn.Self.Node).Select(Council.AddressOf), new March(id));
        return With(after, id, Begun(after, id, after.Battles[id], turn));
    }

    private CampState CallAgain(CampState state, BattleId id, Gathering gathering, Turn<CampMessage> turn)
    {
        turn.Tell(Absent(gathering).Select(Council.AddressOf), new Muster(id, gathering.Plan));
        turn.Start(MusterOf(id));
        return state with { Gatherings = state.Gatherings.Set(id, gathering with { Calls = gathering.Calls + 1 }) };
    }

    private CampState Dismiss(CampState state, BattleId id, Gathering gathering, Turn<CampMessage> turn)
    {
        turn.Report(new HistoryEvent.Completed(
            gathering.Operation, Outcome.Failed, null,
            $"{string.Join(", ", Absent(gathering))} did not answer the muster: the order was not given."));
        turn.Tell(seat.Generals.Where(other => other != turn.Self.Node).Select(Council.AddressOf), new Dismissed(id));
        return Break(state with { Gatherings = state.Gatherings.Remove(id) }, id, turn);
    }

    private IEnumerable<NodeId> Absent(Gathering gathering) => seat.Generals.Where(general => !gathering.Present.Contains(general));

    private CampState Note(CampState state, Account account, Gathering gathering, NodeId general, Turn<CampMessage> turn)
    {
        var told = gathering with { Accounts = gathering.Accounts.Set(general, account.Report) };
        return told.Accounts.Count == seat.Generals.Count
            ? Answer(state, account.Battle, told, turn)
            : state with { Gatherings = state.Gatherings.Set(account.Battle, told) };
    }

    private CampState Answer(CampState state, BattleId id, Gathering gathering, Turn<CampMessage> turn)
    {
        var report = BattleReport.Of(id, gathering.Plan, gathering.Accounts);
        turn.Cancel(AccountsOf(id, 0));
        turn.Note($"IC1 {report.Ic1}, IC2 {report.Ic2}");
        turn.Report(new HistoryEvent.Completed(gathering.Operation, Outcome.Ok, report, ""));
        return state with { Gatherings = state.Gatherings.Remove(id), Last = report };
    }
}

using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.CampMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>The role that a general plays in a battle, by his place.</summary>
public delegate IRole<GeneralState, NoDisk, GeneralsMessage> Casting(
    BattlePlan plan, Signer own, PublicKeys keys, string battle, Seq<GeneralsMessage> remembered);

/// <summary>The place of one general among all.</summary>
/// <param name="Generals">All of them.</param>
/// <param name="Own">His hand.</param>
/// <param name="Keys">By which he verifies what others signed.</param>
public sealed record Seat(Seq<NodeId> Generals, Signer Own, PublicKeys Keys);

/// <summary>How camps keep time, all in the same way.</summary>
/// <param name="Round">How long a round is; messages should take much less.</param>
/// <param name="Calls">
/// So often a commander calls whoever did not answer yet, once a round: before a battle nothing hangs on one message.
/// </param>
public sealed record Drill(TimeSpan Round, int Calls);

/// <summary>
/// A general's camp, from which he goes into one battle after the other, several at a time if users ask for it. It makes the
/// rounds that the algorithms assume: all camps begin when all are present, a round has a fixed length, and a message with k
/// generals on its path belongs to round k. What comes after its round is not used, and is told as a violated assumption (A3).
/// A camp does nothing else to messages, be its general loyal or not.
/// </summary>
/// <param name="seat">Whose camp it is, and who the others are.</param>
/// <param name="drill">How the camps keep time.</param>
/// <param name="casting">Which roles generals play; null for those of the plan.</param>
public partial class Camp(Seat seat, Drill drill, Casting? casting = null) : IRole<CampState, CampDisk, CampMessage>
{
    /// <summary>So many messages of a battle are remembered.</summary>
    private const int MostKept = 32;

    /// <summary>So many battles that are over are remembered, to tell what comes late.</summary>
    private const int MostOver = 4;

    /// <summary>
    /// No general says more to another in one battle, however he lies: of greater numbers none is remembered.
    /// </summary>
    public const int MostWords = 1_000;

    private readonly Casting _casting =
        casting ?? ((plan, own, keys, battle, remembered) => plan.RoleOf(own, keys, battle, remembered));

    public CampDisk EmptyDisk { get; } = new(0);

    public CampState Boot(CampDisk disk, Turn<CampMessage> turn) =>
        new(disk, default, default, default, default, null);

    public CampState Receive(CampState state, Address sender, CampMessage message, Turn<CampMessage> turn) => message switch
    {
        Invoke invoke when sender == Address.Outside => Take(state, invoke, turn),
        Muster muster when muster.Battle.Commander == sender.Node => Come(state, sender, muster, turn),
        Present present when seat.Generals.Contains(sender.Node)
            && state.Gatherings.TryGetValue(present.Battle, out var gathering) =>
            Count(state, present.Battle, gathering, sender.Node, turn),
        March march when march.Battle.Commander == sender.Node && state.Battles.TryGetValue(march.Battle, out var battle) =>
            With(state, march.Battle, Begun(state, march.Battle, battle, turn)),
        Word { Number: >= 1 and <= MostWords } word when seat.Generals.Contains(sender.Node)
            && state.Battles.TryGetValue(word.Battle, out var battle) =>
            With(state, word.Battle, Hear(Begun(state, word.Battle, battle, turn), word, sender, turn)),
        Account account when seat.Generals.Contains(sender.Node)
            && state.Gatherings.TryGetValue(account.Battle, out var gathering) =>
            Note(state, account, gathering, sender.Node, turn),
        Dismissed dismissed when dismissed.Battle.Commander == sender.Node
            && state.Battles.TryGetValue(dismissed.Battle, out var battle) && battle.General is null =>
            Break(state, dismissed.Battle, turn),
        _ => state,
    };

    public CampState Expire(CampState state, Timer timer, Turn<CampMessage> turn)
    {
        foreach (var (id, battle) in state.Battles)
        {
            if (timer.Name == RoundOf(id).Name && !battle.IsOver)
            {
                return EndRound(state, id, battle, turn);
            }

            if (timer.Name == MarchOf(id).Name && battle.General is null)
            {
                turn.Note($"{id} did not begin");
                return Forget(state, id);
            }
        }

        foreach (var (id, gathering) in state.Gatherings)
        {
            if (timer.Name == MusterOf(id).Name)
            {
                return gathering.Calls < drill.Calls
                    ? CallAgain(state, id, gathering, turn)
                    : Dismiss(state, id, gathering, turn);
            }

            if (timer.Name == AccountsOf(id, 0).Name && !WaitsForAll)
            {
                return Answer(state, id, gathering, turn);
            }
        }

        return state;
    }

    /// <summary>Whether a message comes in its round.</summary>
    protected virtual bool IsInTime(int length, int round) => round <= length;

    /// <summary>Whether accounts that do not come are waited for.</summary>
    protected virtual bool WaitsForAll => false;

    private static CampState With(CampState state, BattleId id, Battle battle) =>
        state with { Battles = state.Battles.Set(id, battle) };

    private Timer RoundOf(BattleId id) => Timer.Fixed($"round {id}", drill.Round);

    /// <summary>
    /// How long a general who came waits to march: twice as long as a commander waits for all to come. His word that there is
    /// no battle may be lost, or he may have crashed.
    /// </summary>
    private Timer MarchOf(BattleId id) => Timer.Fixed($"march {id}", 2 * drill.Calls * drill.Round);

    /// <summary>
    /// Somebody musters: the general is there, and plays the part that he is given. Called again before the march, he answers
    /// again: his answer may be lost.
    /// </summary>
    private CampState Come(CampState state, Address sender, Muster muster, Turn<CampMessage> turn)
    {
        if (state.Battles.TryGetValue(muster.Battle, out var known))
        {
            if (known.General is null)
            {
                turn.Tell(sender, new Present(muster.Battle));
            }

            return state;
        }

        if (muster.Battle.Number <= state.Forgotten.FindOr(sender.Node, 0)
            || muster.Plan.Commander != sender.Node
            || muster.Plan.Generals != seat.Generals || muster.Plan.Refusal() is not null)
        {
            return state;
        }

        turn.Tell(sender, new Present(muster.Battle));
        if (!state.Gatherings.ContainsKey(muster.Battle)) // The commander's own camp has his word in any case.
        {
            turn.Start(MarchOf(muster.Battle));
        }

        return With(state, muster.Battle, new Battle(muster.Plan, null, 1, default, default, default, default, default));
    }

    /// <summary>There will be no battle.</summary>
    private CampState Break(CampState state, BattleId id, Turn<CampMessage> turn)
    {
        turn.Cancel(MarchOf(id));
        return Forget(state, id);
    }

    /// <summary>A battle is remembered no more; if its muster comes again, it is known that it is old.</summary>
    private static CampState Forget(CampState state, BattleId id) => state with
    {
        Battles = state.Battles.Remove(id),
        Forgotten = state.Forgotten.Set(id.Commander, Math.Max(id.Number, state.Forgotten.FindOr(id.Commander, 0))),
    };

    /// <summary>The first round begins with the commander's word to march, or with the first word of another who marches already.</summary>
    private Battle Begun(CampState state, BattleId id, Battle battle, Turn<CampMessage> turn)
    {
        if (battle.General is not null)
        {
            return battle;
        }

        turn.Cancel(MarchOf(id));
        turn.Start(RoundOf(id));
        return Play(id, battle, state.Memory, turn, (role, inner) => role.Boot(NoDisk.Instance, inner));
    }

    private Battle Hear(Battle battle, Word word, Address sender, Turn<CampMessage> turn)
    {
        var came = battle.Came.FindOr(sender.Node, default);
        if (came.Contains(word.Number))
        {
            return battle;
        }

        var (path, order) = word.Said.Saying;
        if (battle.IsOver || !IsInTime(path.Count, battle.Round))
        {
            var late = $"{order}:{path} of {sender.Node} came after round {path.Count}";
            turn.Note($"assumption violated: {late}");
            return battle.Late.Count < MostKept ? battle with { Late = battle.Late.Add(late) } : battle;
        }

        var after = Play(word.Battle, battle, default, turn, (role, inner) => role.Receive(battle.General!, sender, word.Said, inner));
        return after with
        {
            Came = after.Came.Set(sender.Node, came.Add(word.Number)),
            Received = Knows(after.General) > Knows(battle.General) ? after.Received.Add(new Received(path, order, battle.Round)) : after.Received,
            Kept = after.Kept.Count < MostKept ? after.Kept.Add(word.Said) : after.Kept,
        };
    }

    private CampState EndRound(CampState state, BattleId id, Battle battle, Turn<CampMessage> turn)
    {
        var next = battle with { Round = battle.Round + 1 };
        if (!next.IsOver)
        {
            turn.Start(RoundOf(id));
            return With(state, id, next);
        }

        // A commander decided when he gave the order.
        var ended = next.General is GeneralState.Loyal { Decision: null }
            ? Play(id, next, default, turn, (role, inner) => role.Expire(next.General, next.Plan.Council.Deadline, inner))
            : next;
        turn.Tell(Council.AddressOf(id.Commander), new Account(id, ended.ReportOf(turn.Self.Node)));
        var over = state.Over.Add(id);
        var after = With(state, id, ended) with { Over = over };
        return over.Count > MostOver ? Forget(after with { Over = over.Skip(1) }, over[0]) : after;
    }

    /// <summary>A turn of the general in this battle: his messages go out in its name, and its rounds are his only timer.</summary>
    private Battle Play(
        BattleId id, Battle battle, Seq<GeneralsMessage> remembered, Turn<CampMessage> turn,
        Func<IRole<GeneralState, NoDisk, GeneralsMessage>, Turn<GeneralsMessage>, GeneralState> play)
    {
        var role = _casting(battle.Plan, seat.Own, seat.Keys, id.ToString(), remembered);
        var (general, asked) = turn.Nest<GeneralsMessage, GeneralState>(inner => play(role, inner));
        var sent = battle.Sent;
        foreach (var effect in asked)
        {
            switch (effect)
            {
                case Effect.Send send:
                    var number = sent.FindOr(send.To.Node, 0) + 1;
                    turn.Tell(send.To, new Word(id, number, (GeneralsMessage)send.Message));
                    sent = sent.Set(send.To.Node, number);
                    break;

                case Effect.Note note:
                    turn.Note(note.Text);
                    break;

                default:
                    break;
            }
        }

        return battle with { General = general, Sent = sent };
    }

    private static int Knows(GeneralState? general) => general switch
    {
        GeneralState.Loyal loyal => loyal.Heard.Count + loyal.Signed.Count,
        GeneralState.Disloyal traitor => traitor.Heard.Values.Sum(orders => orders.Count),
        _ => 0,
    };
}

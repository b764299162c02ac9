using ActorLab.Algorithms.KeyValue;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <content>Phase 2 for each command, and how learners come to know what was chosen: sections 3 and 2.3.</content>
public partial class Leader
{
    /// <summary>Phase 2(a) in the next slot. Phase 1 was for all slots, so one round trip is enough.</summary>
    private LeaderState Propose(LeaderState leader, LogCommand command, Turn<MultiPaxosMessage> turn)
    {
        var leads = leader.Leadership!;
        turn.Tell(Places.AcceptorPlaces, new Accept(leader.Highest!.Value, leads.NextSlot, command));
        return leader with
        {
            Leadership = leads with
            {
                NextSlot = leads.NextSlot + 1,
                Open = leads.Open.Set(leads.NextSlot, new OpenSlot(command, [], false)),
                OpenBytes = leads.OpenBytes + command.Bytes,
            },
        };
    }

    private LeaderState HearAccepted(
        LeaderState state, Address acceptor, Accepted accepted, Turn<MultiPaxosMessage> turn)
    {
        if (state.Leadership is not { } leads || accepted.Number != state.Highest
            || !leads.Open.TryGetValue(accepted.Slot, out var open) || open.IsChosen)
        {
            return state; // of an older ballot, or beyond the majority
        }

        var heard = open.Accepted.Add(acceptor);
        if (!IsEnough(heard))
        {
            return state with
            {
                Leadership = leads with { Open = leads.Open.Set(accepted.Slot, open with { Accepted = heard }) },
            };
        }

        TellLearners(accepted.Slot, open.Command, turn);
        return AdvanceChosen(state with
        {
            Leadership = leads with { Open = leads.Open.Set(accepted.Slot, new OpenSlot(open.Command, [], true)) },
        });
    }

    /// <summary>Section 2.3: a value is chosen when a majority of the acceptors has accepted it.</summary>
    protected virtual bool IsEnough(Set<Address> accepted) => accepted.Count >= Majority;

    /// <summary>The learner on this node answers the client; where there is none, all do.</summary>
    private void TellLearners(long slot, LogCommand command, Turn<MultiPaxosMessage> turn)
    {
        var answering = Places.AnsweringFor(turn.Self.Node);
        foreach (var learner in Places.LearnerPlaces)
        {
            turn.Tell(learner, new Chosen(slot, command, answering.Contains(learner)));
        }
    }

    private static LeaderState AdvanceChosen(LeaderState leader)
    {
        var leads = leader.Leadership!;
        var through = Math.Max(leads.ChosenThrough, leader.SettledThrough);
        while (leads.Open.TryGetValue(through + 1, out var open) && open.IsChosen)
        {
            through++;
        }

        return through == leads.ChosenThrough ? leader : leader with { Leadership = leads with { ChosenThrough = through } };
    }

    /// <summary>
    /// What a majority of ledgers has can be forgotten here: the other learners ask those. Who has it in a ledger has it
    /// from a leader that counted a majority, so it is chosen, also where this leader did not hear enough acceptors.
    /// </summary>
    private LeaderState HearLedger(LeaderState state, Address learner, Learned learned)
    {
        if (learned.Through <= state.Ledgers.FindOr(learner, 0) || !Places.LearnerPlaces.Contains(learner))
        {
            return state;
        }

        var ledgers = state.Ledgers.Set(learner, learned.Through);
        var most = (Places.Learners.Count / 2) + 1;
        var settled = ledgers.Count < most ? 0 : ledgers.Values.OrderDescending().ElementAt(most - 1);
        var told = state with { Ledgers = ledgers, SettledThrough = Math.Max(state.SettledThrough, settled) };
        if (told.Leadership is not { } leads || told.SettledThrough == state.SettledThrough)
        {
            return told;
        }

        var (open, bytes) = (leads.Open, leads.OpenBytes);
        for (var slot = state.SettledThrough + 1; slot <= told.SettledThrough; slot++)
        {
            bytes -= open.Find(slot)?.Command.Bytes ?? 0;
            open = open.Remove(slot);
        }

        return AdvanceChosen(told with
        {
            Leadership = leads with
            {
                Open = open,
                OpenBytes = bytes,
                NextSlot = Math.Max(leads.NextSlot, told.SettledThrough + 1),
            },
        });
    }

    /// <summary>
    /// Every interval: a round of questions whether it still leads, word to all, and what may have been lost again.
    /// </summary>
    private LeaderState Beat(LeaderState state, Turn<MultiPaxosMessage> turn)
    {
        if (state.Leadership is null)
        {
            return state;
        }

        turn.Start(_heartbeat);
        SendHeartbeats(state, turn);
        var asked = BeginRound(state, turn);
        var leads = asked.Leadership!;
        var bytes = 0;
        foreach (var (slot, open) in leads.Open)
        {
            if (slot >= leads.ResendBelow || bytes > Options.MaxPageBytes)
            {
                break;
            }

            if (!open.IsChosen)
            {
                bytes += open.Command.Bytes;
                turn.Tell(
                    Places.AcceptorPlaces.Where(acceptor => !open.Accepted.Contains(acceptor)),
                    new Accept(asked.Highest!.Value, slot, open.Command));
            }
        }

        return asked with { Leadership = leads with { ResendBelow = leads.NextSlot } };
    }

    protected virtual void SendHeartbeats(LeaderState leader, Turn<MultiPaxosMessage> turn)
    {
        var word = new Heartbeat(leader.Highest!.Value, leader.Leadership!.ChosenThrough, leader.SettledThrough);
        turn.Tell(Places.LeaderPlaces.Where(other => other != turn.Self), word);
        turn.Tell(Places.LearnerPlaces, word);
    }

    /// <summary>A learner missed something that this leader still has.</summary>
    private LeaderState Recall(LeaderState state, Address learner, Ask ask, Turn<MultiPaxosMessage> turn)
    {
        var (commands, bytes) = (Seq<LogCommand>.Empty, 0);
        for (var slot = ask.From; state.Leadership is { } leads && leads.Open.Find(slot) is { IsChosen: true } open; slot++)
        {
            bytes += open.Command.Bytes;
            if (bytes > Options.MaxPageBytes && !commands.IsEmpty)
            {
                break;
            }

            commands = commands.Add(open.Command);
        }

        if (!commands.IsEmpty)
        {
            turn.Tell(learner, new Decrees(ask.From, commands, state.Leadership!.ChosenThrough));
        }

        return state;
    }
}

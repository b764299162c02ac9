using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Tests.MultiPaxos;

/// <summary>What "Paxos Made Simple" says, claim by claim.</summary>
public sealed class PaperTests
{
    [Fact]
    public void Section_2_2_an_acceptor_promises_and_tells_what_it_accepted_in_the_slots_from_there_on()
    {
        var acceptor = Three.Acceptor()
            .Hear("n1/leader", new Accept(Three.B(1, 1), 1, Three.Put(1)))
            .Hear("n1/leader", new Accept(Three.B(1, 1), 3, Three.Put(3))).Forget()
            .Hear("n2/leader", new Prepare(Three.B(2, 2), 2));
        Assert.Equal(
            [new Promise(Three.B(2, 2), [new Vote(3, Three.B(1, 1), Three.Put(3))], false)], acceptor.Sent<Promise>("n2/leader"));
        Assert.Equal(Three.B(2, 2), acceptor.State.Disk.Promised);
    }

    [Fact]
    public void Section_2_2_an_acceptor_accepts_nothing_below_its_promise_in_any_slot_even_after_a_restart()
    {
        var acceptor = Three.Acceptor().Hear("n2/leader", new Prepare(Three.B(2, 2), 1)).Restart().Forget();
        foreach (var slot in new[] { 1, 5, 9 })
        {
            acceptor.Hear("n1/leader", new Accept(Three.B(1, 1), slot, Three.Put(slot)));
        }

        Assert.True(acceptor.State.Disk.Votes.IsEmpty);
        Assert.Empty(acceptor.Sent<Accepted>("n1/leader"));
        Assert.Equal(3, acceptor.Sent<Rejected>("n1/leader").Count(rejected => rejected.Promised == Three.B(2, 2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Acceptor.MostSlots + 1L)]
    [InlineData(long.MaxValue)]
    public void An_acceptor_accepts_nothing_in_a_slot_where_no_leader_can_be(long slot)
    {
        var acceptor = Three.Acceptor().Hear("n1/leader", new Accept(Three.B(1, 1), slot, Three.Put(1)));
        Assert.True(acceptor.State.Disk.Votes.IsEmpty);
        Assert.Empty(acceptor.Sent<Accepted>("n1/leader"));
    }

    [Fact]
    public void A_gap_takes_no_room_in_an_acceptor_that_was_down_while_others_accepted()
    {
        var acceptor = Three.Acceptor();
        foreach (var slot in new long[] { 1_000_000, 2, 7, Acceptor.MostSlots, 2, 5 })
        {
            acceptor.Hear("n1/leader", new Accept(Three.B(1, 1), slot, Three.Put(slot)));
        }

        Assert.Equal([2, 5, 7, 1_000_000, Acceptor.MostSlots], acceptor.State.Disk.Votes.Select(vote => vote.Slot));
        Assert.Equal([2, 5, 7], new long[] { 1, 2, 3, 5, 6, 7, 8 }.Where(slot => acceptor.State.Disk.VoteIn(slot)?.Slot == slot));
        acceptor.Restart().Hear("n2/leader", new Prepare(Three.B(2, 2), 6));
        Assert.Equal(
            [7, 1_000_000, Acceptor.MostSlots], Assert.Single(acceptor.Sent<Promise>("n2/leader")).Votes.Select(vote => vote.Slot));
        acceptor.Hear("n2/leader", new Accept(Three.B(2, 2), 7, Three.Put(8)));
        Assert.Equal(new Vote(7, Three.B(2, 2), Three.Put(8)), acceptor.State.Disk.VoteIn(7));
        Assert.Equal(5, acceptor.State.Disk.Votes.Count);
    }

    [Fact]
    public void A_leader_fills_no_gap_that_no_leader_can_have_left()
    {
        var most = MultiPaxosOptions.Default.MaxOpenSlots;
        foreach (var (slot, fills) in new[] { (most + 1, true), (most + 2, false), (Acceptor.MostSlots, false) })
        {
            var leader = Three.Leader().Forget().Expire("silence")
                .Hear("n1/acceptor", new Promise(Three.B(1, 1), [new Vote(slot, Three.B(1, 2), Three.Put(1))], false))
                .Hear("n2/acceptor", new Promise(Three.B(1, 1), default, false));
            Assert.Equal(fills ? slot : 0, leader.Sent<Accept>("n1/acceptor").Length);
        }
    }

    [Fact]
    public void Section_2_2_a_majority_is_one_of_acceptors()
    {
        var leader = Three.Leader().Forget().Expire("silence")
            .Hear("n1/acceptor", new Promise(Three.B(1, 1), default, false))
            .Hear("n9/acceptor", new Promise(Three.B(1, 1), default, false))
            .Hear("n2/learner", new Promise(Three.B(1, 1), default, false));
        Assert.Equal(LeaderPhase.Preparing, leader.State.Phase);
        leader.Hear("n2/acceptor", new Promise(Three.B(1, 1), default, false)).Hear("n1/client", Three.Ask(1)).Forget()
            .Hear("n1/acceptor", new Accepted(Three.B(1, 1), 1)).Hear("n9/acceptor", new Accepted(Three.B(1, 1), 1));
        Assert.Empty(leader.Sent<Chosen>("n1/learner"));
        leader.Hear("n9/acceptor", new Renewed(Three.B(1, 1), 1));
        Assert.DoesNotContain(Address.Parse("n9/acceptor"), leader.State.Leadership!.Rounds.Keys);
        Assert.Single(leader.Hear("n2/acceptor", new Accepted(Three.B(1, 1), 1)).Sent<Chosen>("n1/learner"));
    }

    [Fact]
    public void Section_2_2_votes_survive_a_restart_and_the_highest_number_replaces_the_others()
    {
        var acceptor = Three.Acceptor()
            .Hear("n1/leader", new Accept(Three.B(1, 1), 2, Three.Put(1)))
            .Hear("n2/leader", new Accept(Three.B(2, 2), 2, Three.Put(2)))
            .Hear("n2/leader", new Accept(Three.B(2, 2), 1, Three.Put(3))).Restart();
        Assert.Equal(new Vote(1, Three.B(2, 2), Three.Put(3)), acceptor.State.Disk.VoteIn(1));
        Assert.Equal(new Vote(2, Three.B(2, 2), Three.Put(2)), acceptor.State.Disk.VoteIn(2));
    }

    [Fact]
    public void Section_3_phase_1_is_for_all_slots_at_once_and_after_it_a_command_takes_phase_2_alone()
    {
        var leader = Three.Leader().Forget().Expire("silence");
        Assert.Equal([new Prepare(Three.B(1, 1), 1)], leader.Sent<Prepare>("n3/acceptor"));
        leader.Hear("n1/acceptor", new Promise(Three.B(1, 1), default, false))
            .Hear("n2/acceptor", new Promise(Three.B(1, 1), default, false)).Forget()
            .Hear("n1/client", Three.Ask(1)).Hear("n1/client", Three.Ask(2));
        Assert.Empty(leader.Sent<Prepare>("n3/acceptor"));
        Assert.Equal(
            [new Accept(Three.B(1, 1), 1, Three.Put(1)), new Accept(Three.B(1, 1), 2, Three.Put(2))],
            leader.Sent<Accept>("n3/acceptor"));
    }

    /// <summary>The paper's own example has such proposals in slots 135 and 140, and fills 136 and 137; here they are in 1 and 4.</summary>
    [Fact]
    public void Section_3_a_new_leader_proposes_what_it_was_told_and_fills_gaps_with_no_ops()
    {
        var leader = Three.Leading(
            new Vote(1, Three.B(1, 2), Three.Put(1)), new Vote(4, Three.B(1, 2), Three.Put(4)));
        var number = leader.State.Highest!.Value;
        Assert.Equal(
            [
                new Accept(number, 1, Three.Put(1)), new Accept(number, 2, LogCommand.NoOp.Instance),
                new Accept(number, 3, LogCommand.NoOp.Instance), new Accept(number, 4, Three.Put(4)),
            ],
            leader.Sent<Accept>("n2/acceptor"));
        leader.Forget().Hear("n1/client", Three.Ask(5));
        Assert.Equal([new Accept(number, 5, Three.Put(5))], leader.Sent<Accept>("n2/acceptor"));
    }

    [Fact]
    public void Section_2_2_of_several_proposals_in_a_slot_it_takes_the_highest_numbered()
    {
        var leader = Three.Leader().Hear("n2/leader", new Heartbeat(Three.B(4, 2), 0, 0)).Expire("silence").Forget();
        Assert.Equal(Three.B(5, 1), leader.State.Highest);
        leader.Hear("n1/acceptor", new Promise(Three.B(5, 1), [new Vote(1, Three.B(4, 2), Three.Put(4))], false))
            .Hear("n3/acceptor", new Promise(Three.B(5, 1), [new Vote(1, Three.B(3, 3), Three.Put(3))], false));
        Assert.Equal([new Accept(Three.B(5, 1), 1, Three.Put(4))], leader.Sent<Accept>("n1/acceptor"));
    }

    [Fact]
    public void Section_2_2_votes_that_do_not_fit_in_one_message_come_page_by_page_and_only_then_count_as_a_promise()
    {
        var acceptor = Three.Acceptor(MultiPaxosOptions.Default with { MaxPageBytes = 1 });
        acceptor.Hear("n1/leader", new Accept(Three.B(1, 1), 1, Three.Put(1)))
            .Hear("n1/leader", new Accept(Three.B(1, 1), 2, Three.Put(2))).Hear("n1/leader", new Prepare(Three.B(2, 1), 1));
        var page = Assert.Single(acceptor.Sent<Promise>("n1/leader"));
        Assert.True(page.More);

        var leader = Three.Leader().Hear("n2/leader", new Heartbeat(Three.B(1, 2), 0, 0)).Expire("silence").Forget();
        leader.Hear("n1/acceptor", page with { Number = Three.B(2, 1) }).Hear("n2/acceptor", page with { Number = Three.B(2, 1) });
        Assert.Equal(LeaderPhase.Preparing, leader.State.Phase);
        Assert.Equal([new Prepare(Three.B(2, 1), 2)], leader.Sent<Prepare>("n1/acceptor"));
    }

    [Fact]
    public void Section_2_3_a_command_is_chosen_when_a_majority_accepted_and_learners_are_told_once()
    {
        var leader = Three.Leading().Hear("n1/client", Three.Ask(1)).Forget();
        var number = leader.State.Highest!.Value;
        leader.Hear("n1/acceptor", new Accepted(number, 1)).Hear("n1/acceptor", new Accepted(number, 1));
        Assert.Empty(leader.Sent<Chosen>("n2/learner"));
        leader.Hear("n3/acceptor", new Accepted(number, 1)).Hear("n2/acceptor", new Accepted(number, 1));
        Assert.Equal([new Chosen(1, Three.Put(1), false)], leader.Sent<Chosen>("n2/learner"));
        Assert.Equal([new Chosen(1, Three.Put(1), true)], leader.Sent<Chosen>("n1/learner"));
        Assert.Equal(1, leader.State.Leadership!.ChosenThrough);
    }

    [Fact]
    public void Section_3_a_learner_executes_slot_by_slot()
    {
        var learner = Three.Learner().Hear("n2/leader", new Chosen(2, Three.Put(1), true));
        Assert.Equal(0, learner.State.Executed);
        learner.Hear("n2/leader", new Chosen(1, Three.Open, true));
        Assert.Equal(2, learner.State.Executed);
        Assert.Equal("v1", learner.State.Store.Machine.Values["k"]);
        Assert.Equal([new SessionOpened(7, 1)], learner.Sent<SessionOpened>("n1/client"));
        Assert.Equal([new Reply(1, 1, new KvReply.Done())], learner.Sent<Reply>("n1/client"));
        Assert.Equal(learner.State.Store, learner.Restart().State.Store);
    }

    [Fact]
    public void Section_2_3_a_learner_that_missed_something_asks_the_leader_and_another_learner_and_goes_on_from_there()
    {
        var learner = Three.Learner().Hear("n2/leader", new Heartbeat(Three.B(1, 2), 3, 0));
        Assert.Equal([new Ask(1)], learner.Sent<Ask>("n2/leader"));
        Assert.Equal([new Ask(1)], learner.Sent<Ask>("n2/learner"));
        learner.Forget().Hear("n2/leader", new Heartbeat(Three.B(1, 2), 3, 0));
        Assert.Equal([new Ask(1)], learner.Sent<Ask>("n3/learner"));
        learner.Forget().Hear("n3/learner", new Decrees(1, [Three.Open, Three.Put(1)], 3));
        Assert.Equal(2, learner.State.Executed);
        Assert.Equal([new Ask(3)], learner.Sent<Ask>("n3/learner"));
        Assert.Empty(learner.Sent<Reply>("n1/client"));
        learner.Forget().Hear("n2/learner", new Ask(2));
        Assert.Equal([new Decrees(2, [Three.Put(1)], 2)], learner.Sent<Decrees>("n2/learner"));
    }

    [Fact]
    public void Section_2_5_a_leader_that_restarts_uses_a_higher_number()
    {
        var leader = Three.Leader().Expire("silence").Restart().Expire("silence");
        Assert.Equal(Three.B(2, 1), leader.State.Highest);
    }

    [Fact]
    public void Section_2_2_a_leader_abandons_its_ballot_when_it_hears_of_a_higher_number_and_sends_its_clients_away()
    {
        var leader = Three.Leading().Hear("n1/client", Three.Ask(1)).Forget()
            .Hear("n2/acceptor", new Rejected(Three.B(3, 3)));
        Assert.Equal(LeaderPhase.Waiting, leader.State.Phase);
        Assert.NotEmpty(leader.Sent<NotLeader>("n1/client"));
        Assert.Equal(Three.B(4, 1), leader.Expire("silence").State.Highest);
    }

    [Fact]
    public void A_read_waits_until_a_majority_of_acceptors_says_that_no_higher_number_is_promised()
    {
        var leader = Three.Leading().Hear("n1/client", Three.Ask(1)).Forget()
            .Hear("n1/client", new Read(9, new KvCommand.Get("k")));
        var number = leader.State.Highest!.Value;
        Assert.Equal([new Renew(number, 1)], leader.Sent<Renew>("n3/acceptor"));
        leader.Hear("n1/acceptor", new Renewed(number, 1));
        Assert.Empty(leader.Sent<Query>("n1/learner"));
        leader.Hear("n3/acceptor", new Renewed(number, 1));
        Assert.Equal([new Query(Address.Parse("n1/client"), 9, new KvCommand.Get("k"), 1)], leader.Sent<Query>("n1/learner"));
    }

    [Fact]
    public void A_read_is_answered_when_the_slots_before_it_are_executed()
    {
        var read = new Query(Address.Parse("n1/client"), 9, new KvCommand.Get("k"), 2);
        var learner = Three.Learner().Hear("n1/leader", new Chosen(1, Three.Open, true)).Hear("n1/leader", read);
        Assert.Empty(learner.Sent<ReadReply>("n1/client"));
        learner.Hear("n1/leader", new Chosen(2, Three.Put(1), true));
        Assert.Equal([new ReadReply(9, new KvReply.Found("v1"))], learner.Sent<ReadReply>("n1/client"));
        Assert.True(learner.State.Queries.IsEmpty);
    }

    [Fact]
    public void A_leader_forgets_what_a_majority_of_ledgers_has_and_the_next_one_begins_behind_it()
    {
        var leader = Three.Leading().Hear("n1/client", Three.Ask(1)).Hear("n1/client", Three.Ask(2));
        var number = leader.State.Highest!.Value;
        leader.Hear("n1/acceptor", new Accepted(number, 1)).Hear("n2/acceptor", new Accepted(number, 1))
            .Hear("n1/learner", new Learned(1));
        Assert.Equal(2, leader.State.Leadership!.Open.Count);
        leader.Hear("n3/learner", new Learned(1)).Forget().Expire("heartbeat");
        Assert.Equal([2L], leader.State.Leadership!.Open.Keys);
        var word = Assert.Single(leader.Sent<Heartbeat>("n2/leader"));
        Assert.Equal(new Heartbeat(number, 1, 1), word);
        var next = Three.Leader(2).Hear("n1/leader", word).Forget().Expire("silence");
        Assert.Equal([new Prepare(Three.B(number.Round + 1, 2), 2)], next.Sent<Prepare>("n1/acceptor"));
    }

    [Fact]
    public void What_is_not_chosen_by_the_second_heartbeat_goes_out_again_to_those_that_did_not_accept()
    {
        var leader = Three.Leading().Hear("n1/client", Three.Ask(1));
        var number = leader.State.Highest!.Value;
        leader.Hear("n1/acceptor", new Accepted(number, 1)).Expire("heartbeat").Forget().Expire("heartbeat");
        Assert.Equal([new Accept(number, 1, Three.Put(1))], leader.Sent<Accept>("n2/acceptor"));
        Assert.Empty(leader.Sent<Accept>("n1/acceptor"));
    }

    [Fact]
    public void A_leader_that_no_majority_answers_steps_down()
    {
        var leader = Three.Leading().Expire("heartbeat");
        var number = leader.State.Highest!.Value;
        leader.Hear("n1/acceptor", new Renewed(number, 1)).Hear("n2/acceptor", new Renewed(number, 1)).Expire("quorum");
        Assert.Equal(LeaderPhase.Leading, leader.State.Phase);
        Assert.Equal(LeaderPhase.Waiting, leader.Expire("quorum").State.Phase);
    }
}

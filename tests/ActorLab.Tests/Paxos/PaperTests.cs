using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Tests.Paxos;

/// <summary>What "Paxos Made Simple" says of a single decree, claim by claim.</summary>
public sealed class PaperTests
{
    private static readonly Seq<Address> Acceptors = Seq.ToSeq(NodeId.Range(3).Select(node => new Address(node, "acceptor")));

    [Fact]
    public void Section_2_2_phase_1a_a_proposer_sends_a_number_it_never_used_to_the_acceptors()
    {
        var proposer = AProposer().Hear("n1/client", new Propose("v"));
        Assert.All(Acceptors, acceptor => Assert.Equal([new Prepare(B(1, 1))], proposer.Sent<Prepare>($"{acceptor}")));
        proposer.Forget().Expire("retry");
        Assert.All(Acceptors, acceptor => Assert.Equal([new Prepare(B(2, 1))], proposer.Sent<Prepare>($"{acceptor}")));
    }

    [Fact]
    public void Section_2_2_phase_1b_an_acceptor_promises_a_number_higher_than_all_it_answered_and_tells_what_it_accepted()
    {
        var acceptor = AnAcceptor().Hear("n1/proposer", new Prepare(B(1, 1)));
        Assert.Equal([new Promise(B(1, 1), null)], acceptor.Sent<Promise>("n1/proposer"));
        acceptor.Hear("n1/proposer", new Accept(P(1, 1, "v"))).Hear("n2/proposer", new Prepare(B(1, 2)));
        Assert.Equal([new Promise(B(1, 2), P(1, 1, "v"))], acceptor.Sent<Promise>("n2/proposer"));
        acceptor.Forget().Hear("n1/proposer", new Prepare(B(1, 1)));
        Assert.Empty(acceptor.Sent<Promise>("n1/proposer"));
        Assert.Equal([new Rejected(B(1, 1), B(1, 2))], acceptor.Sent<Rejected>("n1/proposer"));
    }

    [Fact]
    public void Section_2_2_phase_2a_with_a_majority_of_promises_it_proposes_its_own_value_where_none_was_accepted()
    {
        var proposer = AProposer().Hear("n1/client", new Propose("v")).Hear("n3/acceptor", new Promise(B(1, 1), null))
            .Hear("n3/acceptor", new Promise(B(1, 1), null));
        Assert.Empty(proposer.Sent<Accept>("n1/acceptor"));
        proposer.Hear("n2/acceptor", new Promise(B(1, 1), null));
        Assert.All(Acceptors, acceptor => Assert.Equal([new Accept(P(1, 1, "v"))], proposer.Sent<Accept>($"{acceptor}")));
    }

    [Fact]
    public void Section_2_2_phase_2a_P2c_it_takes_the_value_of_the_highest_numbered_proposal_among_the_promises()
    {
        var proposer = AProposer(5).Hear("n1/client", new Propose("v")).Expire("retry").Expire("retry").Forget()
            .Hear("n1/acceptor", new Promise(B(3, 1), P(2, 3, "newer"))).Hear("n2/acceptor", new Promise(B(3, 1), P(1, 2, "older")));
        Assert.Equal([new Accept(P(3, 1, "newer"))], proposer.Sent<Accept>("n3/acceptor"));
    }

    [Fact]
    public void Section_2_2_phase_2b_an_acceptor_accepts_unless_it_promised_a_higher_number_and_learners_hear_of_it()
    {
        var acceptor = AnAcceptor().Hear("n2/proposer", new Prepare(B(2, 2))).Forget().Hear("n1/proposer", new Accept(P(1, 1, "low")));
        Assert.Null(acceptor.State.Disk.Accepted);
        Assert.Empty(acceptor.Sent<Accepted>("n1/learner"));
        acceptor.Hear("n2/proposer", new Accept(P(2, 2, "v")));
        Assert.Equal(P(2, 2, "v"), acceptor.State.Disk.Accepted);
        Assert.Equal([new Accepted(P(2, 2, "v"))], acceptor.Sent<Accepted>("n1/learner"));
        acceptor.Hear("n3/proposer", new Accept(P(3, 3, "w"))); // It need not have heard of phase 1.
        Assert.Equal(new AcceptorDisk(B(3, 3), P(3, 3, "w")), acceptor.State.Disk);
    }

    [Fact]
    public void Section_2_2_an_acceptor_remembers_its_promise_and_what_it_accepted_though_it_fails_and_restarts()
    {
        var acceptor = AnAcceptor().Hear("n1/proposer", new Accept(P(1, 1, "v"))).Hear("n2/proposer", new Prepare(B(2, 2)))
            .Restart().Forget().Hear("n1/proposer", new Accept(P(1, 1, "v"))).Hear("n3/proposer", new Prepare(B(3, 3)));
        Assert.Empty(acceptor.Sent<Accepted>("n1/learner"));
        Assert.Equal([new Promise(B(3, 3), P(1, 1, "v"))], acceptor.Sent<Promise>("n3/proposer"));
    }

    [Fact]
    public void Section_2_3_a_learner_learns_what_a_majority_accepted_under_one_number()
    {
        var learner = ALearner().Hear("n1/acceptor", new Accepted(P(1, 1, "v"))).Hear("n2/acceptor", new Accepted(P(2, 2, "v")));
        Assert.Null(learner.State.Learned);
        learner.Hear("n3/acceptor", new Accepted(P(2, 2, "v")));
        Assert.Equal("v", learner.State.Learned);
        Assert.Equal([new PaxosMessage.Chosen("v")], learner.Sent<PaxosMessage.Chosen>("n1/client"));
        Assert.Equal([new PaxosMessage.Chosen("v")], learner.Sent<PaxosMessage.Chosen>("n1/proposer"));
    }

    [Fact]
    public void Section_2_3_a_learner_that_missed_an_acceptance_asks_and_acceptors_tell_it_again()
    {
        var learner = ALearner().Expire("missing");
        Assert.All(Acceptors, acceptor => Assert.Single(learner.Sent<Ask>($"{acceptor}")));
        var acceptor = AnAcceptor().Hear("n2/learner", new Ask());
        Assert.Empty(acceptor.Sent<Accepted>("n2/learner"));
        acceptor.Hear("n1/proposer", new Accept(P(1, 1, "v"))).Hear("n2/learner", new Ask());
        Assert.Equal([new Accepted(P(1, 1, "v"))], acceptor.Sent<Accepted>("n2/learner"));
        Assert.Null(learner.Hear("n1/acceptor", new Accepted(P(1, 1, "v"))).Restart().State.Learned);
        Assert.Contains(learner.Effects, effect => effect is Effect.StartTimer { Timer.Name: "missing" });
    }

    [Fact]
    public void Section_2_5_a_proposer_that_restarts_begins_with_a_number_it_never_used()
    {
        var proposer = AProposer(5).Hear("n1/client", new Propose("v")).Restart().Forget();
        Assert.Equal(ProposerPhase.Idle, proposer.State.Phase);
        Assert.Equal([new Prepare(B(2, 1))], proposer.Hear("n1/client", new Propose("v")).Sent<Prepare>("n1/acceptor"));
    }

    [Fact]
    public void A_proposer_that_hears_what_is_chosen_proposes_no_more()
    {
        var proposer = AProposer(5).Hear("n1/client", new Propose("v")).Hear("n1/learner", new PaxosMessage.Chosen("w"));
        Assert.Contains(proposer.Effects, effect => effect is Effect.CancelTimer { Name: "retry" });
        proposer.Forget().Hear("n1/acceptor", new Promise(B(1, 1), null)).Hear("n2/acceptor", new Promise(B(1, 1), null));
        Assert.Empty(proposer.Effects);
    }

    [Fact]
    public void A_client_asks_until_a_learner_knows_and_all_its_users_are_told()
    {
        var client = AClient().Ask(new Invoke(1, "v")).Ask(new Invoke(2, "w")).Ask(new Invoke(3, null));
        Assert.Equal([new Propose("v"), new Propose("w")], client.Sent<Propose>("n1/proposer"));
        client.Hear("n1/learner", new NothingKnown());
        Assert.Equal([(3, new Decision(null))], Answers(client));
        client.Forget().Expire("again");
        Assert.Equal([new Propose("v")], client.Sent<Propose>("n1/proposer"));
        Assert.Single(client.Sent<WhatIsChosen>("n1/learner"));
        client.Hear("n1/learner", new PaxosMessage.Chosen("w")).Ask(new Invoke(4, "x"));
        Assert.Equal([(1, new Decision("w")), (2, new Decision("w")), (4, new Decision("w"))], Answers(client));
        Assert.Empty(client.Forget().Ask(new Invoke(5, null)).Sent<WhatIsChosen>("n1/learner"));
    }

    [Fact]
    public void Section_2_3_a_learner_that_acceptors_cannot_help_has_a_proposer_issue_a_proposal()
    {
        var learner = ALearner().Expire("missing").Expire("missing");
        Assert.Empty(learner.Sent<Propose>("n1/proposer")); // For all it knows nothing is chosen.
        learner.Hear("n1/acceptor", new Accepted(P(1, 1, "v"))).Expire("missing");
        learner.Hear("n2/acceptor", new Accepted(P(2, 1, "w"))).Expire("missing");
        Assert.Empty(learner.Sent<Propose>("n1/proposer")); // Its question brought news.
        learner.Hear("n2/acceptor", new Accepted(P(2, 1, "w"))).Expire("missing");
        Assert.Equal([new Propose("w")], learner.Sent<Propose>("n1/proposer"));
        Assert.Equal([new Propose("w")], learner.Sent<Propose>("n2/proposer"));
    }

    [Fact]
    public void A_learner_that_knows_tells_a_proposer_that_goes_on()
    {
        var learner = ALearner().Hear("n1/acceptor", new Accepted(P(1, 1, "v"))).Hear("n2/acceptor", new Accepted(P(1, 1, "v")));
        learner.Forget().Hear("n1/acceptor", new Accepted(P(2, 2, "v")));
        Assert.Equal([new PaxosMessage.Chosen("v")], learner.Sent<PaxosMessage.Chosen>("n2/proposer"));
        Assert.Single(learner.Effects);
    }

    [Fact]
    public void A_proposer_that_is_asked_again_behind_the_end_proposes_again()
    {
        var proposer = AProposer(5).Hear("n1/client", new Propose("v")).Hear("n2/learner", new PaxosMessage.Chosen("w")).Forget()
            .Hear("n1/learner", new Propose("w")).Hear("n1/learner", new Propose("w"));
        Assert.Equal([new Prepare(B(2, 1))], proposer.Sent<Prepare>("n1/acceptor"));
    }

    [Fact]
    public void Section_2_2_only_acceptors_are_a_majority()
    {
        var proposer = AProposer().Hear("n1/client", new Propose("v")).Forget();
        var learner = ALearner();
        foreach (var stranger in new[] { "n4/acceptor", "n5/acceptor", "n1/learner" })
        {
            proposer.Hear(stranger, new Promise(B(1, 1), null));
            learner.Hear(stranger, new Accepted(P(1, 1, "v")));
        }

        Assert.Empty(proposer.Effects);
        Assert.Empty(proposer.State.Promised);
        Assert.Equal(new LearnerState(default, null), learner.State);
    }

    [Fact]
    public void A_client_whose_users_come_in_steadily_asks_again_all_the_same()
    {
        var client = AClient().Ask(new Invoke(1, "v"));
        Assert.Equal("again", Assert.Single(client.Effects.OfType<Effect.StartTimer>()).Timer.Name);
        client.Forget().Ask(new Invoke(2, "w")).Ask(new Invoke(3, null));
        Assert.Empty(client.Effects.OfType<Effect.StartTimer>());
        Assert.Single(client.Expire("again").Effects.OfType<Effect.StartTimer>());
    }

    private static Ballot B(int round, int node) => new(round, new NodeId($"n{node}"));

    private static Proposal P(int round, int node, string value) => new(B(round, node), value);

    private static OneRole<ProposerState, ProposerDisk, PaxosMessage> AProposer(int ballots = 3) =>
        new("n1/proposer", new Proposer(Acceptors, ballots));

    private static OneRole<AcceptorState, AcceptorDisk, PaxosMessage> AnAcceptor() =>
        new("n1/acceptor", new Acceptor([Address.Parse("n1/learner")], rejects: true));

    private static OneRole<LearnerState, NoDisk, PaxosMessage> ALearner() =>
        new("n1/learner", new Learner(new LearnerOptions(
            Acceptors, [Address.Parse("n1/proposer"), Address.Parse("n2/proposer")], [Address.Parse("n1/client")], Asks: true)));

    private static OneRole<ClientState, NoDisk, PaxosMessage> AClient() =>
        new("n1/client", new Client(Address.Parse("n1/proposer"), Address.Parse("n1/learner")));

    private static IEnumerable<(long, Decision)> Answers(OneRole<ClientState, NoDisk, PaxosMessage> client) =>
        client.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>()
            .Select(completed => (completed.Operation, (Decision)completed.Reply!));
}

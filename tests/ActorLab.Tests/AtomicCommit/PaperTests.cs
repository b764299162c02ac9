using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>The claims of Bernstein, Hadzilacos and Goodman, chapter 7, one by one; no message leaves before its disk.</summary>
public sealed class PaperTests
{
    private static readonly NodeId N2 = new("n2");
    private static readonly NodeId N3 = new("n3");
    private static readonly TransactionId T = new(new NodeId("n1"), 1, 1);
    private static readonly CommitCommand.Transfer Ten = new(new Account("a", N2), [new Account("b", N3)], 10);

    private static VoteRequest Request(long change, TransactionId? transaction = null, TransactionId? oldest = null) =>
        new(transaction ?? T, Map.Of(("a", change)), [N2, N3], oldest ?? T);

    [Fact]
    public void Section7_4_phase_1_asks_every_participant_for_its_vote()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten);
        Assert.Equal(
            [
                ("n2/participant", new VoteRequest(T, Map.Of(("a", -10L)), [N2, N3], T)),
                ("n3/participant", (object)new VoteRequest(T, Map.Of(("b", 10L)), [N2, N3], T)),
            ],
            coordinator.Sent);
        Assert.Null(coordinator.Completed);
        Assert.False(coordinator.DiskChanged);
    }

    [Fact]
    public void Section7_4_a_Yes_is_on_the_disk_before_it_leaves()
    {
        var participant = OneRole.Participant(2).Hear("n1/coordinator", Request(-10));
        Assert.True(participant.DiskChanged);
        Assert.Equal([("n1/coordinator", new Vote(T, true, ""))], participant.Sent);
        Assert.True(participant.Crash().ParticipantDisk.Prepared.ContainsKey(T));
        Assert.Equal(100, participant.ParticipantDisk.Balances["a"]);
        Assert.Equal(10, participant.ParticipantDisk.HeldOf("a"));
    }

    [Fact]
    public void Section7_4_with_a_No_a_participant_has_aborted_and_never_takes_it_back()
    {
        var participant = OneRole.Participant(2).Hear("n1/coordinator", Request(-101));
        Assert.Equal([("n1/coordinator", new Vote(T, false, "a@n2 has 100 free, and it takes 101"))], participant.Sent);
        Assert.Equal(Decision.Abort, participant.Crash().ParticipantDisk.Decided[T]);
        participant.Hear("n1/coordinator", Request(-1));
        Assert.Equal([("n1/coordinator", new Vote(T, false, "n2 aborted it before"))], participant.Sent);
    }

    [Fact]
    public void Section7_4_phase_2_commits_when_all_said_Yes_and_logs_it_first()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten).Hear("n2/participant", new Vote(T, true, ""));
        Assert.Empty(coordinator.Sent);
        coordinator.Hear("n3/participant", new Vote(T, true, ""));
        Assert.True(coordinator.DiskChanged);
        Assert.Equal(["n2/participant", "n3/participant"], coordinator.Sent.Select(sent => sent.To));
        Assert.All(coordinator.Sent, sent => Assert.Equal(new Decide(T, Decision.Commit), sent.Message));
        Assert.Equal(new CommitReply.Committed(T), coordinator.Completed!.Reply);
        Assert.Equal(
            [Coordinator.VotesPoint, Coordinator.DecisionPoint],
            coordinator.Effects.OfType<Effect.Note>().Select(note => note.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Presumed_abort_writes_nothing_when_it_aborts(bool timeIsUp)
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten).Hear("n2/participant", new Vote(T, true, ""));
        coordinator = timeIsUp ? coordinator.Expire($"votes {T}") : coordinator.Hear("n3/participant", new Vote(T, false, "no"));
        Assert.False(coordinator.DiskChanged);
        Assert.Equal(Outcome.Failed, coordinator.Completed!.Outcome);
        Assert.Equal(timeIsUp ? 2 : 1, coordinator.Sent.Count(sent => sent.Message is Decide { Decision: Decision.Abort }));
        coordinator.Hear("n2/participant", new DecisionRequest(T));
        Assert.Equal([("n2/participant", new Decide(T, Decision.Abort))], coordinator.Sent);
    }

    [Fact]
    public void Presumed_abort_presumes_nothing_of_what_is_open()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten).Hear("n2/participant", new DecisionRequest(T));
        Assert.Empty(coordinator.Sent);
        Assert.Equal([("n2/participant", new Decide(T, Decision.Abort))], coordinator.Crash().Hear("n2/participant", new DecisionRequest(T)).Sent);
    }

    [Fact]
    public void A_coordinator_that_recovers_tells_its_Commit_until_all_acknowledged_and_forgets_it_then()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten)
            .Hear("n2/participant", new Vote(T, true, "")).Hear("n3/participant", new Vote(T, true, ""))
            .Hear("n3/participant", new Acknowledge(T)).Crash();
        Assert.Equal([("n2/participant", new Decide(T, Decision.Commit))], coordinator.Sent);
        Assert.Equal([("n2/participant", new Decide(T, Decision.Commit))], coordinator.Expire("resend").Sent);
        Assert.True(coordinator.Hear("n2/participant", new Acknowledge(T)).CoordinatorDisk.Committed.IsEmpty);
        var next = new TransactionId(new NodeId("n1"), 2, 1);
        var asked = Assert.IsType<VoteRequest>(coordinator.Ask(2, Ten).Sent.First().Message);
        Assert.Equal((next, next), (asked.Transaction, asked.Oldest));
    }

    [Fact]
    public void What_is_open_keeps_what_participants_decided_and_what_is_over_lets_it_go()
    {
        var (second, third) = (T with { Number = 2 }, T with { Number = 3 });
        var participant = OneRole.Participant(2).Hear("n1/coordinator", Request(-10))
            .Hear("n1/coordinator", new Decide(T, Decision.Commit)).Hear("n1/coordinator", Request(-1, second, oldest: T));
        Assert.Equal(Decision.Commit, participant.ParticipantDisk.Decided[T]);
        participant.Hear("n1/coordinator", Request(-1, third, oldest: second));
        Assert.False(participant.ParticipantDisk.Decided.ContainsKey(T));
        Assert.Empty(participant.Hear("n1/coordinator", Request(-10)).Sent); // a late copy
        Assert.Equal((90, 2), (participant.ParticipantDisk.Balances["a"], participant.ParticipantDisk.Prepared.Count));
    }

    [Fact]
    public void Section7_4_cooperative_termination_asks_all_and_decides_nothing()
    {
        var participant = OneRole.Participant(2).Hear("n1/coordinator", Request(-10)).Expire("doubt");
        Assert.False(participant.DiskChanged);
        Assert.Equal(["n1/coordinator", "n3/participant"], participant.Sent.Select(sent => sent.To));
        Assert.Empty(participant.Hear("n3/participant", new DecisionRequest(T)).Sent); // in doubt itself
        participant.Hear("n3/participant", new Decide(T, Decision.Commit));
        Assert.Equal([("n1/coordinator", new Acknowledge(T))], participant.Sent);
        Assert.Equal(90, participant.ParticipantDisk.Balances["a"]);
        Assert.Equal([("n3/participant", new Decide(T, Decision.Commit))], participant.Hear("n3/participant", new DecisionRequest(T)).Sent);
    }

    [Fact]
    public void Section7_4_who_has_not_voted_aborts_when_asked()
    {
        var participant = OneRole.Participant(2).Hear("n3/participant", new DecisionRequest(T));
        Assert.True(participant.DiskChanged);
        Assert.Equal([("n3/participant", new Decide(T, Decision.Abort))], participant.Sent);
        Assert.False(Assert.IsType<Vote>(participant.Hear("n1/coordinator", Request(-10)).Sent.Single().Message).Yes);
    }

    /// <summary>The disk would grow by every name that anybody makes up.</summary>
    [Fact]
    public void Whoever_has_no_part_in_a_transaction_leaves_no_trace_of_it()
    {
        var participant = OneRole.Participant(2);
        Assert.False(participant.Hear("n9/learner", new DecisionRequest(T)).DiskChanged);
        Assert.Empty(participant.Sent);
        Assert.False(participant.Hear("n9/coordinator", new Decide(T, Decision.Abort)).DiskChanged);
        Assert.False(participant.Hear("n1/learner", new Decide(T, Decision.Abort)).DiskChanged);
        Assert.False(participant.Hear("n9/coordinator", Request(-10)).DiskChanged);
        Assert.Empty(participant.Sent);
        Assert.False(participant.Hear("n1/coordinator", Request(-10, oldest: T with { Coordinator = new NodeId("n9") })).DiskChanged);
        Assert.True(participant.Hear("n1/coordinator", Request(-10)).DiskChanged);
    }

    [Fact]
    public void A_ledger_of_a_stranger_counts_for_nobody()
    {
        var coordinator = OneRole.Coordinator().Ask(2, new CommitCommand.Accounts());
        var ledger = new Ledger(Map.Of(("a", 100L)), default, []);
        foreach (var node in new[] { "n2", "n3", "n9" })
        {
            coordinator.Hear($"{node}/participant", new LedgerIs(2, ledger));
        }

        Assert.Null(coordinator.Completed);
        Assert.Equal(3, Assert.IsType<CommitReply.Ledgers>(coordinator.Hear("n4/participant", new LedgerIs(2, ledger)).Completed!.Reply).Nodes.Count);
    }

    [Fact]
    public void Accounts_and_status_tell_what_is_held_and_who_is_silent()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten).Ask(2, new CommitCommand.Accounts()).Ask(3, new CommitCommand.Status());
        var participant = OneRole.Participant(2).Hear("n1/coordinator", Request(-10)).Hear("n1/coordinator", new LedgerRequest(2));
        var ledger = Assert.IsType<LedgerIs>(participant.Sent.Single().Message).Ledger;
        Assert.Equal(Map.Of(("a", 10L)), ledger.Holds);
        coordinator.Hear("n2/participant", new LedgerIs(2, ledger)).Expire("ledgers 2");
        var accounts = Assert.IsType<CommitReply.Ledgers>(coordinator.Completed!.Reply);
        Assert.Equal((Set<NodeId>)[N3, new NodeId("n4")], accounts.Silent);
        foreach (var node in OneRole.Everybody)
        {
            coordinator.Hear($"{node}/participant", new LedgerIs(3, ledger));
        }

        var status = Assert.IsType<CommitReply.Open>(coordinator.Completed!.Reply);
        Assert.Equal((Set<NodeId>)[N2, N3], status.Voting[T]);
        Assert.True(status.InDoubt[N2].Contains(T));
        Assert.True(status.Silent.IsEmpty);
    }

    [Theory]
    [InlineData("a@n2", "a@n3", "0", "A transfer of 0 moves nothing: the amount is 1 to 1000000000.")]
    [InlineData("a@n2", "a@n3", "-5", "A transfer of -5 moves nothing: the amount is 1 to 1000000000.")]
    [InlineData("a@n2", "a@n3", "1000000001", "A transfer of 1000000001 is too much: the amount is 1 to 1000000000.")]
    [InlineData("a@n2", "a@n2", "10", "A transfer from a@n2 to itself moves nothing: name another account.")]
    [InlineData("a@n2", "a@n3,a@n2", "10", "A transfer from a@n2 to itself moves nothing: name another account.")]
    [InlineData("a@n2", "a@n3,a@n3", "10", "A transfer names each account that it goes to once.")]
    [InlineData("a@n9", "a@n3", "10", "a@n9 is on no node that has accounts. These have: n2, n3, n4.")]
    [InlineData("a@n2", "b@n3,c@n1", "10", "c@n1 is on no node that has accounts. These have: n2, n3, n4.")]
    [InlineData("a", "a@n3", "10", "'a' is no account: write it as account@node, for example a@n1.")]
    [InlineData("a@n2", "a@n3", "much", "'much' is no amount: it is a whole number of 1 to 1000000000.")]
    public void Bad_input_gets_a_sentence(string from, string to, string amount, string sentence)
    {
        var transfer = CommitOperations.For(OneRole.Everybody).Single(kind => kind.Name == "transfer");
        var error = Assert.Throws<FormatException>(() => transfer.Build(Map.Of(("from", from), ("to", to), ("amount", amount))));
        Assert.Equal(sentence, error.Message);
    }

    [Fact]
    public void A_coordinator_refuses_what_no_node_has()
    {
        var coordinator = OneRole.Coordinator().Ask(1, Ten with { From = new Account("a", new NodeId("n9")) });
        Assert.Equal("a@n9 is on no node that has accounts. These have: n2, n3, n4.", coordinator.Completed!.Reason);
        Assert.Empty(coordinator.Sent);
        Assert.Contains("moves nothing", coordinator.Ask(2, Ten with { Amount = 0 }).Completed!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transfer_may_touch_three_nodes_and_moves_nothing_in_sum()
    {
        var transfer = (CommitCommand.Transfer)CommitOperations.For(OneRole.Everybody)[0].Build(
            Map.Of(("from", "a@n2"), ("to", "b@n3,c@n4"), ("amount", "10")));
        Assert.Equal(OneRole.Everybody, transfer.Changes().Keys.ToSet());
        Assert.Equal(0, transfer.Changes().Values.Sum(there => there.Values.Sum()));
        Assert.Equal(-20, transfer.Changes()[N2]["a"]);
    }

    [Fact]
    public void Messages_come_through_the_wire_as_they_are()
    {
        var role = RoleBinding.Of(new Coordinator(OneRole.Everybody, CommitOptions.Default));
        CommitMessage[] messages =
        [
            Request(-10), new Vote(T, false, "no"), new Decide(T, Decision.Abort), new Acknowledge(T), new DecisionRequest(T),
            new Invoke(7, Ten), new Invoke(8, new CommitCommand.Accounts()), new Invoke(9, new CommitCommand.Status()),
            new LedgerRequest(8), new LedgerIs(8, new Ledger(Map.Of(("a", 100L)), Map.Of(("a", 10L)), [T])),
        ];
        Assert.All(messages, message =>
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            role.WriteMessage(bytes, message);
            Assert.Equal(message, role.ReadMessage(bytes.WrittenSpan));
        });
    }
}

using System.Text.Json;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Checking;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>One test per claim of the paper. The single-token system is in tests/vectors/chandy_lamport.</summary>
public sealed class PaperTests
{
    private static readonly NodeId P = new("n1");
    private static readonly NodeId Q = new("n2");
    private static readonly NodeId R = new("n3");

    /// <summary>The token goes round by itself: from p along C to q, and along C' back.</summary>
    private static readonly SnapshotOptions SingleToken = new() { Balances = [1, 0], Rate = 1, Collects = false };

    private static readonly JsonElement Vector =
        JsonDocument.Parse(File.ReadAllText("vectors/chandy_lamport/paper_single_token.json")).RootElement;

    [Fact]
    public void Section_2_the_single_token_system_has_four_global_states()
    {
        var result = ModelChecker.Check(SnapshotScenario.Of(SingleToken));
        Assert.Null(result.Failure);
        Assert.Equal(Vector.GetProperty("reachable_global_states_without_snapshot").GetInt32(), result.Distinct);
    }

    /// <summary>p alone never records the token in C, for its marker comes behind it: that takes q as well.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Section_2_each_of_the_four_states_is_recorded_and_no_other(int snapshots)
    {
        var scenario = SnapshotScenario.Of(SingleToken with { Snapshots = snapshots });
        var properties = new SnapshotProperties(SingleToken.Nodes, SingleToken.Money, Spends: false);
        var states = Vector.GetProperty("global_states").EnumerateArray().Select(name => name.GetString()!).ToList();
        var tokens = Vector.GetProperty("recorded_state_must_have_tokens").GetInt32();
        Assert.Equal(["token-in-p", "token-in-C", "token-in-q", "token-in-C'"], states);
        var result = ModelChecker.Check(scenario with
        {
            Properties = scenario.Properties.AddRange(Seq.ToSeq(states.Select(name => (Property)new Property.Sometimes(
                name, "It is recorded.", world => properties.Complete(world).Any(one => PlacesOf(one).SequenceEqual([name])))))).AddRange(
            [
                new Property.Always(
                    "One Token", "A recorded state has one token.", world => properties.Complete(world).All(one => one.Total == tokens)),
                new Property.Always(
                    "Not Both", "Not recorded: the token in p and in C.",
                    world => !properties.Complete(world).Any(one => PlacesOf(one).SequenceEqual(["token-in-p", "token-in-C"]))),
                new Property.Always(
                    "Not None", "Not recorded: the token nowhere.", world => !properties.Complete(world).Any(one => !PlacesOf(one).Any())),
            ]),
        });
        Assert.True(result.Complete);
        Assert.All(result.Verdicts, verdict => Assert.NotEqual(VerdictKind.Violated, verdict.Kind));
        Assert.All(states, name => Assert.Equal(snapshots > 1 || name != "token-in-C", result[name].Kind == VerdictKind.Reached));
    }

    [Fact]
    public void Section_3_2_a_process_sends_one_marker_along_each_channel_after_it_recorded_and_before_anything_else()
    {
        var p = new OneProcess(P, 5, [Q, R], [Q, R]);
        var effects = p.Hear(Address.Outside, new Take(1)).Concat(p.Hear(Address.Outside, new Send(2, Q, 2))).OfType<Effect.Send>().ToList();
        var marker = new Marker(new SnapshotId(P, 1), 0);
        Assert.Equal(
            [(Q, (BankMessage)marker), (R, marker), (Q, new Transfer(2, default))],
            effects.Select(send => (send.To.Node, (BankMessage)send.Message)));
        Assert.Equal(5, p.Part(marker.Snapshot).State);
    }

    [Fact]
    public void Section_3_2_the_first_marker_makes_a_process_record_itself_and_its_channel_as_empty()
    {
        var q = new OneProcess(Q, 3, [P, R], [P, R]);
        q.Hear(Account.At(P), new Transfer(4, default));
        q.Hear(Account.At(P), new Marker(new SnapshotId(P, 1), 0));
        var part = q.Part(new SnapshotId(P, 1));
        Assert.Equal((7, false), (part.State, part.IsComplete));
        Assert.Equal([R], part.Open);
        Assert.True(part.Channels.IsEmpty);
    }

    [Fact]
    public void Section_3_2_the_state_of_another_channel_is_what_came_before_its_marker()
    {
        var (q, snapshot) = (new OneProcess(Q, 3, [P, R], [P, R]), new SnapshotId(P, 1));
        q.Hear(Account.At(P), new Marker(snapshot, 0));
        q.Hear(Account.At(R), new Transfer(1, default));
        q.Hear(Account.At(P), new Transfer(9, default)); // sent after the marker: not of this state
        q.Hear(Account.At(R), new Transfer(2, default));
        q.Hear(Account.At(R), new Marker(snapshot, 0));
        q.Hear(Account.At(R), new Transfer(8, default));
        var part = q.Part(snapshot);
        Assert.True(part.IsComplete);
        Assert.Equal(3, part.State);
        Assert.Equal(Map.Of((R, Seq.Of(1L, 2L))), part.Channels);
        Assert.Equal(23, q.State.Disk.Balance);
    }

    [Fact]
    public void Section_3_3_an_initiator_collects_the_parts_of_accounts_alone()
    {
        var p = new OneRole<AccountState, AccountDisk, BankMessage>(
            "n1/account", new ChandyLamportProcess(new AccountOptions(5, [Q], [Q], [P, Q])));
        var snapshot = new SnapshotId(P, 1);
        p.Ask(new Take(1)).Hear("n2/account", new Marker(snapshot, 0)).Forget();
        p.Hear("n9/account", new Recorded(snapshot, LocalSnapshot.Begin(7, [])));
        Assert.Empty(p.Effects);
        p.Hear("n2/account", new Recorded(snapshot, LocalSnapshot.Begin(3, [])));
        var told = Assert.Single(p.Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>());
        Assert.Equal(8, ((GlobalSnapshot)told.Reply!).Total);
    }

    [Fact]
    public void Who_asks_for_the_same_load_again_does_not_put_the_next_transfer_off()
    {
        var p = new OneProcess(P, 5, [Q], [Q]);
        Assert.Single(p.Hear(Address.Outside, new Load(1, 10)).OfType<Effect.StartTimer>());
        Assert.Empty(p.Hear(Address.Outside, new Load(2, 10)).OfType<Effect.StartTimer>());
        Assert.Single(p.Hear(Address.Outside, new Load(3, 20)).OfType<Effect.StartTimer>());
    }

    /// <summary>Section 3.3: every process records, if markers of one that did reach it along a path.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Section_3_3_every_snapshot_is_complete_in_the_end(int nodes)
    {
        var result = ModelChecker.Check(SnapshotScenario.Of(new SnapshotOptions
        {
            Balances = Seq.ToSeq(Enumerable.Repeat(1L, nodes)),
            Transfers = 1,
            Snapshots = 1,
        }));
        Assert.Equal(VerdictKind.Holds, result[SnapshotProperties.SnapshotsComplete].Kind);
    }

    [Fact]
    public void Section_5_a_state_that_has_no_work_left_says_that_the_work_is_done()
    {
        var result = ModelChecker.Check(SnapshotScenario.Of(new SnapshotOptions
        {
            Balances = [1, 0],
            Transfers = 2,
            Snapshots = 2,
            Spends = 2,
            Collects = false,
        }));
        Assert.True(result.Passed);
        Assert.Equal(VerdictKind.Holds, result[SnapshotProperties.StableProperty].Kind);
        Assert.Equal(VerdictKind.Reached, result[SnapshotProperties.TerminationDetected].Kind);
    }

    /// <summary>Several processes may begin at once: Section 3.2 has no word of how many do.</summary>
    [Fact]
    public void What_makes_no_sense_is_refused_and_changes_nothing()
    {
        var p = new OneProcess(P, 5, [Q], [Q]);
        var before = p.State;
        foreach (var wish in new BankMessage[]
        {
            new Send(1, Q, 6), new Send(2, Q, 0), new Send(3, R, 1), new Spend(4, 6), new Spend(5, -1), new Load(6, 1_001), new Load(7, -1),
        })
        {
            var answer = p.Hear(Address.Outside, wish).OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>().Single();
            Assert.Equal(Outcome.Failed, answer.Outcome);
            Assert.EndsWith(".", answer.Reason, StringComparison.Ordinal);
        }

        p.Hear(Account.At(R), new Transfer(1, default)); // there is no channel from it
        foreach (var wish in new BankMessage[] { new Take(8), new Send(9, Q, 1), new Spend(10, 1), new Load(11, 1), new Show(12) })
        {
            Assert.Empty(p.Hear(Account.At(Q), wish)); // which is for users to wish
        }

        Assert.Equal(before, p.State);
    }

    /// <summary>All the money there was is promised of every snapshot where nobody can use any up.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Money_is_used_up_only_where_the_promises_allow_for_it(int spends, bool isOffered)
    {
        foreach (var isLossy in new[] { false, true })
        {
            var bank = SnapshotScenario.Of(new SnapshotOptions { Balances = [1, 1], Spends = spends, IsLossy = isLossy });
            Assert.Equal(isOffered, bank.Operations.Any(kind => kind.Name == "spend"));
            Assert.Equal(!isOffered, bank.Properties.Any(property => property.Name == SnapshotProperties.RecordedTotal));
        }

        Assert.DoesNotContain(SnapshotScenario.OnNodes(3, 10).Operations, kind => kind.Name == "spend");
    }

    /// <summary>Of two processes the second one's part is complete at once: the marker by which it begins was on its only channel.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_process_that_records_is_seen_to_do_so(bool isLossy)
    {
        var scenario = SnapshotScenario.Of(new SnapshotOptions { Balances = [1, 1], Snapshots = 1, IsLossy = isLossy });
        var story = ModelChecker.Check(scenario with
        {
            Properties = [new Property.Sometimes("Is Taken", "It is taken.", world => SnapshotProperties.States(world).Any(one =>
                one.State.Disk.Collected.Values.Any(all => all.Parts.Count == 2)))],
        })["Is Taken"].Story!;
        var marks = story.Steps
            .Select(step => scenario.HighlightOf(new Happening(step.Where, step.Input!, step.Before, step.After!, step.Effects)))
            .OfType<Highlight>().ToList();
        Assert.Equal(["records n1#1", "records n1#1", "has n1#1: 2"], marks.Select(mark => mark.Text));
        Assert.Equal(2, marks.Count(mark => mark.Kind == HighlightKind.Cut));
    }

    private static IEnumerable<string> PlacesOf(GlobalSnapshot snapshot) => new[]
    {
        (snapshot.Parts[P].State, "token-in-p"), (snapshot.Parts[Q].InFlight, "token-in-C"),
        (snapshot.Parts[Q].State, "token-in-q"), (snapshot.Parts[P].InFlight, "token-in-C'"),
    }.Where(place => place.Item1 > 0).Select(place => place.Item2);

    /// <summary>One process alone.</summary>
    private sealed class OneProcess
    {
        private readonly Address _self;
        private readonly RoleBinding _role;

        public OneProcess(NodeId self, long balance, Set<NodeId> outgoing, Set<NodeId> incoming)
        {
            (_self, _role) = (Account.At(self), RoleBinding.Of(new ChandyLamportProcess(new AccountOptions(balance, outgoing, incoming, []))));
            State = (AccountState)_role.Boot(_role.EmptyDisk, Context).State;
        }

        public AccountState State { get; private set; }

        private TurnContext Context => new(_self, null!, () => default);

        public LocalSnapshot Part(SnapshotId snapshot) => State.Disk.Parts[snapshot];

        public IReadOnlyList<Effect> Hear(Address sender, BankMessage message)
        {
            var step = _role.Receive(State, sender, message, Context);
            State = (AccountState)step.State;
            return step.Effects;
        }
    }
}

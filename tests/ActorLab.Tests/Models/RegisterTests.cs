using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Registers, their histories, and what happens to them when a line of the algorithm is missing.</summary>
public sealed class RegisterTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");

    /// <summary>The shortest way to it in the original has four deliveries too, of the one client or the other.</summary>
    [Fact]
    public void Two_copies_are_no_register()
    {
        var result = ModelChecker.Check(SingleCopyRegister.Family.With(("servers", 2)));
        Assert.Equal(VerdictKind.Violated, result["Linearizable"].Kind);
        Assert.Equal(
            [
                "s0/server receives Put { Request = 2, Value = \"A\" } from c0/client",
                "c0/client receives PutOk { Request = 2 } from s0/server",
                "s1/server receives Get { Request = 4 } from c0/client",
                "c0/client receives GetOk { Request = 4, Value = null } from s1/server",
            ],
            result.Counterexample!.Steps.Select(step => step.Text));
    }

    [Fact]
    public void Abd_with_a_quorum_that_is_no_majority_is_caught() =>
        AssertCaught(Abd.Of(Arguments(Abd.Family, ("servers", 2)), quorum: 1));

    /// <summary>A client writes at one server and then reads at the next, which asks itself and the third.</summary>
    [Fact]
    public void Abd_that_records_nowhere_else_is_caught() =>
        AssertCaught(Abd.Of(Arguments(Abd.Family, ("servers", 3), ("clients", 1)), forgetsToRecord: true));

    /// <summary>
    /// The second phase of a read is what a later read depends on: while a write is under way, who reads twice could otherwise
    /// see it and then see it no more.
    /// </summary>
    [Fact]
    public void Abd_whose_readers_do_not_record_is_caught_by_one_who_reads_twice()
    {
        var given = Arguments(Abd.Family, ("servers", 3), ("clients", 1));
        AssertCaught(WithTwoReads(Abd.Of(given, readsWithoutRecording: true)));
        Assert.True(ModelChecker.Check(WithTwoReads(Abd.Of(given))).Passed);
    }

    /// <summary>No server knows a request again: what the network repeats is written over what was written since.</summary>
    [Fact]
    public void A_network_that_repeats_requests_breaks_registers()
    {
        AssertCaught(SingleCopyRegister.Family.With() with { Faults = new FaultBudget(Duplicates: 1) });
        AssertCaught(Abd.Family.With() with { Faults = new FaultBudget(Duplicates: 1) });
    }

    [Fact]
    public void Paxos_that_ignores_what_was_accepted_is_caught() =>
        AssertCaught(RegisterPaxos.Of(Arguments(RegisterPaxos.Family), ignoresAccepted: true));

    /// <summary>Paxos decides once, so that it does no harm to repeat a request.</summary>
    [Theory]
    [InlineData("single-copy-register", true, false, false)]
    [InlineData("single-copy-register", false, true, false)]
    [InlineData("abd", true, false, false)]
    [InlineData("abd", false, true, false)]
    [InlineData("abd", true, true, false)]
    [InlineData("register-paxos", false, true, false)]
    [InlineData("register-paxos", true, true, false)]
    [InlineData("register-paxos", false, false, true)]
    public void Registers_hold_on_other_networks_too(string name, bool lossy, bool fifo, bool duplicating)
    {
        var family = RegisterModels.All.Single(known => known.Family.Name == name).Family;
        Assert.True(ModelChecker.Check(family.With() with
        {
            Network = new Network(fifo, lossy, duplicating, NoOpDeliversStay: true),
        }).Passed);
    }

    [Fact]
    public void Clients_may_write_more_than_once() =>
        Assert.True(ModelChecker.Check(SingleCopyRegister.Family.With(("puts", 2))).Passed);

    [Fact]
    public void A_read_of_what_nobody_wrote_is_not_linearizable() =>
        Assert.False(Of([(A, null, "x")], []).IsLinearizable);

    [Fact]
    public void An_open_write_may_be_read_and_need_not() => Assert.All((string?[])[null, "x"], read =>
        Assert.True(Of([(B, null, read)], [(A, "x")]).IsLinearizable));

    [Fact]
    public void A_read_after_a_write_must_see_it()
    {
        RegisterHistory.Operation read = new(Map.Of((A, 1)), null, null);
        var history = Of([(A, "x", null)], []);
        Assert.False((history with { Done = history.Done.Set(B, [read]) }).IsLinearizable);
        Assert.True((history with { Done = history.Done.Set(B, [read with { Read = "x" }]) }).IsLinearizable);
        Assert.True((history with { Done = history.Done.Set(B, [read with { Before = default }]) }).IsLinearizable);
    }

    /// <summary>Two readers that see two writes in different orders agree with no order at all.</summary>
    [Fact]
    public void Readers_agree_on_the_order_of_writes()
    {
        NodeId c = new("c"), d = new("d");
        var history = Of([(A, "x", null), (B, "y", null), (c, null, "x"), (c, null, "y"), (d, null, "y"), (d, null, "x")], []);
        Assert.False(history.IsLinearizable);
        Assert.True((history with { Done = history.Done.Remove(d) }).IsLinearizable);
    }

    /// <summary>Other clients: one writes at the first server, one reads at the second and then at the third.</summary>
    private static Scenario WithTwoReads(Scenario abd)
    {
        var servers = abd.Placements.Where(placement => placement.Address.Role == "server").ToSeq();
        return abd with
        {
            Placements =
            [
                .. servers,
                Client("c0", (servers[0].Address, "A")),
                Client("c1", (servers[1].Address, null), (servers[2].Address, null)),
            ],
        };
    }

    private static Placement Client(string node, params (Address Server, string? Write)[] requests) =>
        new(new Address(new NodeId(node), "client"), RoleBinding.Of(new PlannedClient(requests)));

    /// <summary>Makes its requests one after the other.</summary>
    private sealed class PlannedClient((Address Server, string? Write)[] requests)
        : IRole<RegisterClientState, NoDisk, RegisterMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public RegisterClientState Boot(NoDisk disk, Turn<RegisterMessage> turn) => Ask(0, turn);

        public RegisterClientState Receive(
            RegisterClientState state, Address sender, RegisterMessage message, Turn<RegisterMessage> turn) =>
            message is RegisterMessage.GetOk or RegisterMessage.PutOk ? Ask(state.Operations, turn) : state;

        private RegisterClientState Ask(int done, Turn<RegisterMessage> turn)
        {
            if (done == requests.Length)
            {
                return new RegisterClientState(null, done);
            }

            var (server, write) = requests[done];
            var request = (10L * (server.Node.Name[1] - '0')) + done; // No two clients ask the same server here.
            turn.Tell(server, write is null ? new RegisterMessage.Get(request) : new RegisterMessage.Put(request, write));
            return new RegisterClientState(request, done + 1);
        }
    }

    private static void AssertCaught(Scenario mutant)
    {
        var result = ModelChecker.Check(mutant);
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Violated, result["Linearizable"].Kind);
    }

    private static ScenarioArguments Arguments(ScenarioFamily family, params ReadOnlySpan<(string, int)> given) =>
        new(family.Name, family.Parameters, Map.Of(given));

    /// <summary>A history in which all operations overlap, but for those of one client.</summary>
    private static RegisterHistory Of((NodeId Client, string? Write, string? Read)[] done, (NodeId Client, string? Write)[] open) => new(
        done.GroupBy(one => one.Client).ToMap(
            group => group.Key,
            group => Seq.ToSeq(group.Select(one => new RegisterHistory.Operation(default, one.Write, one.Read)))),
        open.ToMap(one => one.Client, one => new RegisterHistory.Operation(default, one.Write, null)));
}

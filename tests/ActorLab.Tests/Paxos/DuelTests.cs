using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Tests.Paxos;

/// <summary>Section 2.4: progress needs a distinguished proposer.</summary>
public sealed class DuelTests
{
    private const string InTheEnd = "A Value Is Chosen In The End";

    [Fact]
    public void Two_proposers_outbid_each_other_for_ever_modulo_ballots()
    {
        var result = ModelChecker.Check(PaxosDuel.Family.With());
        Assert.Equal(VerdictKind.Violated, result[InTheEnd].Kind);
        Assert.NotNull(result[InTheEnd].Story!.LoopsTo);
        Assert.All(
            result.Verdicts.Where(verdict => verdict.Property is Property.Always),
            verdict => Assert.Equal(VerdictKind.Holds, verdict.Kind));
    }

    [Fact]
    public void A_distinguished_proposer_gets_a_value_chosen_whatever_the_others_began()
    {
        var result = ModelChecker.Check(PaxosDuel.Family.With(("acceptors", 2), ("distinguished", 1)));
        Assert.Null(result.Failure);
        Assert.Equal(VerdictKind.Holds, result[InTheEnd].Kind);
        Assert.Equal(1_607, result.Distinct);
    }

    [Fact]
    public void A_proposer_that_is_told_of_a_higher_number_goes_on_above_it()
    {
        var acceptor = new Address(new NodeId("n1"), "acceptor");
        var role = RoleBinding.Of(new Proposer([acceptor], 1, goesOn: true));
        var context = new TurnContext(new Address(new NodeId("n1"), "proposer"), new NoDice(), () => default);
        var asked = role.Receive(
            role.Boot(role.EmptyDisk, context).State, Address.Outside, new PaxosMessage.Propose("v"), context);
        var told = role.Receive(
            asked.State, acceptor,
            new PaxosMessage.Rejected(new Ballot(1, new NodeId("n1")), new Ballot(7, new NodeId("n2"))), context);
        Assert.Equal(
            [new Effect.Send(acceptor, new PaxosMessage.Prepare(new Ballot(8, new NodeId("n1"))))], told.Effects);
    }

    private sealed class NoDice : IChoices
    {
        public int Next(int options) => throw new InvalidOperationException("No dice here.");
    }
}

using ActorLab.Algorithms.Paxos;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;

namespace ActorLab.Tests.Lab;

/// <summary>What the console says of a decree.</summary>
public sealed class DecreeWordsTests
{
    [Theory]
    [InlineData("blue", "chosen: blue")]
    [InlineData("", "chosen: the empty text")]
    public void Every_value_can_be_chosen_also_the_empty_one_and_is_told(string value, string line)
    {
        var scenario = PaxosScenario.OnNodes(3);
        var ask = (PaxosMessage.Invoke)Scenarios.Find("decree")!.Operations.First(kind => kind.Name == "propose").Build(Map.Of(("value", value)));
        var result = Simulator.Run(
            scenario with { Workload = [new PlannedOperation(new Address(new NodeId("n1"), Client.RoleName), ask with { Operation = 1 })] },
            new SimulationOptions { VirtualTime = TimeSpan.FromSeconds(5) });

        Assert.Equal([line], Shown(Assert.Single(result.History.Operations).Reply!));
    }

    [Fact]
    public void Nothing_chosen_is_no_empty_value() =>
        Assert.Equal(["nothing is chosen, as far as this node knows"], Shown(new Decision(null)));

    private static List<string> Shown(object reply)
    {
        var lines = new List<string>();
        var lab = Scenarios.Find("decree")!;
        lab.Show!(
            new CommandContext(new Arguments(new Dictionary<string, object>()), output => lines.Add(Assert.IsType<Output.Line>(output).Text)),
            lab.Entry.Answer!(reply).Body);
        return lines;
    }
}

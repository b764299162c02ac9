using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>What users of the bank ask for as long as a run lasts: money sent round, and snapshots from all nodes.</summary>
internal static class BankLoad
{
    /// <summary>Null for what is no bank.</summary>
    public static ClientLoad? Of(ScenarioFamily family, Scenario scenario) =>
        family.Name.Split(':')[0] is SnapshotScenario.Name or LaiYangScenario.Name ? Of(scenario) : null;

    /// <summary>Users who bring work, and users who want to know when it is done.</summary>
    public static ClientLoad OfWork(Scenario scenario) => new(
        [.. scenario.Nodes.Select(Account.At)],
        (random, _, number) => SnapshotScenario.MessageOf(scenario, random.Next(10) switch
        {
            < 4 => new BankMessage.Detect(number),
            _ => new BankMessage.Work(number, 1 + random.Next(8)),
        }))
    {
        FirstNumber = scenario.Workload.Count + 1,
        Think = Wait.Millis(50, 600),
    };

    private static ClientLoad Of(Scenario scenario)
    {
        var nodes = scenario.Nodes;
        var spends = scenario.Properties.Any(property => property.Name == SnapshotProperties.StableProperty);
        return new ClientLoad(
            [.. nodes.Select(Account.At)],
            (random, account, number) =>
            {
                var others = nodes.Remove(account.Node);
                return SnapshotScenario.MessageOf(scenario, random.Next(10) switch
                {
                    < 2 => new BankMessage.Take(number),
                    < 4 when spends => new BankMessage.Spend(number, 1),
                    _ => new BankMessage.Send(number, others[random.Next(others.Count)], 1 + random.Next(2)),
                });
            })
        {
            FirstNumber = scenario.Workload.Count + 1,
            Think = Wait.Millis(1, 40),
        };
    }
}

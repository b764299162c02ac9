using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>Users of two-phase commit: transfers between any accounts, now and then a look at all of them.</summary>
internal static class CommitLoad
{
    public static ClientLoad Of(Scenario scenario)
    {
        var balances = scenario.Placements
            .Where(placement => placement.Address.Role == Participant.RoleName)
            .SelectMany(placement => ((ParticipantDisk)placement.Role.EmptyDisk).Balances.Select(account =>
                (Account: new Account(account.Key, placement.Address.Node), Funds: account.Value)))
            .ToList();
        List<Account> accounts = [.. balances.Select(balance => balance.Account)];
        var most = (int)Math.Max(1, balances.Max(balance => balance.Funds));
        return new ClientLoad(
            [.. scenario.Placements.Select(placement => placement.Address).Where(address => address.Role == Coordinator.RoleName)],
            (random, _, number) => new CommitMessage.Invoke(number, random.Next(8) == 0 || accounts.Count == 1
                ? new CommitCommand.Accounts()
                : TransferOf(random, accounts, most)))
        {
            FirstNumber = scenario.Workload.Count + 1,
            Think = Wait.Millis(1, 60),
        };
    }

    /// <summary>To one account, or to two; for an amount that is there or not.</summary>
    private static CommitCommand.Transfer TransferOf(RandomStream random, List<Account> accounts, int most)
    {
        var drawn = new List<Account>();
        var legs = Math.Min(accounts.Count, 2 + random.Next(2));
        while (drawn.Count < legs)
        {
            var one = accounts[random.Next(accounts.Count)];
            if (!drawn.Contains(one))
            {
                drawn.Add(one);
            }
        }

        return new CommitCommand.Transfer(drawn[0], [.. drawn.Skip(1)], 1 + random.Next(most));
    }
}

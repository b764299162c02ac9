using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>The scenarios of roles in this project, by name.</summary>
public static class RegisterModels
{
    public static Seq<(ScenarioFamily Family, string Source)> All { get; } =
    [
        (Abd.Family, "Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems, 1995; stateright/stateright, examples/linearizable-register.rs"),
        (RegisterPaxos.Family, "stateright/stateright, examples/paxos.rs"),
        (SingleCopyRegister.Family, "stateright/stateright, examples/single-copy-register.rs"),
    ];

    /// <summary>The parameters that all have.</summary>
    internal static Seq<ScenarioParameter> Parameters(int servers, int most, int least = 1) =>
    [
        new ScenarioParameter("servers", "how many servers", servers, least, most),
        new ScenarioParameter("clients", "how many clients, each of which writes and then reads", 2, 1, 6),
        new ScenarioParameter("puts", "how often each client writes", 1, 1, 3),
    ];

    /// <summary>Servers <c>s0</c>, <c>s1</c>, .. and clients <c>c0</c>, <c>c1</c>, ..</summary>
    /// <param name="name">Of the scenario.</param>
    /// <param name="given">The parameters that all have.</param>
    /// <param name="server">A server, given the others.</param>
    internal static Scenario Of(string name, ScenarioArguments given, Func<Address, Seq<Address>, RoleBinding> server)
    {
        Seq<Address> servers = [.. Enumerable.Range(0, given["servers"]).Select(i => new Address(new NodeId($"s{i}"), "server"))];
        return new Scenario
        {
            Name = name,
            Placements =
            [
                .. servers.Select(at => new Placement(at, server(at, Seq.ToSeq(servers.Where(other => other != at))))),
                .. Enumerable.Range(0, given["clients"]).Select(i => new Placement(
                    new Address(new NodeId($"c{i}"), "client"), RoleBinding.Of(new RegisterClient(i, servers, given["puts"])))),
            ],
            Network = new Network(NoOpDeliversStay: true),
            Observers = [RegisterHistory.Observer],
            Properties =
            [
                new Property.Always(
                    "Linearizable", "All operations take effect at once, at some time between their begin and their end.",
                    world => world.Observed(RegisterHistory.Observer).IsLinearizable),
                new Property.Sometimes(
                    "Value Chosen", "A client reads a value that was written.",
                    world => world.Observed(RegisterHistory.Observer).Done.Values.Any(done => done.Any(one => one.Read is not null))),
            ],
        };
    }
}

using ActorLab.Core;
using static ActorLab.Algorithms.Paxos.PaxosMessage;

namespace ActorLab.Algorithms.Paxos;

/// <summary>What users may ask for, once for console, HTTP and workloads.</summary>
public static class PaxosOperations
{
    private const int MostBytes = 1_024;

    private static readonly OperationParameter Value = new("value", "the value", MostBytes);

    /// <summary>Where users ask proposers: nobody answers them.</summary>
    public static Seq<OperationKind> OfProposers { get; } =
    [
        new("propose", "asks for a value to be chosen", [Value], "proposer", given => new Propose(given["value"])),
    ];

    /// <summary>They build an <see cref="Invoke"/> of operation 0, for a host to number.</summary>
    public static Seq<OperationKind> OfClients { get; } =
    [
        new(
            "propose", "asks for a value to be chosen, and tells which one was: the first, for good",
            [Value], Client.RoleName, given => new Invoke(0, given["value"])),
        new(
            "chosen", "tells what is chosen, as far as the learner of the client knows", [], Client.RoleName,
            _ => new Invoke(0, null)),
    ];
}

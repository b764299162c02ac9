using ActorLab.Core;

namespace ActorLab.Algorithms.Consensus;

/// <summary>What consensus is: the same for every protocol.</summary>
public static class ConsensusProperties
{
    public static readonly Property Agreement = new Property.Always(
        "Agreement", "No two processes decide on different values.",
        world => Decisions(world).Distinct().Count() <= 1);

    public static readonly Property Validity = new Property.Always(
        "Validity", "What is decided is the input of a process.",
        world => Decisions(world).All(world.All<IConsensusState>().Select(process => process.State.Disk.Input).Contains));

    public static readonly Property ZeroIsDecided = new Property.Sometimes(
        "0 Is Decided", "There is a run that decides 0.", world => Decisions(world).Contains(0));

    public static readonly Property OneIsDecided = new Property.Sometimes(
        "1 Is Decided", "There is a run that decides 1.", world => Decisions(world).Contains(1));

    public static readonly Property Termination = new Property.Temporal(
        "Termination", "In the end every process that does not crash decides.",
        new Formula.Eventually(new Formula.Now("all that are up have decided", world => world.Running<IConsensusState>().All(
            process => process.State.Disk.Decided is not null || process.State.IsRetired))));

    public static Seq<Property> All { get; } = [Agreement, Validity, ZeroIsDecided, OneIsDecided, Termination];

    /// <summary>For <see cref="Scenario.Decision"/>.</summary>
    public static object? DecisionOf(object state) => (state as IConsensusState)?.Disk.Decided;

    private static IEnumerable<int?> Decisions(IWorld world) => world.All<IConsensusState>()
        .Select(process => process.State.Disk.Decided)
        .Where(decided => decided is not null);
}

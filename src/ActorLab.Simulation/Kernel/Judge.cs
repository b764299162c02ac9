using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Evaluates the properties of a scenario, each only when something that it read last time has changed.</summary>
internal sealed class Judge(Scenario scenario, SimulatedWorld world)
{
    private readonly ulong[] _reads = [.. scenario.Properties.Select(_ => ulong.MaxValue)];
    private readonly bool[] _reached = new bool[scenario.Properties.Count];

    public Seq<Verdict> Verdicts(Violation? violation) =>
        scenario.Properties.Select((property, i) => new Verdict(property.Name, property switch
        {
            Property.Sometimes => _reached[i] ? Finding.Reached : Finding.NotReached,
            _ => violation?.Property == property.Name ? Finding.Violated : Finding.Held,
        })).ToSeq();

    /// <summary>The first property that is broken now, with the reason; null where all hold.</summary>
    /// <param name="changed">Bits of the world's roles and observers that changed.</param>
    public (string Property, string Reason)? Evaluate(ulong changed)
    {
        for (var i = 0; i < _reads.Length; i++)
        {
            if ((_reads[i] & changed) != 0 && Broken(i) is { } reason)
            {
                return (scenario.Properties[i].Name, reason);
            }
        }

        return null;
    }

    private string? Broken(int index)
    {
        var property = scenario.Properties[index];
        world.Read = 0;
        try
        {
            switch (property)
            {
                case Property.Always always when !always.Holds(world):
                    return always.Claim;
                case Property.Sometimes sometimes when sometimes.Reached(world):
                    _reached[index] = true;
                    _reads[index] = 0;
                    return null;
                default:
                    _reads[index] = world.Read;
                    return null;
            }
        }
        catch (Exception error)
        {
            return $"the property itself threw: {error.GetType().Name}: {error.Message}";
        }
    }
}

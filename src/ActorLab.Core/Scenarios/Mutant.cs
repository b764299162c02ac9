namespace ActorLab.Core;

/// <summary>
/// A wrong variant of an algorithm, which ships with it: a check that misses it is no check. The right one passes in every
/// setting in which it is caught.
/// </summary>
/// <param name="Name">Lower case, such as <c>forgets-its-vote</c>.</param>
/// <param name="GivesUp">The guarantee of the paper that it gives up, with its section; a sentence.</param>
/// <param name="Where">Where in the code the right one keeps it.</param>
/// <param name="Breaks">The names of the properties that catch it, the first being the one that should.</param>
/// <param name="Family">Scenarios with it; the parameters are those of the right one.</param>
public sealed record Mutant(string Name, string GivesUp, string Where, Seq<string> Breaks, ScenarioFamily Family)
{
    /// <summary>What catches a mutant that breaks no property of states: the judge of client histories.</summary>
    public const string Linearizability = "Linearizability";
}

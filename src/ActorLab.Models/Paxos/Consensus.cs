using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// What consensus is, for whatever implements it (Consensus.tla beside the models of Paxos): nothing is chosen at first,
/// then one value may be, and that stays.
/// </summary>
internal static class Consensus
{
    /// <summary>
    /// Adds the specification as a property. Each behaviour of it satisfies the formula, and the other way round: the set of
    /// chosen values starts empty, and once a value is in it there is never anything else.
    /// </summary>
    /// <param name="model">Gets the property.</param>
    /// <param name="name">Of the property, as the original names the instance.</param>
    /// <param name="values">All that may be chosen.</param>
    /// <param name="isChosen">Whether a value is chosen.</param>
    public static void AddTo(ModelBuilder model, string name, int[] values, Func<State, int, bool> isChosen)
    {
        var nothing = model.Now("nothing is chosen", s => !values.Any(v => isChosen(s, v)));
        var stays = values.Select(v => (Formula)new Formula.Always(
            model.Now($"{v} is chosen", s => isChosen(s, v)).Implies(new Formula.Always(
                model.Now($"only {v} is chosen", s => values.All(other => isChosen(s, other) == (other == v)))))));
        model.Temporal(
            name, "Nothing is chosen at first, and once a value is, it and nothing else is for ever.",
            stays.Aggregate(nothing, (one, other) => one & other));
    }
}

using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>All models over shared variables, by name.</summary>
public static class ModelList
{
    public static Seq<ModelFamily> All { get; } =
    [
        TwoPhase.Family,
    ];
}

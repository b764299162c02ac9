using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>The name of a battle, never used twice: a commander counts his on his disk.</summary>
[MemoryPackable]
public readonly partial record struct BattleId(NodeId Commander, int Number) : IComparable<BattleId>
{
    public int CompareTo(BattleId other) =>
        Commander.CompareTo(other.Commander) is var by and not 0 ? by : Number.CompareTo(other.Number);

    public override string ToString() => $"{Commander}#{Number}";
}

/// <summary>What camps say to each other, and hear from users.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Muster))]
[MemoryPackUnion(1, typeof(Present))]
[MemoryPackUnion(2, typeof(March))]
[MemoryPackUnion(3, typeof(Word))]
[MemoryPackUnion(4, typeof(Account))]
[MemoryPackUnion(5, typeof(Dismissed))]
[MemoryPackUnion(20, typeof(Invoke))]
public abstract partial record CampMessage
{
    /// <summary>Commander to all: there will be a battle, and who plays which part.</summary>
    [MemoryPackable]
    public sealed partial record Muster(BattleId Battle, BattlePlan Plan) : CampMessage;

    [MemoryPackable]
    public sealed partial record Present(BattleId Battle) : CampMessage;

    /// <summary>All are present: the first round begins.</summary>
    [MemoryPackable]
    public sealed partial record March(BattleId Battle) : CampMessage;

    /// <summary>What a general says to another one.</summary>
    /// <param name="Battle">In which battle.</param>
    /// <param name="Number">From 1, of what he says to that one in it: a network that repeats it is found out.</param>
    /// <param name="Said">What he says.</param>
    [MemoryPackable]
    public sealed partial record Word(BattleId Battle, int Number, GeneralsMessage Said) : CampMessage
    {
        public override string ToString() => $"{Battle} {Said}";
    }

    /// <summary>After the last round: what a general saw and did, for whoever asked for the battle.</summary>
    [MemoryPackable]
    public sealed partial record Account(BattleId Battle, GeneralReport Report) : CampMessage;

    /// <summary>Not all were present: there will be no battle.</summary>
    [MemoryPackable]
    public sealed partial record Dismissed(BattleId Battle) : CampMessage;

    /// <summary>From a user.</summary>
    /// <param name="Operation">The user's number for it, under which its end is reported.</param>
    /// <param name="Command">What is asked.</param>
    [MemoryPackable]
    public sealed partial record Invoke(long Operation, GeneralsCommand Command) : CampMessage;
}

using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What a camp keeps over a crash, so that no battle has the name of an earlier one.</summary>
/// <param name="Commanded">How many battles this general has commanded.</param>
[MemoryPackable]
public sealed partial record CampDisk(int Commanded);

/// <summary>A battle as one general sees it.</summary>
/// <param name="Plan">All of it: a general plays his own part and looks at no other.</param>
/// <param name="General">His memory; null before the first round.</param>
/// <param name="Round">The round that goes on, from 1.</param>
/// <param name="Received">What he was told in time.</param>
/// <param name="Late">What came after its round.</param>
/// <param name="Sent">How much he sent to whom.</param>
/// <param name="Came">Which numbers of whom came in time.</param>
/// <param name="Kept">The messages themselves, as long as there is room: what a replayer repeats in the next battle.</param>
public sealed record Battle(
    BattlePlan Plan, GeneralState? General, int Round, Seq<Received> Received, Seq<string> Late,
    Map<NodeId, int> Sent, Map<NodeId, Set<int>> Came, Seq<GeneralsMessage> Kept)
{
    public bool IsOver => Round > Plan.M + 1;

    public GeneralReport ReportOf(NodeId self) => new(
        Plan.Traitors.Find(self), Received, (General as GeneralState.Loyal)?.Decision, Late,
        (General as GeneralState.Loyal)?.Refused ?? 0, Sent,
        Came.ToMap(one => one.Key, one => one.Value.Count));
}

/// <summary>What a commander's camp does for the user who asked.</summary>
/// <param name="Operation">The user's number for it.</param>
/// <param name="Plan">What was asked for.</param>
/// <param name="Calls">How often those who are not present were called.</param>
/// <param name="Present">Who answered the muster.</param>
/// <param name="Accounts">What came in after the battle.</param>
public sealed record Gathering(long Operation, BattlePlan Plan, int Calls, Set<NodeId> Present, Map<NodeId, GeneralReport> Accounts);

/// <param name="Disk">What survives.</param>
/// <param name="Battles">Those that go on, and those that were over last.</param>
/// <param name="Over">These, in the order in which they ended.</param>
/// <param name="Forgotten">Of each commander the last of his battles that is not among them any more.</param>
/// <param name="Gatherings">Of battles that this general commands, those that are not answered.</param>
/// <param name="Last">The last battle that he commanded.</param>
public sealed record CampState(
    CampDisk Disk, Map<BattleId, Battle> Battles, Seq<BattleId> Over, Map<NodeId, int> Forgotten,
    Map<BattleId, Gathering> Gatherings, BattleReport? Last)
    : IOnDisk<CampDisk>
{
    /// <summary>What he was told in the last battle that was over.</summary>
    public Seq<GeneralsMessage> Memory => Over.IsEmpty ? default : Battles[Over.Last].Kept;
}

using ActorLab.Core;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>Wrong variants of a camp, and of generals in a right one.</summary>
public static class CampMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "takes-his-word", "OM(m), step 2: a lieutenant passes the order on and hears what the others got.",
            "BattlePlan.cs, RoleOf", ["IC1"],
            (seat, drill) => new Camp(seat, drill, (plan, own, keys, battle, remembered) =>
                (plan.Traitors.ContainsKey(own.General) ? plan : plan with { M = 0 }).RoleOf(own, keys, battle, remembered))),
        Of(
            "thinks-otherwise", "OM(m), step 3: where a majority says so, a lieutenant obeys.",
            "BattlePlan.cs, RoleOf", ["IC2"],
            (seat, drill) => new Camp(seat, drill, (plan, own, keys, battle, remembered) =>
                plan.Traitors.ContainsKey(own.General) ? plan.RoleOf(own, keys, battle, remembered)
                : new Timid(plan.Council))),
        Of(
            "uses-what-comes-late", "A3: a message that has not come in its round is known to be absent.",
            "Camp.cs, IsInTime", ["Rounds Are Kept"], (seat, drill) => new Unpunctual(seat, drill)),
        Of(
            "waits-for-all-accounts", "An order is answered, whoever gives no account.",
            "Camp.cs, WaitsForAll", ["Every Order Is Answered"], (seat, drill) => new Patient(seat, drill)),
    ];

    private static Mutant Of(
        string name, string givesUp, string where, Seq<string> breaks, Func<Seat, Drill, Camp> camp) => new(
        name, givesUp, where, breaks, CampScenario.Family with
        {
            Name = $"{CampScenario.Name}:{name}",
            Summary = $"Byzantine generals in camps, wrong on purpose: {name}.",
            Build = given => CampScenario.With(given, camp),
        });

    private sealed class Timid(Council council) : General(council)
    {
        protected override string Conclude(Map<NodeId, string> orders, NodeId self) =>
            Council.Commanders.Contains(self) ? base.Conclude(orders, self) : BattlePlan.Retreat;
    }

    private sealed class Unpunctual(Seat seat, Drill drill) : Camp(seat, drill)
    {
        protected override bool IsInTime(int length, int round) => true;
    }

    private sealed class Patient(Seat seat, Drill drill) : Camp(seat, drill)
    {
        protected override bool WaitsForAll => true;
    }
}

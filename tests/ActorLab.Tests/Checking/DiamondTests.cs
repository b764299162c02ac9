using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.LaiYang;
using ActorLab.Algorithms.MultiPaxos;
using ActorLab.Algorithms.Paxos;
using ActorLab.Algorithms.PingPong;
using ActorLab.Algorithms.Raft;
using ActorLab.Algorithms.RotatingCoordinator;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking.Kernel;
using ActorLab.Cluster.Crdt;
using ActorLab.Core;
using ActorLab.Models;
using Xunit.Abstractions;

namespace ActorLab.Tests.Checking;

/// <summary>
/// Lemma 1 of Fischer, Lynch and Paterson: two events of different processes, both applicable in a world, lead to the same
/// world in either order. On random worlds of all roles: if a role or the engine had anything global, it would show here.
/// </summary>
public sealed class DiamondTests(ITestOutputHelper output)
{
    private const int Walks = 60;
    private const int Steps = 40;

    /// <summary>Where one copy of a message is enough, or ignored ones vanish, a sender and a receiver meet in the network.</summary>
    private static readonly Network Plain = new();

    public static TheoryData<string> Scenarios() => [.. All.Keys];

    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["ping-pong"] = PingPongScenario.Of(9, new Network(Lossy: true, Duplicating: true)),
        ["paxos"] = PaxosScenario.Of(new PaxosOptions(2, 3, 1, Ballots: 3, Crashes: 1)),
        ["paxos, FIFO"] = PaxosScenario.Of(new PaxosOptions(2, 3, 1)) with { Network = new Network(FifoPerLink: true) },
        ["raft"] = RaftScenario.Family.With(("servers", 3), ("operations", 2), ("crashes", 1)),
        ["ben-or"] = BenOrScenario.Of(new BenOrOptions(Crashes: 1)),
        ["rotating-coordinator"] = CoordinatorScenario.Of(new CoordinatorOptions(Crashes: 1)),
        ["wait-for-all"] = WaitForAllScenario.Of(new WaitForAllOptions(Crashes: 1)),
        ["first-come"] = FirstComeScenario.Of(new FirstComeOptions(Crashes: 1)),
        ["generals"] = GeneralsScenario.Family.With(("n", 4), ("silence", 1)) with { RoundsCommute = false },
        ["agreement"] = GeneralsScenario.AgreementFamily.With(("n", 3)) with { RoundsCommute = false },
        ["single-copy-register"] = SingleCopyRegister.Family.With(("servers", 2), ("puts", 2)),
        ["abd"] = Abd.Family.With(("servers", 3)),
        ["register-paxos"] = RegisterPaxos.Family.With(),
        ["multi-paxos"] = MultiPaxosScenario.Family.With(("operations", 2)),
        ["paxos-duel"] = PaxosDuel.Family.With(("acceptors", 3)),
        ["commit"] = CommitScenario.Family.With(("participants", 3), ("transfers", 2), ("crashes", 1)) with { Network = Plain },
        ["snapshot"] = SnapshotScenario.Family.With(),
        ["snapshot, lossy"] = SnapshotScenario.Family.With(("lossy", 1)) with { Network = Plain, Faults = new FaultBudget() },
        ["lai-yang"] = LaiYangScenario.Family.With(),
        ["crdt"] = CrdtScenario.Family.With(("drops", 0), ("duplicates", 0)) with { Network = Plain },
        ["signed-generals"] = SignedScenario.Family.With(("n", 4)),
        ["campaign"] = CampScenario.Family.With(("orders", 2)),
        ["walkers"] = Walkers.Of(3, new Network(), new FaultBudget(1)),
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Steps_of_different_roles_commute(string name)
    {
        // Observers fold turns in their order, which is what they are for; a message that vanishes is a delivery in disguise.
        var space = new RoleSpace(All[name] with { Observers = [], Properties = [], Constraint = null });
        var seed = name.Aggregate(17, (sum, letter) => (sum * 31) + letter);
        output.WriteLine($"{name}: seed {seed}");
        var random = new Random(seed);
        var pairs = 0;
        for (var walk = 0; walk < Walks; walk++)
        {
            var world = Pick(Starts(space), random);
            for (var step = 0; step < Steps && world.Length > 0; step++)
            {
                pairs += Judge(space, world, random, $"{name}, seed {seed}, walk {walk}, step {step}");
                world = Pick(Next(space, world).Select(next => next.World).ToList(), random);
            }
        }

        output.WriteLine($"{pairs} pairs of steps commute.");
        Assert.True(pairs > 100, $"{pairs} pairs show little.");
    }

    /// <summary>Steps of one role do not commute as a rule: the test can tell.</summary>
    [Fact]
    public void Steps_of_one_role_need_not_commute()
    {
        var space = new RoleSpace(FirstComeScenario.Of(new FirstComeOptions(Inputs: [0, 0, 1])));
        var world = Starts(space).Single();
        world = After(space, world, "n2/process: begin").Single();
        world = After(space, world, "n3/process: begin").Single();
        var votes = Next(space, world).Where(next => next.Text == "n1/process: Vote").Select(next => next.World).ToList();
        Assert.Equal(2, votes.Count);
        var (one, other) = (After(space, votes[0], "n1/process: Vote"), After(space, votes[1], "n1/process: Vote"));
        Assert.False(Ends(space, one).Overlaps(Ends(space, other)));
    }

    private static int Judge(RoleSpace space, int[] world, Random random, string where)
    {
        var steps = Next(space, world).Where(next => next.Process != "").ToList();
        var pairs = 0;
        for (var attempt = 0; attempt < 4 && steps.Count > 1; attempt++)
        {
            var (one, other) = (steps[random.Next(steps.Count)], steps[random.Next(steps.Count)]);
            if (one.Process.Split('/')[0] == other.Process.Split('/')[0] || (one.IsCrash && other.IsCrash))
            {
                continue; // Of one node, and a crash takes all its roles; or the budget is not enough for both.
            }

            // With all outcomes of either, where there are choices or a crash may come between.
            var oneThenOther = Ends(space, Both(one.Label, other.Label));
            Assert.NotEmpty(oneThenOther);
            Assert.True(
                oneThenOther.SetEquals(Ends(space, Both(other.Label, one.Label))), $"{one.Text} and {other.Text} do not commute: {where}.");
            pairs++;
        }

        return pairs;

        IEnumerable<int[]> Both(int first, int second) => steps.Where(step => step.Label == first)
            .SelectMany(step => Next(space, step.World).Where(next => next.Label == second).Select(next => next.World));
    }

    private static List<int[]> After(RoleSpace space, int[] world, string text) =>
        [.. Next(space, world).Where(next => next.Text == text).Select(next => next.World)];

    private static HashSet<Fingerprint> Ends(RoleSpace space, IEnumerable<int[]> worlds) =>
        [.. worlds.Select(world => Successors.Of(space, world))];

    private static int[] Pick(List<int[]> worlds, Random random) => worlds.Count == 0 ? [] : worlds[random.Next(worlds.Count)];

    private static List<int[]> Starts(RoleSpace space)
    {
        var successors = new Successors(space);
        int[] nothing = new int[space.Slots];
        successors.From(nothing, Successors.Of(space, nothing));
        space.Starts(successors);
        return [.. Enumerable.Range(0, successors.Count).Select(start => successors.Build(start).ToArray())];
    }

    private static List<Taken> Next(RoleSpace space, int[] world)
    {
        var successors = new Successors(space);
        successors.From(world, Successors.Of(space, world));
        space.Steps(world, successors, learn: true);
        return
        [
            .. Enumerable.Range(0, successors.Count).Where(step => !successors.HasFailedAt(step)).Select(step =>
            {
                var label = space.LabelOf(successors.LabelAt(step));
                var next = successors.Build(step).ToArray();
                var spent = Budget(space, world) != Budget(space, next);
                return new Taken(successors.LabelAt(step), label.Process, label.ToString(), spent, next);
            }),
        ];
    }

    /// <summary>What is left of the crashes: the slot right behind the operations, whose sum tells a crash from other steps.</summary>
    private static int Budget(RoleSpace space, int[] world) => world[space.Slots - 4];

    private sealed record Taken(int Label, string Process, string Text, bool IsCrash, int[] World);
}

using ActorLab.Algorithms.Paxos;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Models;

namespace ActorLab.Tests.Checking;

/// <summary>
/// A story's ordinals lead through the same steps in a space that has seen nothing else, whatever the exploration learned
/// first on other ways.
/// </summary>
public sealed class ReplayTests
{
    private static readonly SortedDictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["guests"] = WithStops(Guests.Of(3, new Network(), hasTimers: true)),
        ["guests, duplicating"] = WithStops(Guests.Of(3, new Network(Duplicating: true, Lossy: true))),
        ["guests, FIFO"] = WithStops(Guests.Of(3, new Network(FifoPerLink: true, Lossy: true))),
        ["guests, crashes"] = WithStops(Guests.Of(2, new Network(), crashes: 2)),
        ["walkers"] = WithStops(Walkers.Of(2, new Network())),
        ["walkers, rounds"] = WithStops(Walkers.Of(2, new Network(), new FaultBudget(1), Timing.SynchronousRounds)),
        ["paxos"] = PaxosScenario.Of(new PaxosOptions(2, 3, 0)),
        ["paxos, stubborn"] = PaxosMutants.StubbornProposer(new PaxosOptions(2, 3, 0)),
        ["paxos, forgetful"] = PaxosMutants.ForgetfulAcceptor(new PaxosOptions(2, 3, 0, Crashes: 1)),
        ["register-paxos"] = RegisterPaxos.Family.With(("clients", 2)),
        ["abd"] = Abd.Family.With(),
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_story_replays(string name)
    {
        foreach (var symmetry in (bool[])[false, true])
        {
            var scenario = All[name];
            if (symmetry && scenario.Interchangeable.IsEmpty)
            {
                continue;
            }

            var result = ModelChecker.Check(scenario, new CheckOptions { StopAtViolation = false, Symmetry = symmetry });
            Assert.Null(result.Failure);
            var stories = result.Verdicts.Where(verdict => verdict.Story is not null).Select(verdict => verdict.Story!).ToList();
            Assert.NotEmpty(stories);
            Assert.All(stories, story => Assert.Equal(
                story.ToString(), ModelChecker.Replay(scenario, story.Ordinals, story.LoopsTo).ToString()));
        }
    }

    private const int Stops = 60;

    /// <summary>
    /// Asks for a way to some world of each of many kinds, told apart by fingerprints of all states with all names made one.
    /// </summary>
    private static Scenario WithStops(Scenario scenario) => scenario with
    {
        Properties =
        [
            .. Enumerable.Range(0, Stops).Select(i => new Property.Sometimes($"stop {i}", "-", world => KindOf(world) == i)),
        ],
    };

    private static int KindOf(IWorld world)
    {
        var sum = UInt128.Zero;
        foreach (var address in world.Addresses)
        {
            var nameless = Canonical.Rename(world.StateAt(address), _ => default);
            sum += Canonical.Fingerprint((address.Role, world.IsUp(address), Canonical.Text(nameless)));
        }

        return (int)(sum % Stops);
    }
}

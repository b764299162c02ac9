using ActorLab.Algorithms.BenOr;
using ActorLab.Algorithms.FirstCome;
using ActorLab.Algorithms.WaitForAll;
using ActorLab.Checking;
using ActorLab.Checking.Kernel;
using ActorLab.Core;

namespace ActorLab.Tests.Valency;

/// <summary>
/// Valencies agree with a plain computation: of every world, all worlds that can be reached from it are looked at, one by one.
/// On the guests, and on random protocols of which nobody knows what they do.
/// </summary>
public sealed class NaiveValencyTests
{
    private const int Protocols = 60;

    [Fact]
    public void Valencies_of_the_guests_agree()
    {
        Compare(WaitForAllScenario.Of(new WaitForAllOptions(2, Crashes: 1)), "wait-for-all");
        Compare(FirstComeScenario.Of(new FirstComeOptions()), "first-come");
        Compare(BenOrScenario.Of(new BenOrOptions(2, 0)) with { Constraint = null }, "ben-or");
    }

    [Fact]
    public void Valencies_of_random_protocols_agree()
    {
        var kinds = new HashSet<string>();
        for (var seed = 1; seed <= Protocols; seed++)
        {
            kinds.UnionWith(Compare(RandomProtocol(new Random(seed)), $"seed {seed}"));
        }

        foreach (var kind in (string[])["none", "0-valent", "1-valent", "2-valent", "bivalent {", "multivalent {"])
        {
            Assert.Contains(kinds, one => one.StartsWith(kind, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Compare(Scenario scenario, string what)
    {
        var result = ModelChecker.Valency(scenario);
        Assert.True(result.Complete, what);
        var expected = Naive(scenario);
        var actual = result.Worlds.ToDictionary(one => string.Join(",", one.Decisions), one => one.Count);
        Assert.True(
            expected.Count == actual.Count && expected.All(pair => actual.GetValueOrDefault(pair.Key) == pair.Value),
            $"{what}: expected {string.Join("; ", expected)}, got {string.Join("; ", actual)}.");
        return result.Worlds.Select(one => one.Name);
    }

    /// <summary>How many worlds have which reachable decisions.</summary>
    private static Dictionary<string, long> Naive(Scenario scenario)
    {
        var space = new RoleSpace(scenario with { Properties = [] });
        var representative = new Representative(space, symmetry: false);
        var after = new Dictionary<string, List<string>>();
        var decisions = new Dictionary<string, List<string>>();
        var successors = new Successors(space);
        var queue = new Queue<int[]>();
        string Add(int[] world)
        {
            var buffer = new int[world.Length];
            representative.Of(world, ref buffer, learn: true);
            var key = string.Join(",", buffer[..world.Length]);
            if (after.TryAdd(key, []))
            {
                queue.Enqueue(buffer[..world.Length]);
                var view = space.CreateView();
                view.Show(buffer.AsSpan(0, world.Length));
                decisions[key] = [.. view.Addresses.Select(at => $"{scenario.Decision!(view.StateAt(at))}").Where(text => text != "")];
            }

            return key;
        }

        int[] nothing = new int[space.Slots];
        successors.From(nothing, Successors.Of(space, nothing));
        space.Starts(successors);
        Worlds(successors).ForEach(start => Add(start));
        while (queue.TryDequeue(out var world))
        {
            successors.From(world, Successors.Of(space, world));
            space.Steps(world, successors, learn: true);
            after[Add(world)] = Worlds(successors).ConvertAll(Add);
        }

        return after.Keys.GroupBy(world => string.Join(",", Reached(world, after)
                .SelectMany(reached => decisions[reached]).Distinct().Order(StringComparer.Ordinal)))
            .ToDictionary(group => group.Key, group => group.LongCount());
    }

    private static List<int[]> Worlds(Successors successors) =>
        [.. Enumerable.Range(0, successors.Count).Select(step => successors.Build(step).ToArray())];

    private static HashSet<string> Reached(string world, Dictionary<string, List<string>> after)
    {
        var reached = new HashSet<string> { world };
        var todo = new Stack<string>([world]);
        while (todo.TryPop(out var next))
        {
            after[next].FindAll(reached.Add).ForEach(todo.Push);
        }

        return reached;
    }

    /// <summary>Two processes with four states each; what a message does in which state is drawn once.</summary>
    private static Scenario RandomProtocol(Random random)
    {
        Seq<Address> places = [Address.Parse("n1/process"), Address.Parse("n2/process")];
        return new Scenario
        {
            Name = "random",
            Placements = places.Select((at, i) => new Placement(at, RoleBinding.Of(new Drawn(
                [.. Enumerable.Range(0, 12).Select(_ => (random.Next(4), random.Next(4)))], places[1 - i])))).ToSeq(),
            Decision = state => (state as DrawnState)?.At is > 0 and var at ? at - 1 : null,
        };
    }

    private sealed record DrawnState(int At, int Left) : IOnDisk<NoDisk>
    {
        public NoDisk Disk => NoDisk.Instance;
    }

    /// <param name="table">For each state and message the next state, and the message to send; 3 for none.</param>
    /// <param name="other">Where to.</param>
    private sealed class Drawn((int Next, int Send)[] table, Address other) : IRole<DrawnState, NoDisk, Checking.WalkerMessage>
    {
        public NoDisk EmptyDisk => NoDisk.Instance;

        public DrawnState Boot(NoDisk disk, Turn<Checking.WalkerMessage> turn)
        {
            turn.Tell(other, new Checking.WalkerMessage.Step(turn.Choose([0, 1])));
            turn.Tell(other, new Checking.WalkerMessage.Step(2));
            return new DrawnState(0, 3);
        }

        public DrawnState Receive(DrawnState state, Address sender, Checking.WalkerMessage message, Turn<Checking.WalkerMessage> turn)
        {
            var number = ((Checking.WalkerMessage.Step)message).Number;
            var (next, send) = table[(state.At * 3) + number];
            if (state.Left == 0)
            {
                return state;
            }

            if (send < 3)
            {
                turn.Tell(other, new Checking.WalkerMessage.Step(send));
            }

            return new DrawnState(next, state.Left - 1);
        }
    }
}

using ActorLab.Cluster;

namespace ActorLab.Specs;

/// <summary>
/// A spec: several nodes in one process, each an actor system of its own with the host that node processes use, over real
/// remoting on free ports of loopback, joined to one Akka cluster.
///
/// The body of a test directs: it cuts links, crashes nodes, and claims. <see cref="RunOn"/> runs a script on each of
/// some nodes at the same time, and ends when all have; scripts meet at <see cref="SpecNode.Barrier"/>.
/// </summary>
public sealed class LabSpec : IAsyncDisposable
{
    /// <summary>For <c>[Fact(Timeout = LabSpec.Limit)]</c>, in milliseconds: a spec that hangs fails.</summary>
    public const int Limit = 120_000;

    private readonly SpecOutput _output;
    private readonly SpecOptions _options;
    private readonly TempFolder _folder = new();
    private readonly Scenario _scenario;
    private readonly int _seed = SpecSeed.Next();
    private readonly Map<NodeId, SpecNode> _nodes;
    private FaultPlan _plan = FaultPlan.None;

    private LabSpec(SpecOutput output, SpecOptions options)
    {
        _output = output;
        _options = options;
        Names = NodeId.Range(options.Nodes);
        _nodes = Names.ToMap(name => name, name => new SpecNode(this, name));
        _scenario = options.Scenario?.Invoke(Names) ?? new Scenario { Name = "bare", Placements = [] };
        Dice = new Random(_seed);
    }

    /// <summary>The names of all nodes.</summary>
    public Set<NodeId> Names { get; }

    /// <summary>For choices of the spec itself, from its printed seed.</summary>
    public Random Dice { get; }

    /// <summary>The nodes that are up.</summary>
    public IEnumerable<SpecNode> Nodes => _nodes.Values.Where(node => node.IsUp);

    public SpecNode this[NodeId name] => _nodes[name];

    /// <summary>Starts the nodes; ends when all are members of one cluster that are Up, and their roles run.</summary>
    public static async Task<LabSpec> Start(ITestOutputHelper output, SpecOptions options)
    {
        var spec = new LabSpec(new SpecOutput(output), options);
        try
        {
            spec.Say("seed", $"{spec._seed} (of timers and dice; {SpecSeed.Variable}={spec._seed} asks for it again)");
            await Task.WhenAll(spec.Names.Select(name => Task.Run(() => spec.Open(name, port: 0))));
            await Task.WhenAll(spec._nodes.Values.Select(spec.Host));
            var founder = spec._nodes[n1].Address;
            foreach (var node in spec._nodes.Values)
            {
                node.Cluster.JoinSeedNodes([founder]);
            }

            await spec.AwaitMembersUp();
            await spec.AwaitLinks();
            spec.Say("spec", "all nodes are up");
            return spec;
        }
        catch
        {
            await spec.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script on each of these nodes at the same time.</summary>
    public Task RunOn(Set<NodeId> nodes, Func<SpecNode, Task> script) => Run(new Part(nodes, script));

    /// <summary>
    /// Runs different scripts on different nodes at the same time, which meet at common barriers. Ends when all have ended.
    /// </summary>
    /// <exception cref="SpecFailure">Some scripts failed; says on which node, and holds the first cause.</exception>
    public async Task Run(params Part[] parts)
    {
        var cast = parts.SelectMany(part => part.Nodes).ToSet();
        if (cast.Count != parts.Sum(part => part.Nodes.Count) || cast.Any(name => this[name].Barriers is not null))
        {
            throw new InvalidOperationException("A node runs one script at a time.");
        }

        var barriers = new Barriers(cast);
        var failures = await Task.WhenAll(parts.SelectMany(
            part => part.Nodes,
            (part, name) => Task.Run(() => Play(this[name], part.Script, barriers))));
        if (failures.OfType<Failed>().OrderBy(failure => failure.At).ToList() is [var first, ..] all)
        {
            // Who failed first made the others fail, or not: all are told, the first is the cause.
            throw new SpecFailure(string.Join(Environment.NewLine, all.Select(failed => $"{failed.Node}: {failed.Cause.Message}")), first.Cause);
        }
    }

    /// <summary>Puts these cuts in force, in the place of all before; ends when every node obeys.</summary>
    public async Task Partition(Set<Link> cuts)
    {
        _plan = _plan.WithCuts(cuts);
        Say("spec", cuts.IsEmpty ? "heals all links" : $"cuts {string.Join(" ", cuts)}");
        await Task.WhenAll(Nodes.Select(node => node.Lab.Links.ApplyAsync(_plan)));
    }

    /// <summary>Puts these rules for links in force, in the place of all before; ends when every node obeys.</summary>
    public async Task Obey(params Seq<LinkRule> rules)
    {
        _plan = _plan with { Version = _plan.Version + 1, Links = rules };
        Say("spec", rules.IsEmpty ? "no rule for links is left" : string.Join("; ", rules));
        await Task.WhenAll(Nodes.Select(node => node.Lab.Links.ApplyAsync(_plan)));
    }

    /// <summary>Groups that hear only themselves; a node in no group is alone.</summary>
    public Task Split(params Set<NodeId>[] groups) => Partition(Core.Partition.Split(Names, Seq.Of(groups)));

    /// <summary>One node hears nobody, and nobody hears it.</summary>
    public Task Isolate(NodeId alone) => Partition(Core.Partition.Isolate(Names, alone));

    /// <summary>Nothing goes this way; the other way is open.</summary>
    public Task CutOneWay(Set<NodeId> from, Set<NodeId> to) =>
        Partition(from.SelectMany(_ => to, (sender, receiver) => new Link(sender, receiver)).Where(link => link.From != link.To).ToSet());

    public Task Heal() => Partition([]);

    /// <summary>Stops these nodes at the same moment, without a good-bye: what was not on their disks is lost.</summary>
    public async Task Crash(params Set<NodeId> names)
    {
        if (!_scenario.Placements.IsEmpty && _options.Store == StoreKind.Memory)
        {
            throw new InvalidOperationException(
                "This spec keeps disks in memory, so a crashed node would forget its promises: give SpecOptions.Store StoreKind.Sqlite.");
        }

        Say("spec", $"crashes {string.Join(", ", names)}");
        await Task.WhenAll(names.Select(name => NodeStart.Crash(this[name].End())));
    }

    /// <summary>
    /// Starts these nodes again, on the same addresses and disks, with the cuts in force. Ends when their roles run; they
    /// are then on their way back into the cluster.
    /// </summary>
    public async Task Restart(params Set<NodeId> names)
    {
        Say("spec", $"restarts {string.Join(", ", names)}");
        var seeds = Nodes.Select(node => node.Address).ToList();
        await Task.WhenAll(names.Select(name => Task.Run(() => Reopen(name))));
        await Task.WhenAll(names.Select(name => Host(this[name])));
        foreach (var name in names)
        {
            this[name].Cluster.JoinSeedNodes(seeds.Count > 0 ? seeds : [this[names[0]].Address]);
        }
    }

    /// <summary>Waits until each node that is up sees all of these, and nobody else, Up and reachable.</summary>
    public Task AwaitMembersUp(TimeSpan? limit = null) => Patience.AwaitAssert(
        () => Assert.All(Nodes, node =>
        {
            var state = node.Cluster.State;
            var expected = Nodes.Select(other => other.Address).Order().ToList();
            Assert.Equal(expected, state.Members.Where(IsUp).Select(member => member.Address).Order());
            Assert.Empty(state.Unreachable);
        }),
        limit ?? TimeSpan.FromSeconds(30));

    /// <summary>
    /// Every direction of every link carries something. Members can be up before that: gossip goes round by others.
    /// </summary>
    public Task AwaitLinks(TimeSpan? limit = null) => Patience.AwaitAssert(
        () => Assert.All(Nodes, node => Assert.All(
            node.Lab.ObservedLinks(), link => Assert.True(link.Reachable, $"{node.Name} does not hear {link.Peer}."))),
        limit ?? TimeSpan.FromSeconds(30));

    /// <summary>A line in the output of the test.</summary>
    public void Say(string text) => Say("spec", text);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(Nodes.ToList().Select(node => NodeStart.Crash(node.End()))).WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            _output.Close();
            _folder.Dispose();
        }
    }

    internal void Say(NodeId node, string text) => Say(node.Name, text);

    private void Say(string who, string text) => _output.Line(who, text);

    private static bool IsUp(Akka.Cluster.Member member) => member.Status == Akka.Cluster.MemberStatus.Up;

    private async Task<Failed?> Play(SpecNode node, Func<SpecNode, Task> script, Barriers barriers)
    {
        node.Barriers = barriers;
        try
        {
            await script(node);
            barriers.Leave(node.Name, "ended its script");
            return null;
        }
        catch (Exception e)
        {
            var at = Environment.TickCount64;
            Say(node.Name, $"fails: {e.Message}");
            barriers.Leave(node.Name, $"failed ({e.Message})");
            return new Failed(node.Name, at, e);
        }
        finally
        {
            node.Barriers = null;
        }
    }

    private void Open(NodeId name, int port)
    {
        var config = new NodeConfig
        {
            Name = name.Name,
            RemotingPort = port,
            ControlPort = 0, // a spec has no control plane
            Peers = [],
            DataDir = _folder.Of(name),
            TokenFile = "",
        };
        var boot = NodeStart.Open(_options, config, _output.For(name));
        this[name].Address = NodeStart.AddressOf(boot.System);
        this[name].Begin(boot);
    }

    /// <summary>The old port is free again, unless another program was given it meanwhile and holds it for a moment.</summary>
    private Task Reopen(NodeId name)
    {
        var port = this[name].Address.Port!.Value;
        return Patience.AwaitAssert(() => Open(name, port));
    }

    private Task Host(SpecNode node) => node.Host(new NodeSetup
    {
        Node = node.Name,
        Scenarios = [new ScenarioSetup(_scenario)],
        Peers = _nodes.Values.ToDictionary(peer => peer.Name, peer => peer.Address),
        FaultPlan = _plan,
        EndProcess = () => throw new SpecFailure("A crash point was reached: the role crashes there."),
        Seed = _seed + _nodes.Keys.ToList().IndexOf(node.Name),
    });

    private sealed record Failed(NodeId Node, long At, Exception Cause);
}

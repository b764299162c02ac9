using System.Net;
using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>What <c>raft</c> has beside the operations of the replicated store: the servers and their logs.</summary>
internal static class RaftPalette
{
    private const string Name = "raft";
    private static readonly TimeSpan ElectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<Command> Commands(LabContext lab) =>
    [
        new Command("status", "Each server: role, term, commit and applied index, log.")
        {
            Example = "raft status",
            Handler = (c, stopped) => Status(lab, c, stopped),
        },
        new Command("log", "Entries of a server's log.")
        {
            Parameters =
            [
                Parameter.Node("node", "whose log"),
                Parameter.Integer("from", "the first index; the end of the log when left out").AsSwitch().Between(1, long.MaxValue),
                Parameter.Integer("limit", "how many entries").AsSwitch().Between(1, RaftRoutes.MostLines).Or(20),
            ],
            Example = "raft log n1 --limit=10",
            Handler = (c, stopped) => Log(lab, c, stopped),
        },
        new Command("elect", "Lets a server stand for election now, and waits for the outcome.")
        {
            Parameters = [Parameter.Node("node", "who stands")],
            Example = "raft elect n2",
            Handler = (c, stopped) => Elect(lab, c, stopped),
        },
    ];

    private static async Task Status(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var asked = (Halts: Halts(lab, stopped), States: lab.States(Name, RaftOnCluster.ServerRole, stopped));
        var states = await asked.States.ConfigureAwait(false);
        var halts = await asked.Halts.ConfigureAwait(false);
        var leader = await lab.Leader(Name, stopped).ConfigureAwait(false);
        c.Table(
            ["node", "process", "role", Column.Right("term"), "voted for", "leader", Column.Right("commit"), Column.Right("applied"), Column.Right("log"), Column.Right("last term"), Column.Right("keys")],
            states.Select(state => Row(state.Node, state.Answer, leader?.Node, halts.ContainsKey(state.Node.Name))));
        foreach (var node in lab.Supervisor.Names.Where(halts.ContainsKey))
        {
            c.Line(Cell.Strong(node), Cell.Bad(" is halted: "), halts[node]);
        }

        c.Say(leader is null
            ? Cell.Warn("no leader: no majority of the nodes reach each other, or an election is under way")
            : Cell.Good($"{leader.Node} leads term {leader.Term}"));
        if (states.FirstOrDefault(state => state.Node.Name == leader?.Node).Answer is { } known)
        {
            var facts = RaftFacts.Of(known);
            c.Line($"members: {facts.Voters}{(facts.Learners.Length == 0 ? "" : $"; learners: {facts.Learners}")}", Tone.Dim);
        }
    }

    /// <summary>Why servers run no more though their processes do: such as a disk that is full.</summary>
    private static async Task<Dictionary<string, string>> Halts(LabContext lab, CancellationToken stopped) =>
        (from status in await lab.Statuses(stopped).ConfigureAwait(false)
         let reason = status.Answer is { } answer ? HaltOf(answer) : null
         where reason is not null
         select (status.Node.Name, reason)).ToDictionary(halt => halt.Name, halt => halt.reason);

    /// <summary>The reason of the first role that halted; null where none did.</summary>
    internal static string? HaltOf(NodeStatus status) => status.Roles.FirstOrDefault(role => role.Halted && role.Scenario == Name) is { } halted
        ? halted.HaltReason ?? $"{halted.Address} is halted."
        : null;

    /// <summary>A halted server may still tell what it knew; that it runs no more matters most.</summary>
    internal static Cell[] Row(NodeInfo node, RoleState? state, string? leader, bool halted) => state is not null
        ? Row(node, RaftFacts.Of(state), node.Name == leader && !halted, halted)
        : [Cell.Strong(node.Name), LabPalettes.LifeOf(node), halted ? Cell.Bad("halted") : Cell.Dim("no answer"), "", "", "", "", "", "", "", ""];

    private static Cell[] Row(NodeInfo node, RaftFacts raft, bool leads, bool halted) =>
    [
        Cell.Strong(node.Name),
        LabPalettes.LifeOf(node),
        // One that takes itself for the leader, while another one leads a newer term, is a leader of the past.
        halted ? Cell.Bad("halted") : leads ? Cell.Good("leader") : raft.Role == "leader" ? Cell.Warn("old leader") : raft.Role,
        raft.Term,
        raft.VotedFor,
        leads ? node.Name : raft.Leader,
        raft.Commit,
        raft.Applied,
        raft.LastIndex,
        raft.LastTerm,
        raft.Keys,
    ];

    private static async Task Log(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = lab.Asked(c.Node("node"));
        var from = c.IntegerOrNull("from") is { } index ? $"from={index}&" : "";
        var part = await lab.Nodes.Read<LogPart>(node, $"raft/log?{from}limit={c.Integer("limit")}", stopped).ConfigureAwait(false);
        c.Table(
            [Column.Right("index"), Column.Right("term"), "committed", "command"],
            part.Lines.Select(line => new Cell[]
            {
                line.Index, line.Term, line.Index <= part.Commit ? Cell.Good("yes") : Cell.Warn("not yet"), line.Command,
            }));
        c.Line($"{node} has entries {part.First} to {part.Last}; committed up to {part.Commit}", Tone.Dim);
    }

    private static async Task Elect(LabContext lab, CommandContext c, CancellationToken stopped)
    {
        var node = lab.Asked(c.Node("node"));
        var before = await lab.Leader(Name, stopped).ConfigureAwait(false);
        if (before?.Node == node)
        {
            c.Line($"{node} leads term {before.Term} already");
            return;
        }

        var (status, body) = await lab.Nodes.Ask(node, HttpMethod.Post, "raft/elect", new { }, NodeClient.AnswerLimit, stopped).ConfigureAwait(false);
        if (status != HttpStatusCode.OK)
        {
            throw new CommandFailed(NodeClient.SentenceOf(body) ?? $"{node} answered {(int)status}.");
        }

        var deadline = DateTimeOffset.Now + ElectLimit;
        while (DateTimeOffset.Now < deadline)
        {
            if (await lab.Leader(Name, stopped).ConfigureAwait(false) is { } leader && leader.Term > (before?.Term ?? 0))
            {
                c.Say(leader.Node == node ? Cell.Good($"{node} leads term {leader.Term}") : Cell.Warn($"{leader.Node} won, and leads term {leader.Term}"));
                return;
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }

        throw new CommandFailed($"{node} stood for election, and no leader of a newer term was seen within {Durations.Format(ElectLimit)}: see raft status.");
    }
}

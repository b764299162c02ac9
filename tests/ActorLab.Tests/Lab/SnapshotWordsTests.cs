using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Algorithms.Termination;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

/// <summary>A bank counts money and workers count tasks: each says so, of the same snapshots.</summary>
public sealed class SnapshotWordsTests
{
    private static readonly GlobalSnapshot One = new(
        new SnapshotId(new NodeId("n1"), 2),
        Map.Of(
            (new NodeId("n1"), LocalSnapshot.Begin(7, []).Record(new NodeId("n2"), 5)),
            (new NodeId("n2"), LocalSnapshot.Begin(1, []))));

    [Fact]
    public void Workers_speak_of_tasks()
    {
        Assert.Equal(
            ["n1#2: worker | tasks | on their way in", "n1 | 7 | from n2: 5", "n2 | 1 | ", "13 tasks in all: 8 with workers, 5 on their way"],
            Shown(TerminationScenario.Name, One));
        Assert.Equal("tasks 7; 1 complete snapshot begun here is kept", Shown(TerminationScenario.Name, new AccountStatement(7, [One]))[0]);
        Assert.Equal(["tasks: 200"], Shown(TerminationScenario.Name, new AccountStatement(200, [])));
    }

    [Fact]
    public void A_bank_speaks_of_money()
    {
        Assert.Equal(
            ["n1#2: account | balance | on its way in", "n1 | 7 | from n2: 5", "n2 | 1 | ", "total 13: 8 in accounts, 5 on its way"],
            Shown(SnapshotScenario.Name, One));
        Assert.Equal("balance 7; 1 complete snapshot begun here is kept", Shown(SnapshotScenario.Name, new AccountStatement(7, [One]))[0]);
    }

    [Fact]
    public void So_does_what_programs_read()
    {
        const string parts = """"{"n1":{"*":7,"channels":{"n2":[5]}},"n2":{"*":1,"channels":{}}}"""";
        Assert.Equal(
            $$"""{"snapshot":"n1#2","total":13,"withWorkers":8,"inFlight":5,"parts":{{parts.Replace("*", "tasks")}}}""",
            Json(TerminationScenario.Name, One));
        Assert.Equal("""{"tasks":200,"snapshots":[]}""", Json(TerminationScenario.Name, new AccountStatement(200, [])));
        Assert.DoesNotMatch("account|balance|money|amount", Json(TerminationScenario.Name, new AccountStatement(7, [One])).ToLowerInvariant());
        Assert.Equal(
            $$"""{"snapshot":"n1#2","total":13,"inAccounts":8,"inFlight":5,"parts":{{parts.Replace("*", "balance")}}}""",
            Json(SnapshotScenario.Name, One));
    }

    [Fact]
    public void So_do_their_commands()
    {
        var commands = string.Join(" ", Scenarios.Find(TerminationScenario.Name)!.Operations.SelectMany(
            kind => kind.Parameters.Select(parameter => parameter.Summary).Prepend(kind.Summary)));
        Assert.DoesNotMatch("account|balance|money|amount", commands);
        Assert.Contains("tasks", commands, StringComparison.Ordinal);
    }

    private static string Json(string scenario, object reply) => Scenarios.Find(scenario)!.Entry.Answer!(reply).Body.ToJsonString();

    /// <summary>What the console of a scenario shows of a reply, line by line.</summary>
    private static List<string> Shown(string scenario, object reply)
    {
        var lines = new List<string>();
        var lab = Scenarios.Find(scenario)!;
        lab.Show!(new CommandContext(new Arguments(new Dictionary<string, object>()), Keep), lab.Entry.Answer!(reply).Body);
        return lines;

        void Keep(Output output) => lines.AddRange(output switch
        {
            Output.Line line => [line.Text],
            Output.Table table =>
            [
                $"{table.Title}: {string.Join(" | ", table.Columns.Select(column => column.Name))}",
                .. table.Rows.Select(row => string.Join(" | ", row.Select(cell => cell.Text))),
            ],
            _ => [$"{output}"],
        });
    }
}

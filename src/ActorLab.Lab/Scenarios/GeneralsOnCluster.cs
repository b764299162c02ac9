using System.Text.Json.Nodes;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Byzantine generals on the cluster: a camp on each node, whose general commands when its node is asked.</summary>
internal static class GeneralsOnCluster
{
    public const string Name = "generals";

    /// <summary>The only parameter, in milliseconds: how long a round is.</summary>
    private const string Round = "round";

    private static readonly (int Least, int Most) Rounds = (20, 1_000);

    public static LabScenario Scenario { get; } = new(
        new ScenarioEntry(Name, request => CampScenario.OnNodes(request.Nodes.Count, RoundOf(request)) with { Name = Name })
        {
            Invoke = request => new CampMessage.Invoke(request.Number, (GeneralsCommand)request.Command),
            Answer = reply => new OperationAnswer(200, Body((BattleReport)reply)),
            Inspectors = new Dictionary<string, Inspector> { [Council.Role] = Inspect },
        },
        "Byzantine generals: one gives an order, some betray it, and what the loyal ones do is judged (IC1 and IC2).",
        GeneralsOperations.For([]))
    {
        FirstCommand = "generals order attack --traitors n3:two-faced",
        Reads = command => command is GeneralsCommand.Last,
        Show = GeneralsPalette.Show,
        SetUp = _ => GeneralsPalette.SetUp,
        Commands = GeneralsPalette.Commands,
    };

    private static TimeSpan? RoundOf(ScenarioRequest request)
    {
        if (request.Parameters.Keys.FirstOrDefault(name => name != Round) is { } strange)
        {
            throw new FormatException($"{Name} has no parameter '{strange}'. It has {Round}, the milliseconds of a round.");
        }

        return !request.Parameters.TryGetValue(Round, out var round) ? null
            : round >= Rounds.Least && round <= Rounds.Most ? TimeSpan.FromMilliseconds(round)
            : throw new FormatException($"{Round}={round} is out of range: a round takes {Rounds.Least} to {Rounds.Most} milliseconds.");
    }

    private static Dictionary<string, object?> Inspect(object state) => state is CampState camp
        ? new()
        {
            ["commanded"] = camp.Disk.Commanded,
            ["in battle"] = camp.Battles.Values.Count(battle => !battle.IsOver),
            ["last"] = camp.Last is { } last ? $"{last.Battle}: IC1 {Text(last.Ic1)}, IC2 {Text(last.Ic2)}" : "none",
        }
        : [];

    private static JsonObject Body(BattleReport report) => new()
    {
        ["battle"] = report.Battle.ToString(),
        ["commander"] = report.Plan.Commander.Name,
        ["order"] = report.Plan.Order,
        ["algorithm"] = $"{(report.Plan.IsSigned ? "SM" : "OM")}({report.Plan.M})",
        ["generals"] = new JsonArray([.. report.Plan.Generals.Select(general => Body(general, report))]),
        ["messages"] = report.Generals.Values.Sum(general => general.Sent.Values.Sum()),
        ["violations"] = new JsonArray([.. report.Violations.Select(sentence => (JsonNode)sentence)]),
        ["ic1"] = Text(report.Ic1),
        ["ic2"] = Text(report.Ic2),
        ["promise"] = report.Plan.Promise,
    };

    private static JsonObject Body(NodeId general, BattleReport report)
    {
        var body = new JsonObject
        {
            ["general"] = general.Name,
            ["part"] = report.Plan.Traitors.Find(general)?.ToString() ?? "loyal",
        };
        if (report.Generals.Find(general) is { } account)
        {
            body["received"] = new JsonArray([.. account.Received.Select(received => new JsonObject
            {
                ["order"] = received.Order,
                ["path"] = received.Path.ToString(),
                ["round"] = received.Round,
            })]);
            body["decision"] = account.Decision;
            body["late"] = account.Late.Count;
            body["refused"] = account.Refused;
            body["sent"] = account.Sent.Values.Sum();
        }

        return body;
    }

    private static string Text(BattleVerdict verdict) => verdict.ToString().ToLowerInvariant();
}

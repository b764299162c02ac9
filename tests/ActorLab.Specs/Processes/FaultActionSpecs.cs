using System.Net.Http.Json;
using System.Text.Json;
using ActorLab.Console;

namespace ActorLab.Specs.Processes;

/// <summary>The actions of fault plans that docs/plans/rough-weather.json does not have, each played on processes once.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class FaultActionSpecs
{
    private const string Messages =
        """
        {"schedule": [
          {"at": "00:00:00", "action": {"do": "lose", "probability": 0.2}},
          {"at": "00:00:00.1", "action": {"do": "duplicate", "probability": 0.3}},
          {"at": "00:00:00.2", "action": {"do": "slow", "node": "n2", "by": {"least": 1000, "most": 9000}}},
          {"at": "00:00:00.3", "action": {"do": "messages", "rules": [{"from": "n1", "faults": {"drop": 0.2, "duplicate": 0.2}}]}}
        ]}
        """;

    private const string PowerCut =
        """
        {"schedule": [
          {"at": "00:00:00.5", "action": {"do": "powerCut"}},
          {"at": "00:00:01", "action": {"do": "restartAll"}}
        ]}
        """;

    [Fact]
    public async Task Messages_are_lost_doubled_and_late_and_all_nodes_fall_and_come_back()
    {
        await using var lab = await LabProcess.Start("--nodes=3");
        await Succeeds(lab, "raft put before fall --timeout=20s");

        await Succeeds(lab, $"fault run {Write(lab, "messages.json", Messages)} --wait");
        var shown = await Succeeds(lab, "fault show");
        foreach (var words in (string[])["lose 0.2", "duplicate 0.3", "n2 slow by", "1 rate for messages", "rules for links: 3", "rates for messages: 1 rate"])
        {
            Assert.Contains(words, shown, StringComparison.Ordinal);
        }

        // Servers speak all the time: heartbeats are enough for each of them to strike.
        foreach (var (rule, node) in ((string, string)[])[("plan.lose", "n3"), ("plan.duplicate", "n3"), ("plan.slow.n2", "n2"), ("messages.drop", "n1"), ("messages.duplicate", "n1")])
        {
            await lab.Until(async () => await Hits(lab, node, rule) > 0, TimeSpan.FromSeconds(60), $"{rule} strikes a message of {node}");
        }

        var ofOthers = await Counts(lab, "n3");
        Assert.Contains(ofOthers, count => count.Rule == "plan.lose");
        Assert.DoesNotContain(ofOthers, count => count.Rule.StartsWith("messages.", StringComparison.Ordinal)); // the rates are of n1
        Assert.Contains("rates of a fault plan: ", await Succeeds(lab, "link show"), StringComparison.Ordinal);
        await Succeeds(lab, "fault stop");
        Assert.Contains("rules for links: none", await Succeeds(lab, "fault show"), StringComparison.Ordinal);
        await Succeeds(lab, "raft put between falls --timeout=30s");

        var pids = await lab.NodePids();
        Assert.Equal(3, pids.Count);
        await Succeeds(lab, $"fault run {Write(lab, "power.json", PowerCut)} --wait");
        var after = await lab.NodePids();
        Assert.Equal(3, after.Count);
        Assert.Empty(pids.Intersect(after));
        Assert.All(pids, pid => Assert.False(LabProcess.IsAlive(pid)));
        await lab.Until(
            async () => (await lab.Pbm("raft get between --timeout=5s")) is (ExitCode.Success, var value) && value.Trim() == "falls",
            TimeSpan.FromSeconds(60), "what was acknowledged is there after the power cut");
        await Succeeds(lab, "fault stop");
    }

    private static string Write(LabProcess lab, string name, string plan)
    {
        var path = Path.Combine(lab.Folder, name);
        File.WriteAllText(path, plan);
        return path;
    }

    /// <summary>How many messages of a node a rule has struck.</summary>
    private static async Task<long> Hits(LabProcess lab, string node, string rule) =>
        (await Counts(lab, node)).Where(count => count.Rule == rule).Sum(count => count.Hit);

    /// <summary>The rules that a node has for its links, one by one, and how many messages each has struck.</summary>
    private static async Task<IReadOnlyList<(string Rule, long Hit)>> Counts(LabProcess lab, string node)
    {
        using var http = lab.Http(TimeSpan.FromSeconds(10));
        using var status = await http.GetFromJsonAsync<JsonDocument>(lab.NodeUri(node, "faults"));
        return [.. status!.RootElement.GetProperty("rules").EnumerateArray()
            .Select(one => (one.GetProperty("rule").GetString()!, one.GetProperty("hit").GetInt64()))];
    }

    private static async Task<string> Succeeds(LabProcess lab, string line)
    {
        var (exit, output) = await lab.Pbm(line);
        Assert.True(exit == ExitCode.Success, $"{line}: {output}");
        await lab.NodePids();
        return output;
    }
}

using System.Net;
using System.Net.Http.Json;
using ActorLab.Console;

namespace ActorLab.Specs.Processes;

/// <summary>Rules for links and fault plans, as a user types them. The tests of <c>lab simulate</c> play the same plan.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class FaultPlanSpecs
{
    private static readonly string RoughWeather = Path.Combine(AppContext.BaseDirectory, "plans", "rough-weather.json");

    [Fact]
    public async Task A_plan_is_played_under_load_and_nothing_is_lost()
    {
        await using var lab = await LabProcess.Start("--nodes=3");
        var scribe = new Scribe(lab, "scribe");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() => scribe.Write(stop.Token));
        await Succeeds(lab, $"fault run {RoughWeather}");
        Assert.Equal(ExitCode.Failed, (await lab.Pbm($"fault run {RoughWeather}")).Exit); // one at a time
        Assert.Contains("twice", await Succeeds(lab, "link show"), StringComparison.Ordinal);
        await lab.Until(
            async () => (await lab.Pbm("fault show")).Output.Contains("the plan is over", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the plan is over");
        var shown = await Succeeds(lab, "fault show");
        Assert.Equal(10, System.Text.RegularExpressions.Regex.Count(shown, @"\bat \d+\.\d\d s")); // all of them struck, at their times
        await Succeeds(lab, "fault stop");
        Assert.Contains("rules for links: none", await Succeeds(lab, "fault show"), StringComparison.Ordinal);
        var before = Acknowledged(scribe);
        await lab.Until(() => Acknowledged(scribe) >= before + 20, TimeSpan.FromSeconds(60), "twenty more appends are acknowledged");
        await stop.CancelAsync();
        await writing;

        using var http = lab.Http(TimeSpan.FromSeconds(30));
        var answer = await http.GetFromJsonAsync<Dictionary<string, string>>(lab.NodeUri("n1", "kv/scribe?timeout=20s"));
        var wrong = scribe.Judge(answer!["value"]);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Rules_are_added_shown_and_cleared_and_bad_input_changes_nothing()
    {
        await using var lab = await LabProcess.Start("--nodes=3", "--store=memory");
        foreach (var (line, sentence) in BadInputs(lab.Folder))
        {
            var (exit, said) = await lab.Pbm(line);
            Assert.True(exit == ExitCode.BadInput && said.Contains(sentence, StringComparison.Ordinal), $"{line}: {exit}: {said}");
        }

        Assert.Contains("No fault plan is played", await Succeeds(lab, "fault show"), StringComparison.Ordinal);
        Assert.Contains("rules for links: none", await Succeeds(lab, "fault show"), StringComparison.Ordinal);

        Assert.Contains("l1: drops AppendEntries of raft from n1 to n2 with probability 0.5, 5 at most, seed 7",
            await Succeeds(lab, "link drop --from n1 --to n2 --scenario raft --message AppendEntries --probability 0.5 --count 5 --seed 7"), StringComparison.Ordinal);
        Assert.Contains("l2: delays by 5 ms", await Succeeds(lab, "link delay 5ms --jitter 5ms"), StringComparison.Ordinal);
        Assert.Contains("l3: corrupts", await Succeeds(lab, "link corrupt --probability 0.3 --count 20"), StringComparison.Ordinal);
        await Succeeds(lab, "raft put k v --timeout=20s");
        await lab.Until(
            async () => System.Text.RegularExpressions.Regex.IsMatch(await Succeeds(lab, "link show"), @"since they started: n\d"),
            TimeSpan.FromSeconds(30), "damaged frames are refused");
        await Succeeds(lab, "link clear l2");
        Assert.Equal(ExitCode.BadInput, (await lab.Pbm("link clear l2")).Exit);
        await Succeeds(lab, "link clear");

        await Succeeds(lab, "partition flap isolate n3 --period=200ms");
        Assert.Contains("4 directions flap", await Succeeds(lab, "partition show"), StringComparison.Ordinal);
        await Succeeds(lab, "raft put k w --timeout=20s");
        Assert.Contains("flap random --seed=7: other directions each time", await Succeeds(lab, "partition flap random --seed=7 --period=300ms"), StringComparison.Ordinal);
        Assert.Contains("random directions flap", await Succeeds(lab, "partition show"), StringComparison.Ordinal);
        await Succeeds(lab, "partition heal");
        Assert.DoesNotContain("flap", (await Succeeds(lab, "partition show")).Split("since")[0], StringComparison.Ordinal);
    }

    private static IEnumerable<(string Line, string Sentence)> BadInputs(string folder)
    {
        yield return ("link drop --probability 2", "--probability must be above 0, up to 1, not 2");
        yield return ("link drop --probability 0", "--probability must be above 0, up to 1, not 0");
        yield return ("link drop --count 0", "--count must be between 1");
        yield return ("link drop --seed x", "--seed wants a whole number");
        yield return ("link drop --from n9", "Unknown node \"n9\"");
        yield return ("link drop --from n1 --to n1", "from n1 to itself");
        yield return ("link drop --scenario raff", "There is no scenario 'raff'");
        yield return ("link drop --scenario crdt", "sends no messages between roles");
        yield return ("link drop --message Append", "Unknown type of messages \"Append\"");
        yield return ("link delay", "link delay wants by");
        yield return ("link delay 2m", "by must be between");
        yield return ("link delay 10ms --jitter 20ms", "is more than the delay");
        yield return ("link delay 40s --jitter 40s", "at most 00:01:00");
        yield return ("link reorder --window 0s", "--window must be between");
        yield return ("link bandwidth 0", "bytes must be between 1");
        yield return ("link clear l7", "Unknown rule \"l7\"");
        yield return ("partition flap", "nothing to flap");
        yield return ("partition flap isolate", "wants nodes");
        yield return ("partition flap isolate n9", "Unknown node \"n9\"");
        yield return ("partition flap majority-ring n1", "leave \"n1\" out");
        yield return ("partition flap isolate n1 --period 10ms", "--period must be between 100ms");
        yield return ("partition flap random n1", "leave \"n1\" out");
        yield return ("partition flap random --share 0", "--share must be above 0, up to 0.95, not 0");
        yield return ("partition flap random --seed x", "--seed wants a whole number");
        yield return ("partition flap isolate n1 --seed 7", "--seed is for partition flap random");
        yield return ("fault run /no/such/plan.json", "cannot be read");
        foreach (var (i, (text, sentence)) in BadPlans.Index())
        {
            var path = Path.Combine(folder, $"bad{i}.json");
            File.WriteAllText(path, text);
            yield return ($"fault run {path}", sentence);
        }
    }

    private static readonly (string Text, string Sentence)[] BadPlans =
    [
        ("", "there is nothing in it"),
        ("{}", "has no fault in it"),
        ("{\"schedule\": [{\"action\": {\"do\": \"heal\"}}]}", "schedule[0] has no \"at\""),
        ("{\"schedule\": [{\"at\": \"00:00:01\", \"at\": \"00:00:02\", \"action\": {\"do\": \"heal\"}}]}", "schedule[0] has \"at\" twice"),
        ("{\"link\": []}", "it has the unknown field \"link\""),
        ("{\"schedule\": [{\"at\": \"-00:00:01\", \"action\": {\"do\": \"heal\"}}]}", "schedule[0]: a fault strikes at -00:00:01"),
        ("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\", \"node\": \"n9\"}}]}", "no such node (schedule[0])"),
        ("{\"links\": [{\"do\": \"drop\", \"message\": \"Nonsense\"}]}", "links[0]: Unknown type of messages \"Nonsense\""),
        ("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"bitRot\", \"node\": \"n1\"}}]}", "schedule[0]: a lab flips no bits of a disk"),
        ("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"restart\", \"node\": \"n1\"}}]}", "schedule[0]: this lab keeps its disks in memory"),
        ("{\"schedule\": [{\"at\": \"02:00:00\", \"action\": {\"do\": \"heal\"}}]}", "schedule[0]: it strikes after 2h"),
        ("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"flap\", \"links\": [\"n1>n2\"], \"period\": \"00:00:00.01\"}}]}", "schedule[0]: a link of a lab flaps"),
    ];

    private static int Acknowledged(Scribe scribe) => scribe.History.Count(one => one.Answer == HttpStatusCode.OK);

    private static async Task<string> Succeeds(LabProcess lab, string line)
    {
        var (exit, output) = await lab.Pbm(line);
        Assert.True(exit == ExitCode.Success, $"{line}: {output}");
        await lab.NodePids();
        return output;
    }
}

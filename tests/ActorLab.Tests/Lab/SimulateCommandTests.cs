using System.Diagnostics;
using System.Text.Json;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Simulation;
using ActorLab.Tests.Simulation;

namespace ActorLab.Tests.Lab;

/// <summary><c>lab simulate</c>, its file, and <c>lab replay</c> of it.</summary>
public sealed class SimulateCommandTests
{
    [Theory]
    [InlineData("simulate", "lab simulate wants the name of a scenario.")]
    [InlineData("simulate rft", "Did you mean raft?")]
    [InlineData("simulate twophase", "a model over shared variables")]
    [InlineData("simulate raft --faults drp", "Did you mean drop?")]
    [InlineData("simulate raft --faults drop=1.5", "drop=1.5 is no rate: write a number from 0 to 1")]
    [InlineData("simulate raft --faults drop=-0.1", "drop=-0.1 is no rate")]
    [InlineData("simulate raft --faults drop=NaN", "drop=NaN is no rate")]
    [InlineData("simulate raft --faults crash=-2s", "crash=-2s is no time")]
    [InlineData("simulate raft --faults crash=0s", "crash=0s is no time")]
    [InlineData("simulate raft --time -1s", "--time wants a time above 0")]
    [InlineData("simulate raft --time 10", "--time wants a time above 0")]
    [InlineData("simulate raft --time 5s --quiet 6s", "--quiet 6s is longer than the run, 5s")]
    [InlineData("simulate raft --quiet -1s", "--quiet wants a time of 0 or more")]
    [InlineData("simulate raft --faults drop,drop=0.2", "--faults has drop twice: which counts?")]
    [InlineData("simulate raft --faults none,drop", "none stands alone")]
    [InlineData("simulate raft --faults drop,none", "none stands alone")]
    [InlineData("simulate raft --out /there/is/none/a.json", "The run cannot be written to /there/is/none/a.json: there is no folder /there/is/none.")]
    [InlineData("simulate raft --out /tmp", "The run cannot be written to /tmp: that is a folder.")]
    [InlineData("simulate raft --seed x", "--seed wants a whole number")]
    [InlineData("simulate raft --runs 0", "--runs wants a whole number")]
    [InlineData("simulate raft --set servers=10", "servers=10 is out of range: servers is 1 to 9.")]
    [InlineData("simulate raft --plan /there/is/no/plan.json", "cannot be read")]
    public async Task Bad_input_is_a_sentence_and_exit_code_2(string line, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(line.Split(' '), error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("{\"cuts\": [\"n1>n9\"]}", "names n9, and raft has no such node")]
    [InlineData("{\"cuts\": [\"n1-n2\"]}", "is not one direction of a link")]
    [InlineData("{\"cuts\": [\"n1>n2\"", "cannot be read")]
    [InlineData("", "The fault plan cannot be read: there is nothing in it.")]
    [InlineData("{\"cuts\": [],\n}", "The fault plan cannot be read: line 2, column 1 is no JSON: ")]
    [InlineData("{\"cutz\": []}", "it has the unknown field \"cutz\"; known: version, cuts, messages, links, schedule.")]
    [InlineData("{\"messages\": [{\"faults\": {\"dorp\": 0.2}}]}", "messages[0].faults has the unknown field \"dorp\"; known: drop, duplicate, reorder, corrupt, delay.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\", \"nod\": \"n1\"}}]}", "schedule[0].action has the unknown field \"nod\"; known: node, losses.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\"}}]}", "schedule[0].action has no \"node\".")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"node\": \"n1\"}}]}", "schedule[0].action has no \"do\"; known: crash, powerCut, ")]
    [InlineData("{\"schedule\": [{\"at\": \"soon\", \"action\": {\"do\": \"heal\"}}]}", "schedule[0].at wants a time, written as 00:00:01.5, and \"soon\" is there.")]
    [InlineData("{\"schedule\": [{\"at\": 3, \"action\": {\"do\": \"heal\"}}]}", "schedule[0].at wants a time, written as 00:00:01.5, and 3 is there.")]
    [InlineData("{\"schedule\": {\"at\": 3}}", "schedule wants a list, and an object is there.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": \"heal\"}]}", "schedule[0].action wants an object, and \"heal\" is there.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"lose\", \"probability\": \"much\"}}]}", "schedule[0].action.probability wants a number, and \"much\" is there.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\", \"node\": 1}}]}", "schedule[0].action.node wants the name of a node, and 1 is there.")]
    [InlineData("{\"messages\": [{\"faults\": {\"drop\": 2}}]}", "drop=2 is no rate")]
    [InlineData("{\"schedule\": [{\"at\": \"-00:00:01\", \"action\": {\"do\": \"heal\"}}]}", "before the run begins")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"explode\"}}]}", "schedule[0].action has the unknown \"do\" explode; known: crash, powerCut, restart, ")]
    [InlineData("{\"links\": [{\"do\": \"lose\"}]}", "links[0] has the unknown \"do\" lose; known: drop, delay, duplicate, reorder, corrupt, bandwidth.")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"by\": \"00:00:01\"}]}", "links[0] has the unknown field \"by\"; known: id, from, to, bothWays, scenario, message, probability, limit, seed.")]
    [InlineData("{\"links\": [{\"do\": \"drop\"}, {\"do\": \"drop\", \"probability\": 1.5}]}", "links[1]: its probability is 1.5: write a number above 0, up to 1.")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"probability\": 0}]}", "links[0]: its probability is 0")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"limit\": 0}]}", "links[0]: its limit is 0: write 1 or more")]
    [InlineData("{\"links\": [{\"do\": \"delay\"}]}", "links[0]: it delays by nothing")]
    [InlineData("{\"links\": [{\"do\": \"delay\", \"by\": \"00:02:00\"}]}", "links[0]: it delays by up to 00:02:00: at most 00:01:00 are allowed.")]
    [InlineData("{\"links\": [{\"do\": \"delay\", \"by\": \"-00:00:01\"}]}", "links[0]: it delays by -00:00:01, a negative time.")]
    [InlineData("{\"links\": [{\"do\": \"delay\", \"by\": \"00:00:01\", \"jitter\": \"00:00:02\"}]}", "links[0]: its jitter 00:00:02 is more than the delay")]
    [InlineData("{\"links\": [{\"do\": \"reorder\"}]}", "links[0]: it reorders within 00:00:00: write a time above 0")]
    [InlineData("{\"links\": [{\"do\": \"bandwidth\", \"bytesPerSecond\": 0}]}", "links[0]: its bytesPerSecond is 0: write 1 to ")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"id\": \"a\"}, {\"do\": \"drop\", \"id\": \"a\"}]}", "links[1]: a rule before it has the id a too.")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"id\": \"a b\"}]}", "links[0]: its id \"a b\" has other characters")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"from\": \"n1\", \"to\": \"n1\"}]}", "links[0]: it is about messages from n1 to itself")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"from\": \"n9\"}]}", "names n9, and raft has no such node (links[0])")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"message\": \"AppendEntrys\"}]}", "links[0]: Unknown type of messages \"AppendEntrys\". Did you mean AppendEntries?")]
    [InlineData("{\"links\": [{\"do\": \"drop\", \"scenario\": \"raff\"}]}", "links[0]: Unknown scenario \"raff\". Did you mean raft?")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"links\", \"rules\": [{\"do\": \"drop\", \"to\": \"n7\"}]}}]}", "(schedule[0].action.rules[0])")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"links\", \"rules\": [{\"do\": \"corrupt\", \"probability\": -1}]}}]}", "schedule[0].action.rules[0]: its probability is -1")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"heal\"}}, {\"at\": \"-00:00:01\", \"action\": {\"do\": \"heal\"}}]}", "schedule[1]: a fault strikes at -00:00:01")]
    [InlineData("{}", "The fault plan has no fault in it: it wants cuts, messages, links or a schedule.")]
    [InlineData("{\"version\": 3, \"schedule\": []}", "The fault plan has no fault in it")]
    [InlineData("null", "The fault plan has no fault in it")]
    [InlineData("[]", "it wants an object, and a list is there.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"heal\"}}, {\"action\": {\"do\": \"heal\"}}]}", "schedule[1] has no \"at\": write when it strikes")]
    [InlineData("{\"schedule\": [{\"at\": null, \"action\": {\"do\": \"heal\"}}]}", "schedule[0] has no \"at\"")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"At\": \"00:00:02\", \"action\": {\"do\": \"heal\"}}]}", "schedule[0] has \"At\" twice.")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"heal\", \"do\": \"heal\"}}]}", "schedule[0].action has \"do\" twice.")]
    [InlineData("{\"cuts\": [], \"cuts\": [\"n1>n2\"]}", "it has \"cuts\" twice.")]
    [InlineData("{\"schedule\": [null]}", "Something in a list is null. ($.schedule)")]
    [InlineData("{\"messages\": [null]}", "Something in a list is null. ($.messages)")]
    [InlineData("{\"messages\": null}", "A list is wanted, and there is null. ($.messages)")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"messages\", \"rules\": [null]}}]}", "null. ($[0].action.rules)")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\", \"node\": \"n1\", \"losses\": [null]}}]}", "null. ($[0].action.losses)")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"powerCut\", \"losses\": [{\"role\": \"n1/server\", \"written\": -1}]}}]}", "a negative count of what n1/server wrote")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:01\", \"action\": {\"do\": \"crash\", \"node\": \"n1\", \"losses\": [{\"role\": \"n1/srv\", \"written\": 1}]}}]}", "names n1/srv, and raft has no such role")]
    [InlineData("{\"schedule\": [{\"at\": \"00:00:50\", \"action\": {\"do\": \"heal\"}}]}", "strikes at 50s, and the run is quiet from 50s to its end at 1m")]
    public async Task A_plan_that_makes_no_sense_is_a_sentence(string plan, string sentence)
    {
        using var file = new Temporary();
        await File.WriteAllTextAsync(file.Path, plan);
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["simulate", "raft", "--plan", file.Path], error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.All(
            new[] { ".NET", "LineNumber", "discriminator", "isFinalBlock", "System.", "ActorLab." },
            word => Assert.DoesNotContain(word, error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_of_a_plan_behind_the_end_of_the_run_is_a_sentence()
    {
        using var file = new Temporary();
        await File.WriteAllTextAsync(file.Path, "{\"schedule\": [{\"at\": \"00:00:05\", \"action\": {\"do\": \"heal\"}}]}");
        var error = new StringWriter();
        Assert.Equal(0, await LabCommandLine.Run(["simulate", "ben-or", "--plan", file.Path, "--time", "5s", "--quiet", "0s"], error));
        Assert.Equal(2, await LabCommandLine.Run(["simulate", "ben-or", "--plan", file.Path, "--time", "4s", "--quiet", "0s"], error));
        Assert.Equal("{\"at\":\"00:00:00\",\"action\":{\"do\":\"heal\"}}", System.Text.Json.JsonSerializer.Serialize(
            new ScriptedFault(TimeSpan.Zero, new FaultAction.Heal()), FaultJson.Options)); // what is written can be read
        Assert.Contains("strikes at 5s, and the run ends at 4s", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crash", 0)]
    [InlineData("disk.torn", 0)]
    [InlineData("crash=1s,power=0.3", 0.3)]
    [InlineData("power=0.3,crash=1s", 0.3)]
    [InlineData("all,crash=1s", 0.1)]
    public void Crashes_take_one_node_unless_power_cuts_are_asked_for(string faults, double powerCuts)
    {
        var parsed = FaultList.Parse(faults, keepsOrder: false);
        Assert.Equal(powerCuts, parsed.PowerCut);
        Assert.True(parsed.CrashEvery > TimeSpan.Zero && parsed.SendsInCrash > 0);
    }

    [Theory]
    [InlineData("simulate raft --time 3s --faults all", 0)]
    [InlineData("simulate raft --time 3s --faults none --json", 0)]
    [InlineData("simulate raft --time 2s --faults drop=0.05,delay,crash=500ms,partition.bridge,partition.one-way --runs 3 --json", 0)]
    [InlineData("simulate ben-or --time 3s --runs 3", 0)]
    [InlineData("simulate --list", 0)]
    public async Task What_holds_ends_with_0(string line, int code) =>
        Assert.Equal(code, await LabCommandLine.Run(line.Split(' '), new StringWriter()));

    /// <summary>Proposers answer nobody: of the values that they are asked to propose, none could be completed.</summary>
    [Theory]
    [InlineData("paxos", false)]
    [InlineData("raft", true)]
    public void How_many_operations_were_completed_is_said_where_somebody_answers(string name, bool answers)
    {
        var request = new SimulationRequest(name, new Dictionary<string, int>(), 1, TimeSpan.FromSeconds(3), TimeSpan.Zero, "none", null);
        var (scenario, options) = request.Build();
        var summary = Simulator.RunMany(scenario, options, [1, 2]);
        var lines = new Lines();
        new SimulateView(lines, json: false).Show(request, scenario, options, summary, 2, TimeSpan.FromSeconds(1));
        var said = Assert.Single(lines.Texts, line => line.Contains("virtual hours", StringComparison.Ordinal));
        Assert.True(summary.Operations > 0, said);
        Assert.Equal(answers, summary.Completed > 0);
        Assert.Contains(
            answers ? $"{summary.Operations} operations ({summary.Completed} completed), 0 crashes" : $"{summary.Operations} operations, 0 crashes", said,
            StringComparison.Ordinal);
        Assert.Equal(answers, $"{summary}".Contains("answered", StringComparison.Ordinal));
    }

    /// <summary>The plan that the specs play on a lab of processes.</summary>
    [Fact]
    public async Task A_plan_with_rules_for_links_strikes_and_replays()
    {
        using var run = new Temporary();
        var plan = Path.Combine(AppContext.BaseDirectory, "plans", "rough-weather.json");
        Assert.Equal(0, await LabCommandLine.Run(["simulate", "raft", "--time", "20s", "--plan", plan, "--out", run.Path], new StringWriter()));
        Assert.Equal("faults of a plan (4 rules for links, 9 scheduled faults)", RunReplay.FaultsOf(SimulationFile.Load(run.Path).Request));
        var again = RunReplay.Again(SimulationFile.Load(run.Path));
        var counts = again.Result.Counts;
        Assert.Equal((1, 1, 2), (counts.Crashes, counts.Pauses, counts.Partitions));
        Assert.True(counts is { Corrupted: > 5, Duplicated: > 20 } && counts.Lost > counts.Corrupted + 10, counts.ToString());
        foreach (var rule in (string[])["dropped by lost", "corrupted by torn: its checksum does not match"])
        {
            Assert.Contains(again.Result.Trace, line => line.Kind == TraceKind.Drop && line.Text == rule);
        }

        Assert.Equal(0, await LabCommandLine.Run(["replay", run.Path], new StringWriter()));
    }

    [Fact]
    public async Task A_plan_strikes()
    {
        using var plan = new Temporary();
        using var run = new Temporary();
        await File.WriteAllTextAsync(
            plan.Path,
            """
            {"cuts": ["n1>n2", "n2>n1"], "messages": [{"from": "n3", "faults": {"drop": 0.5, "delay": {"range": {"least": 0, "most": 9000}}}}],
             "schedule": [{"at": "00:00:01", "action": {"do": "crash", "node": "n1"}}, {"at": "00:00:01.5", "action": {"do": "restart", "node": "n1"}}]}
            """);
        Assert.Equal(0, await LabCommandLine.Run(["simulate", "raft", "--time", "4s", "--plan", plan.Path, "--out", run.Path], new StringWriter()));
        var again = RunReplay.Again(SimulationFile.Load(run.Path));
        Assert.Equal(
            "faults of a plan (2 cuts, 1 rule for messages, 2 scheduled faults)", RunReplay.FaultsOf(SimulationFile.Load(run.Path).Request));
        Assert.Equal((1, 1), (again.Result.Counts.Crashes, again.Result.Counts.Partitions));
        Assert.True(again.Result.Counts.Lost > 20, $"{again.Result.Counts.Lost} messages were lost");
        Assert.Equal(0, await LabCommandLine.Run(["replay", run.Path], new StringWriter()));
    }

    [Fact]
    public async Task A_violation_is_kept_and_replays_to_the_same_end()
    {
        using var file = new Temporary();
        string[] simulate = ["simulate", "raft:forgets-its-vote", "--set", "prevote=0", "hurry=1", "--seed", "5", "--time", "10s", "--faults", "all", "--runs", "2", "--out", file.Path];
        Assert.Equal(1, await LabCommandLine.Run(simulate, new StringWriter()));
        Assert.Equal(1, await LabCommandLine.Run(["replay", file.Path], new StringWriter()));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, $"{Path.GetFileName(file.Path)}.*.new"));

        var kept = SimulationFile.Load(file.Path);
        Assert.Equal("Election Safety", kept.Violation!.Property);
        Assert.InRange(kept.Decisions!.Messages.Count(message => message.From.Node != message.To.Node), 4, 6);
        Assert.Equal(kept.TraceHash, RunReplay.Again(kept).Result.TraceHash.ToString("x32"));
    }

    [Fact]
    public async Task A_file_that_is_damaged_or_of_another_version_is_bad_input()
    {
        using var file = new Temporary();
        Assert.Equal(0, await LabCommandLine.Run(["simulate", "raft", "--time", "1s", "--out", file.Path], new StringWriter()));
        var text = await File.ReadAllTextAsync(file.Path);
        await Replays(text, 0);
        await Replays("", 2, "is no replay file: there is nothing in it.");
        await Replays(text[..(text.Length / 2)], 2, "is no whole run of this lab: it ends in line ");
        await Replays(text.Replace("\"turns\":", "\"tunrs\": 1, \"turns\":", StringComparison.Ordinal), 2, "it has the unknown field \"tunrs\"; known: ");
        await Replays(text.Replace("\"time\": \"00:00:01\"", "\"time\": \"-00:00:01\"", StringComparison.Ordinal), 2, "is no run of this lab");
        await Replays(text.Replace("\"turns\":", "\"decisions\": {\"faults\": [null]}, \"turns\":", StringComparison.Ordinal), 2, "null. ($.decisions.faults)");
        await Replays(
            text.Replace("\"turns\":", "\"decisions\": {\"faults\": [{\"at\": \"-00:00:01\", \"action\": {\"do\": \"heal\"}}]}, \"turns\":", StringComparison.Ordinal),
            2, "before the run begins");
        await Replays(
            text.Replace("\"turns\":", "\"decisions\": {\"operations\": [{\"at\": \"00:00:01\", \"target\": \"n1/client\"}]}, \"turns\":", StringComparison.Ordinal),
            2, "an operation has no message");
        await Replays(text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), 2, "is of format 2, and this lab reads format 1");
        await Replays(text.Replace("\"name\": \"raft\"", "\"name\": \"rift\"", StringComparison.Ordinal), 2, "Did you mean raft?");
        await Replays(text.Replace(SimulationFile.Load(file.Path).TraceHash, new string('0', 32), StringComparison.Ordinal), 1, "does not replay");

        async Task Replays(string content, int code, string sentence = "")
        {
            using var changed = new Temporary();
            await File.WriteAllTextAsync(changed.Path, content);
            var error = new StringWriter();
            Assert.Equal(code, await LabCommandLine.Run(["replay", changed.Path], error));
            Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("raft", 0, "run")]
    [InlineData("raft:forgets-its-vote", 1, "smallest schedule")]
    public void A_run_that_cannot_be_kept_has_its_verdict(string name, int code, string what)
    {
        var request = new SimulationRequest(
            name, new Dictionary<string, int> { ["prevote"] = 0, ["hurry"] = 1 }, 5, TimeSpan.FromSeconds(code == 1 ? 10 : 1), TimeSpan.Zero, "all", null);
        var (scenario, options) = request.Build();
        var lines = new Lines();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "a.json");
        var job = new SimulateJob(
            request, scenario, options, new SimulateView(lines, json: false), file, 1, TimeSpan.FromMinutes(2), CancellationToken.None);
        Assert.Equal(code, job.RunOne());
        Assert.StartsWith($"! The {what} could not be written to {file}: ", lines.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(code, job.RunMany(1));
    }

    [Fact]
    public async Task An_unknown_mutant_is_sought_among_those_of_its_algorithm()
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["simulate", "raft:nosuch"], error));
        Assert.Contains("Known: raft:", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("paxos:", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(RaftMutants.All.Count, error.ToString().Split("raft:").Length - 2);
    }

    [Fact]
    public void One_is_singular()
    {
        Assert.Equal(
            ["0 runs", "1 run", "2 runs", "1 crash", "1,200 crashes"],
            [Counted.Of(0, "run"), Counted.Of(1, "run"), Counted.Of(2, "run"), Counted.Of(1, "crash", "crashes"), Counted.Of(1200, "crash", "crashes")]);
        Assert.Equal("1 operation, 0 faults, 1 message in 1.000 s", new ScheduleSize(1, 0, 1, TimeSpan.FromSeconds(1)).ToString());
    }

    [Fact]
    public void A_stepper_goes_where_it_is_told()
    {
        var request = new SimulationRequest(
            "raft:forgets-its-vote", new Dictionary<string, int> { ["prevote"] = 0, ["hurry"] = 1 }, 5, TimeSpan.FromSeconds(10), TimeSpan.Zero, "all", null);
        var (scenario, options) = request.Build();
        var run = RecordedRun.Of(scenario, options);
        var lines = new Lines();
        new RunStepper(run, lines).Walk(new StringReader("n\np\nv\ns n3\ns n9\n2\nwhat\nq\n"));
        Assert.NotNull(run.Result.Violation);
        Assert.Contains(lines.Texts, line => line.Contains("violation", StringComparison.Ordinal) && line.Contains("Election Safety", StringComparison.Ordinal));
        Assert.Contains(lines.Texts, line => line.StartsWith("n3/server  RaftState", StringComparison.Ordinal) && line.Contains("Role = Leader", StringComparison.Ordinal));
        Assert.Contains(lines.Texts, line => line.Contains("Unknown node \"n9\"", StringComparison.Ordinal));
        Assert.Equal(["0", "1", "0", $"{run.Result.Violation.TraceIndex}"], lines.Texts.Skip(1).Take(4).Select(line => line.TrimStart().Split(' ')[0]));
        Assert.EndsWith("q to end", lines.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stepper_says_that_a_node_is_down()
    {
        var turns = new List<TurnSeen>();
        var scenario = Toys.Bookkeeping();
        var result = Simulator.Run(scenario, new SimulationOptions
        {
            VirtualTime = TimeSpan.FromMilliseconds(300),
            Script =
            [
                new ScriptedFault(TimeSpan.FromMilliseconds(100), new FaultAction.Crash(Toys.N1)),
                new ScriptedFault(TimeSpan.FromMilliseconds(200), new FaultAction.Restart(Toys.N1)),
            ],
            Record = true,
            Watch = turns.Add,
        });
        var crash = result.Trace.First(line => line.Kind == TraceKind.Crash).Index;
        var restart = result.Trace.First(line => line.Kind == TraceKind.Restart).Index;
        var lines = new Lines();
        new RunStepper(new RecordedRun(scenario, [], result, turns, null), lines).Walk(new StringReader(
            $"{crash - 1}\ns n1\n{crash}\ns n1\n{restart - 1}\ns n1\ns n2\n{restart + 1}\ns n1\nq\n"));
        var down = lines.Texts.Where(line => line.Contains("is down", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, down.Length);
        Assert.All(down, line => Assert.Equal($"n1 is down since event {crash}, 0.100000 s: its memory is lost. Before, it knew:", line));
    }

    /// <summary>A role may break a property at its boot: then a run lasts no time.</summary>
    [Fact]
    public void A_run_that_lasts_no_time_is_kept_too()
    {
        using var file = new Temporary();
        var request = new SimulationRequest("raft", new Dictionary<string, int>(), 1, TimeSpan.FromSeconds(1), TimeSpan.Zero, "none", null);
        var (scenario, options) = request.Build();
        var result = Simulator.Run(scenario, options with { VirtualTime = TimeSpan.Zero, Clients = null, RecordDecisions = true });
        (SimulationFile.Of(request, result) with { Time = TimeSpan.Zero, Decisions = result.Decisions }).Save(file.Path);
        Assert.Equal(result.TraceHash, RunReplay.Again(SimulationFile.Load(file.Path)).Result.TraceHash);
    }

    [Fact]
    public void A_judge_of_histories_that_comes_to_no_end_says_so()
    {
        // Twenty puts at once, and then two reads that see one and another: which was the last?
        var store = new Address(new NodeId("n1"), "client");
        HistoryOperation Put(int i) => new(store, i, new KvCommand.Put("k", $"v{i}"), i, 100, Outcome.Ok, new KvReply.Done());
        HistoryOperation Get(int i) => new(store, 30 + i, new KvCommand.Get("k"), 200 + (2 * i), 201 + (2 * i), Outcome.Ok, new KvReply.Found($"v{i}"));
        var puts = Enumerable.Range(0, 20).Select(Put).ToSeq();
        Assert.Equal(new HistoryJudgement(null), Simulatable.JudgementOf(new History(puts.Add(Get(0))), LinearizabilityOptions.Default));
        var tired = Simulatable.JudgementOf(new History(puts.Add(Get(0)).Add(Get(1))), LinearizabilityOptions.Default with { MemoryBytes = 0 });
        Assert.Null(tired.Fault);
        Assert.Contains("needs more than 0 MiB", tired.Doubt, StringComparison.Ordinal);
    }

    /// <summary>Two processes of their own, on one thread and on two.</summary>
    [Fact]
    public async Task A_seed_is_the_same_run_in_every_process()
    {
        var request = new SimulationRequest(
            "raft", new Dictionary<string, int> { ["servers"] = 5 }, 42, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2), "all", null);
        var (scenario, options) = request.Build();
        var here = Simulator.Run(scenario, options).TraceHash.ToString("x32");
        string[] arguments = ["simulate", "raft", "--set", "servers=5", "--seed", "42", "--time", "4s", "--faults", "all", "--json"];
        foreach (var cores in new[] { "1", "2" })
        {
            var start = new ProcessStartInfo("dotnet", [typeof(LabCommandLine).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
            start.Environment["DOTNET_PROCESSOR_COUNT"] = cores;
            using var process = Process.Start(start)!;
            var lines = (await process.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(here, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("traceHash").GetString());
        }
    }

    private sealed class Lines : ActorLab.Console.IRenderer
    {
        public List<string> Texts { get; } = [];

        public void Show(ActorLab.Console.Output output) => Texts.Add(output switch
        {
            ActorLab.Console.Output.Error error => $"! {error.Sentence}",
            ActorLab.Console.Output.Line line => line.Text,
            _ => output.ToString()!,
        });
    }

    private sealed class Temporary : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"actorlab-{Guid.NewGuid():N}.json");

        public void Dispose() => File.Delete(Path);
    }
}

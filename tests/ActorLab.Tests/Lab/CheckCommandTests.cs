using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using ActorLab.Models;

namespace ActorLab.Tests.Lab;

/// <summary><c>lab check</c> and <c>lab replay</c>: exit codes and sentences.</summary>
public sealed class CheckCommandTests
{
    [Theory]
    [InlineData("check nope", "Unknown model \"nope\".")]
    [InlineData("check", "lab check wants the name of a model.")]
    [InlineData("check paxos --set accptors=3", "Did you mean acceptors?")]
    [InlineData("check paxos --set acceptors=99", "acceptors=99 is out of range")]
    [InlineData("check paxos --set acceptors=many", "wants a whole number")]
    [InlineData("check twophase --lossy", "no messages and no nodes")]
    [InlineData("check twophase --max-states -1", "--max-states wants a number from 1")]
    [InlineData("check twophase --memory 1q", "--memory wants a size such as 512m")]
    [InlineData("check twophase --memory 1", "1m or more")]
    [InlineData("check paxos --set acceptors=1 --set acceptors=3", "--set acceptors is given twice")]
    [InlineData("check agreement --set zeros=9", "zeros=9 is too many for n=3")]
    [InlineData("check twophase --max-depth -1", "--max-depth wants a whole number")]
    [InlineData("check twophase --property Nothing", "Unknown property of twophase \"Nothing\".")]
    [InlineData("check raft --valency", "Consensus scenarios are: ben-or, first-come, paxos, rotating-coordinator, wait-for-all.")]
    [InlineData("check twophase --valency", "says of no state what it decided")]
    [InlineData("check wait-for-all --valency --symmetry", "without symmetry")]
    [InlineData("check ben-or --set processes=3 --set t=2", "give t=1 at most")]
    [InlineData("check ewd840 --symmetry", "no interchangeable nodes")]
    [InlineData("check increment --symmetry", "without symmetry")]
    [InlineData("check ewd426 --set nodes=7 --set values=2", "the ring needs values >= nodes - 1")]
    [InlineData("check generals --set n=3 --set m=2", "m=2 is too large for n=3")]
    [InlineData("check generals --set n=4 --set traitors=3 --set placement=1", "nobody is left to obey")]
    [InlineData("check agreement --set n=10 --set traitors=4", "different first rounds")]
    [InlineData("check generals --duplicating", "no round would ever end")]
    [InlineData("check locks --set processes=9", "processes=9 is out of range: processes is 2 to 4.")]
    [InlineData("check locks --set procesess=3", "Did you mean processes?")]
    [InlineData("check locks --lossy", "Unknown switch of lab check locks \"--lossy\".")]
    [InlineData("check --lossy locks", "takes its switches after its name: --lossy stands before it")]
    [InlineData("check lock-turn locks", "takes its switches after its name: lock-turn stands before it")]
    [InlineData("check twophase --out /no/such/x.json", "there is no folder /no/such")]
    [InlineData("check ben-or --valency --out /", "that is a folder")]
    [InlineData("check locks more", "see lab check locks --help")]
    [InlineData("check lock-bakery --set processes=9", "processes=9 is out of range")]
    [InlineData("replay /there/is/no/such.file", "There is no file")]
    public async Task Bad_input_is_a_sentence_and_exit_code_2(string line, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(line.Split(' '), error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("check tcommit", 0)]
    [InlineData("check paxos --set acceptors=1 --drops 1 --crashes 1", 0)]
    [InlineData("check ping-pong --set last=2 --lossy --duplicating --last-delivered", 0)]
    [InlineData("check twophase --max-states 50", 3)]
    [InlineData("check twophase --max-depth 3", 3)]
    [InlineData("check generals --set n=4 --set m=1", 0)]
    [InlineData("check generals --set traitors=0 --set placement=1 --fifo --symmetry", 0)]
    [InlineData("check wait-for-all --valency --json", 0)]
    [InlineData("check first-come --valency", 0)]
    [InlineData("check rotating-coordinator --valency --max-states 100 --json", 3)]
    [InlineData("check --list", 0)]
    [InlineData("check --list --json", 0)]
    [InlineData("check paxos --set proposers=1", 0)]
    [InlineData("check paxos --set acceptors=1 --valency", 0)]
    [InlineData("check ewd426 --set nodes=1", 0)]
    [InlineData("check agreement --set zeros=3 --set traitors=0", 0)]
    [InlineData("check raft --set servers=2 --set clients=0 --set prevote=0 --set operations=1 --set terms=2 --set rounds=0 --one-copy --no-ops-stay", 0)]
    [InlineData("check locks", 0)]
    [InlineData("check locks --set processes=3 --details --json", 0)]
    [InlineData("check lock-peterson", 0)]
    [InlineData("check lock-semaphore --set strong=1 --set processes=3", 0)]
    public async Task The_exit_code_tells_what_was_found(string line, int code) =>
        Assert.Equal(code, await LabCommandLine.Run(line.Split(' '), new StringWriter()));

    [Fact]
    public void A_lock_that_breaks_another_condition_than_is_known_of_it_is_1()
    {
        var rows = LockTable.Rows(2, CheckOptions.Default, _ => { }).ToList();
        Assert.Equal(0, LocksCommand.CodeOf(rows));
        Assert.All(rows, row => Assert.Equal(
            1, LocksCommand.CodeOf([row with { Breaks = DijkstraConditions.All.ToSet().Except(row.Breaks) }])));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Equal(3, LocksCommand.CodeOf([.. LockTable.Rows(2, new CheckOptions { Cancellation = stop.Token }, _ => { })]));
    }

    [Fact]
    public void A_story_of_a_lock_is_a_line_to_a_step()
    {
        var story = LockTable.Rows(2, CheckOptions.Default, _ => { }).First(row => row.Name == "lock-semaphore")
            .Result[DijkstraConditions.NoStarvation].Story!;
        Assert.Equal(
            [
                "  1 p 1: ncs", "  2 p 2: ncs", "for ever from here, with p 1 at P, p 2 at P:",
                "  3 p 2: P   semaphore: 1 -> 0", "  4 p 2: cs", "  5 p 2: V   semaphore: 0 -> 1", "  6 p 2: ncs",
            ],
            ShortStory.Lines(story));
    }

    [Fact]
    public async Task A_violation_is_1_and_its_file_replays_with_1()
    {
        var folder = Directory.CreateTempSubdirectory("lab-check-");
        try
        {
            var file = Path.Combine(folder.FullName, "found.json");
            var error = new StringWriter();
            Assert.Equal(1, await LabCommandLine.Run(["check", "lock-turn", "--out", file], error));
            Assert.Equal(1, await LabCommandLine.Run(["replay", file], error));
            Assert.Equal(1, await LabCommandLine.Run(["check", "increment", "--out", file], error));
            Assert.Equal(1, await LabCommandLine.Run(["replay", file], error));
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace("thread t1: read", "thread t9: read", StringComparison.Ordinal));
            Assert.Equal(1, await LabCommandLine.Run(["replay", file], error));
            Assert.Contains("does not replay with this build: step 1", error.ToString(), StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, text.Replace("\"fin\"", "\"no interloping\"", StringComparison.Ordinal));
            Assert.Equal(2, await LabCommandLine.Run(["replay", file], error));
            Assert.Contains("Unknown property of increment \"no interloping\"", error.ToString(), StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, text[..(text.Length / 2)]);
            Assert.Equal(2, await LabCommandLine.Run(["replay", file], error));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_undecided_run_is_kept_and_replays()
    {
        var folder = Directory.CreateTempSubdirectory("lab-valency-");
        try
        {
            var file = Path.Combine(folder.FullName, "run.json");
            var error = new StringWriter();
            Assert.Equal(0, await LabCommandLine.Run(["check", "wait-for-all", "--crashes", "1", "--valency", "--out", file], error));
            Assert.Contains("\"loopsTo\":", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
            Assert.Equal(0, await LabCommandLine.Run(["replay", file], error));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>It breaks an Always, so that its temporal property is not judged.</summary>
    [Fact]
    public void What_a_first_violation_leaves_undecided_has_a_hint()
    {
        string Shown(bool stops)
        {
            var lines = new Lines();
            new CheckView(lines, json: false).Show("x", ModelChecker.Check(TwoMinds(), new CheckOptions { StopAtViolation = stops }));
            return lines.Text;
        }

        Assert.Contains("--all goes on, and decides what is undecided here.", Shown(stops: true), StringComparison.Ordinal);
        Assert.DoesNotContain("--all", Shown(stops: false), StringComparison.Ordinal);

        static Model TwoMinds()
        {
            var m = new ModelBuilder("x");
            var x = m.Variable("x", 0);
            m.Step("up", s => x[s] = Math.Min(x[s] + 1, 3));
            m.Always("Low", "-", s => x[s] < 2);
            m.Temporal("High", "-", new Formula.Eventually(m.Now("high", s => x[s] == 3)));
            return m.Build();
        }
    }

    [Fact]
    public void Every_model_builds_with_its_defaults() => Assert.All(Checkable.All, checkable =>
        Assert.NotEqual(Seq<Property>.Empty, checkable.With(new Dictionary<string, int>(), new CheckWorld()).Properties));

    private sealed class Lines : ActorLab.Console.IRenderer
    {
        public string Text { get; private set; } = "";

        public void Show(ActorLab.Console.Output output)
        {
            if (output is ActorLab.Console.Output.Line line)
            {
                Text += $"{line.Text}\n";
            }
        }
    }
}

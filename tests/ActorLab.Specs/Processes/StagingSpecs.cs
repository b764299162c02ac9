using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Specs.Processes;

/// <summary>Claim: what the checker finds, and what Figure 8 of the Raft paper draws, happens on processes step by step.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class StagingSpecs : IDisposable
{
    private readonly string _folder = LabProcess.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Figure_8_breaks_leader_completeness_of_who_counts_replicas_of_old_terms()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "scripts", "raft-figure8.json");
        Assert.Equal((ExitCode.Failed, ""), await Run("replay", script, "--on-cluster"));
    }

    [Theory]
    [InlineData("forgets-its-vote", "--set=terms=1")]
    [InlineData("forgets-its-term", "--set=terms=1", "--set=crashes=1")] // a crash within a turn, and a message to a node that is down
    [InlineData("skips-up-to-date-check", "--set=terms=2", "--symmetry")]
    public async Task A_counterexample_of_the_checker_breaks_the_same_property_on_processes(string mutant, params string[] more)
    {
        var file = Path.Combine(_folder, "story.json");
        string[] world =
        [
            "--set=servers=3", "--set=clients=0", "--set=prevote=0", "--set=lossy=0", "--set=rounds=0", "--set=operations=0", "--one-copy",
            "--no-ops-stay",
        ];
        Assert.Equal((ExitCode.Failed, ""), await Run(["check", $"raft:{mutant}", .. world, .. more, $"--out={file}"]));
        Assert.Equal((ExitCode.Failed, ""), await Run("replay", file, "--on-cluster"));
    }

    [Fact]
    public async Task A_schedule_that_breaks_nothing_ends_with_0_and_one_that_should_with_3()
    {
        const string steps = "\"expire n1/server election\", \"deliver n1/server n1/server RequestVoteReply { Term = 1\"";
        var file = Path.Combine(_folder, "script.json");
        var script = $"{{\"format\": 1, \"scenario\": \"raft\", \"parameters\": {{\"servers\": 1, \"clients\": 0, \"operations\": 0, \"prevote\": 0}}, \"steps\": [{steps}]";
        await File.WriteAllTextAsync(file, script + "}");
        Assert.Equal((ExitCode.Success, ""), await Run("replay", file, "--on-cluster"));
        await File.WriteAllTextAsync(file, script + ", \"property\": \"Election Safety\"}");
        Assert.Equal((3, ""), await Run("replay", file, "--on-cluster"));
    }

    private static async Task<(int Exit, string Error)> Run(params string[] arguments)
    {
        var error = new StringWriter();
        return (await LabCommandLine.Run(arguments, error), error.ToString());
    }
}

using System.Diagnostics;
using ActorLab.Console;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

/// <summary>The supervisor over processes that are no nodes: it does not care.</summary>
public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("actorlab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxFact]
    public async Task A_killed_node_stays_down_and_starts_again_by_command()
    {
        await using var supervisor = Over("sleep", "60");
        await supervisor.Start("n1");
        var first = supervisor["n1"];
        Assert.Equal(NodeLife.Running, first.Life);

        await supervisor.Kill("n1");
        Assert.Equal((NodeLife.Stopped, "killed"), (supervisor["n1"].Life, supervisor["n1"].LastEnd));

        await supervisor.Start("n1");
        Assert.NotEqual(first.Pid, supervisor["n1"].Pid);
        Assert.Equal(2, supervisor["n1"].Starts);
    }

    [LinuxFact]
    public async Task A_paused_node_can_be_resumed_stopped_and_killed()
    {
        await using var supervisor = Over("sleep", "60");
        await supervisor.Start("n1");
        await supervisor.Pause("n1");
        Assert.Equal(NodeLife.Paused, supervisor["n1"].Life);
        Assert.Equal("n1 is paused already: node resume n1 lets it go on.", (await Assert.ThrowsAsync<CommandFailed>(() => supervisor.Pause("n1"))).Message);

        await supervisor.Resume("n1");
        Assert.Equal(NodeLife.Running, supervisor["n1"].Life);

        await supervisor.Pause("n1");
        Assert.True(await supervisor.Stop("n1"), "SIGTERM reaches it when it goes on");

        await supervisor.Start("n1");
        await supervisor.Pause("n1");
        await supervisor.Kill("n1");
        Assert.Equal(NodeLife.Stopped, supervisor["n1"].Life);
    }

    [LinuxFact]
    public async Task An_end_that_nobody_asked_for_is_reported_with_the_last_words()
    {
        await using var supervisor = Over("sh", "-c", "echo first; echo last words >&2; exit 7");
        var ended = new TaskCompletionSource<UnexpectedEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        supervisor.EndedUnexpectedly += end => ended.TrySetResult(end);
        await supervisor.Start("n1");

        var end = await ended.Task.WaitAsync(Limit);

        Assert.Equal(("n1", 7), (end.Node, end.ExitCode));
        Assert.Contains("last words", end.LastLines);
        Assert.Equal((NodeLife.Failed, "exit code 7"), (supervisor["n1"].Life, supervisor["n1"].LastEnd));
    }

    [LinuxFact]
    public async Task With_restart_it_is_started_again()
    {
        await using var supervisor = Over("sleep", "60");
        supervisor.RestartFailed = true;
        var restarted = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        supervisor.Restarted += (_, sentence) => restarted.TrySetResult(sentence);
        await supervisor.Start("n1");

        Posix.Send(supervisor["n1"].Pid!.Value, Signal.Kill);

        Assert.Equal("n1 was started again, as --restart asks", await restarted.Task.WaitAsync(Limit));
        Assert.Equal((NodeLife.Running, 2), (supervisor["n1"].Life, supervisor["n1"].Starts));
    }

    [LinuxFact]
    public async Task Its_end_is_the_end_of_every_process_even_of_one_that_ignores_sigterm()
    {
        var supervisor = Over("sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        await supervisor.Start("n1");
        var pid = supervisor["n1"].Pid!.Value;

        await supervisor.DisposeAsync();

        Assert.False(Posix.Send(pid, Signal.Continue), "there is no such process any more");
    }

    [LinuxFact]
    public async Task An_unknown_node_and_a_wrong_moment_are_sentences()
    {
        await using var supervisor = Over("sleep", "60");
        Assert.StartsWith("Unknown node \"n7\".", (await Assert.ThrowsAsync<BadInput>(() => supervisor.Kill("n7"))).Message, StringComparison.Ordinal);
        Assert.Equal("n1 is down: node start n1 starts it.", (await Assert.ThrowsAsync<CommandFailed>(() => supervisor.Kill("n1"))).Message);
    }

    private Supervisor Over(string program, params string[] arguments) => new(
        ["n1"],
        (_, _) => new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
        node => Path.Combine(_folder, node),
        TimeSpan.FromSeconds(2));
}

/// <summary>A test over processes that are no nodes.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs sleep, sh and signals";
}

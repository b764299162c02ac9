using System.Diagnostics;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

/// <summary>Cuts that come and go, in a lab whose nodes do not run.</summary>
public sealed class FlappingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Set<Link> One = [new Link(new NodeId("n1"), new NodeId("n2"))];
    private static readonly Set<Link> Other = [new Link(new NodeId("n2"), new NodeId("n1"))];

    [Fact]
    public async Task They_turn_until_others_are_put_in_force_and_whoever_draws_them_is_let_go()
    {
        await using var supervisor = NoNodes();
        using var plans = new FaultPlans(supervisor, (_, _, _) => throw new NodeSilent("No node runs."));
        var drawing = new Drawing();
        await plans.Flap("flap random", Flapping(drawing), default);
        Assert.Equal(One, plans.Current.Cuts);

        await drawing.TurnedTo(3).WaitAsync(Limit);
        Assert.False(drawing.LetGo.IsCompleted, "they are in force");

        await plans.Cut("isolate n1", _ => Other, default);
        await drawing.LetGo.WaitAsync(Limit);
        Assert.Equal(Other, plans.Current.Cuts);
    }

    [Fact]
    public async Task The_end_of_the_lab_ends_them()
    {
        await using var supervisor = NoNodes();
        var plans = new FaultPlans(supervisor, (_, _, _) => throw new NodeSilent("No node runs."));
        var drawing = new Drawing();
        await plans.Flap("flap random", Flapping(drawing), default);
        plans.Dispose();
        await drawing.LetGo.WaitAsync(Limit);
    }

    [LinuxFact]
    public async Task They_turn_also_where_who_asked_for_them_gave_up_waiting()
    {
        var root = Directory.CreateTempSubdirectory("actorlab-test-").FullName;
        try
        {
            await using var supervisor = new Supervisor(
                ["n1"],
                (_, _) => new ProcessStartInfo("sleep", ["60"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
                node => Path.Combine(root, $"{node}.out"),
                TimeSpan.FromSeconds(2));
            await supervisor.Start("n1");
            using var asked = new CancellationTokenSource();
            using var plans = new FaultPlans(supervisor, async (_, plan, stopped) =>
            {
                if (plan.Version == 1)
                {
                    await asked.CancelAsync();
                }

                stopped.ThrowIfCancellationRequested();
                return plan.Version;
            });
            var drawing = new Drawing();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plans.Flap("flap random", Flapping(drawing), asked.Token));
            await drawing.TurnedTo(2).WaitAsync(Limit);
            await plans.Cut("isolate n1", _ => Other, default);
            await drawing.LetGo.WaitAsync(Limit);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static Supervisor NoNodes() => new([], (_, _) => throw new InvalidOperationException("no node starts"), _ => "", Limit);

    private static Flapping Flapping(Drawing drawing) => new([], [], FaultPlans.ShortestPeriod) { Drawn = drawing.Turns() };

    /// <summary>Draws the same and the other direction by turns, and tells how far it is and when its enumerator is disposed of.</summary>
    private sealed class Drawing
    {
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource[] _turns =
            [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

        public Task LetGo => _letGo.Task;

        public Task TurnedTo(int turn) => _turns[turn].Task;

        public IEnumerable<Set<Link>> Turns()
        {
            try
            {
                for (var turn = 0; ; turn++)
                {
                    _turns[Math.Min(turn, _turns.Length - 1)].TrySetResult();
                    yield return turn % 2 == 0 ? One : Other;
                }
            }
            finally
            {
                _letGo.TrySetResult();
            }
        }
    }
}

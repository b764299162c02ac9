using System.Text.Json;
using ActorLab.Algorithms.Raft;
using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;
using Scenarios = ActorLab.Lab.Scenarios;

namespace ActorLab.Tests.Staging;

/// <summary>
/// Figure 8 of the Raft paper as a directed schedule, docs/scripts/raft-figure8.json, against the paper's logs in
/// tests/vectors/raft/figure8.json. Two deviations: a new leader appends a no-op (section 8), and in (c) S2 gets index 3, since
/// a leader learns what a follower has from its answers alone.
/// </summary>
public sealed class Figure8Tests
{
    private static readonly string[] Moments = ["a", "b", "c", "d"];

    [Fact]
    public void Whoever_counts_replicas_of_old_terms_loses_a_committed_entry()
    {
        var (stage, snapshots) = Run("raft:counts-old-terms");

        Assert.Equal(2, snapshots["c"].CommitOf("S1"));
        Assert.Equal(VerdictKind.Violated, Verdict(stage, RaftProperties.LeaderCompleteness));
        Assert.Equal(VerdictKind.Violated, Verdict(stage, RaftProperties.StateMachineSafety));
        Assert.Equal(VerdictKind.Holds, Verdict(stage, RaftProperties.ElectionSafety));
        Assert.Equal(VerdictKind.Holds, Verdict(stage, RaftProperties.LogMatching));
    }

    [Fact]
    public void The_right_server_does_not_commit_index_2_and_no_property_breaks()
    {
        var (stage, snapshots) = Run("raft");

        Assert.Equal(1, snapshots["a"].CommitOf("S1"));
        Assert.Equal(0, snapshots["c"].CommitOf("S1")); // it restarted, and what it knew of commits is volatile
        Assert.DoesNotContain(stage.Verdicts, verdict => verdict.Kind == VerdictKind.Violated);
        Assert.Equal(VerdictKind.Reached, Verdict(stage, RaftProperties.LeaderReplaced));
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("raft:counts-old-terms")]
    public void Logs_are_those_of_the_figure(string name)
    {
        var (_, snapshots) = Run(name);
        foreach (var moment in Moments)
        {
            foreach (var (server, paper) in PaperLogs(moment))
            {
                var expected = (moment, server) switch
                {
                    ("c", "S2") => [.. paper, 4],
                    ("d", "S1") => [1, 2, 4], // it stays down
                    ("d", "S2") => [.. paper], // its next entries are still under way
                    ("d", _) => [.. paper, 5], // the no-op of term 5
                    _ => paper,
                };
                Assert.True(
                    expected.SequenceEqual(snapshots[moment].LogOf(server)),
                    $"({moment}) {server}: [{string.Join(", ", snapshots[moment].LogOf(server))}], not [{string.Join(", ", expected)}]");
            }
        }
    }

    /// <summary>Runs the schedule on servers of some make, and looks at the end of each step of the figure.</summary>
    private static (PureStage Stage, Dictionary<string, Snapshot> Snapshots) Run(string name)
    {
        var file = ScriptFile.Load(Path.Combine(AppContext.BaseDirectory, "scripts", "raft-figure8.json"))!;
        var stage = new PureStage(Scenarios.Of(Checkable.Find(name).Family!, file.Parameters!));
        var snapshots = new Dictionary<string, Snapshot>();
        var moment = "";
        foreach (var step in file.Steps)
        {
            if (Moments.FirstOrDefault(next => step.StartsWith($"# ({next})", StringComparison.Ordinal)) is { } begins)
            {
                snapshots[moment] = Snapshot.Of(stage.World);
                moment = begins;
            }
            else if (!step.StartsWith('#'))
            {
                stage.Do(GateStep.Parse(step));
            }
        }

        snapshots[moment] = Snapshot.Of(stage.World);
        Assert.Null(stage.Failure);
        return (stage, snapshots);
    }

    private static VerdictKind Verdict(PureStage stage, Property property) =>
        stage.Verdicts.Single(verdict => verdict.Property == property).Kind;

    private static IEnumerable<(string Server, long[] Terms)> PaperLogs(string moment)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "raft", "figure8.json")));
        var step = json.RootElement.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("id").GetString() == moment);
        return [.. step.GetProperty("logs").EnumerateObject()
            .Select(log => (log.Name, log.Value.EnumerateArray().Select(term => term.GetInt64()).ToArray()))];
    }

    private sealed record Snapshot(IReadOnlyDictionary<string, RaftState> Servers)
    {
        public static Snapshot Of(IWorld world) => new(world.All<RaftState>().ToDictionary(
            server => server.Address.Node.Name.Replace('n', 'S'), server => server.State, StringComparer.Ordinal));

        public long CommitOf(string server) => Servers[server].CommitIndex;

        public long[] LogOf(string server) => [.. Servers[server].Log.Entries.Select(entry => entry.Term)];
    }
}

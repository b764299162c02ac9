using ActorLab.Checking;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Mutants;

/// <summary>The catalogue of mutants. That none survives is for <c>lab mutants</c>; here, that the right ones pass where they are caught.</summary>
public sealed class MutantListTests
{
    /// <summary>These take more than a few seconds: <c>lab mutants</c> has them.</summary>
    private static readonly Set<string> Slow =
    [
        "raft:acknowledges-before-disk", "raft:truncates-on-stale-append", "raft:skips-up-to-date-check", "raft:forgets-its-term",
        "raft:changes-before-commit",
        "ben-or:begins-anew", "paxos:forgets-its-promise", "multi-paxos:reuses-its-ballot",
    ];

    public static TheoryData<string> Quick() =>
        [.. MutantList.All.Where(mutant => CheckerSetting.Of(mutant) is not null).Select(mutant => mutant.Family.Name).Except(Slow)];

    [Theory]
    [MemberData(nameof(Quick))]
    public void The_checker_catches_it_and_the_right_one_passes_as_deep(string name)
    {
        var mutant = MutantList.All.Single(mutant => mutant.Family.Name == name);
        var caught = MutantMatrix.ByChecker(mutant, CancellationToken.None)!;
        Assert.Contains(caught.Property, mutant.Breaks);
        Assert.True(caught.Steps > 0);
        var right = MutantMatrix.RightOne(Checkable.Find(MutantList.AlgorithmOf(mutant)).Family!, mutant, caught.Steps);
        Assert.Null(right.Failure);
        Assert.DoesNotContain(right.Verdicts, verdict => verdict.Kind == VerdictKind.Violated);
    }

    [Fact]
    public void Each_has_a_name_of_its_own_and_says_what_it_gives_up_and_where()
    {
        Assert.Equal(MutantList.All.Count, MutantList.All.Select(mutant => mutant.Family.Name).Distinct().Count());
        Assert.All(MutantList.All, mutant =>
        {
            Assert.EndsWith($":{mutant.Name}", mutant.Family.Name, StringComparison.Ordinal);
            Assert.EndsWith(".", mutant.GivesUp.TrimEnd(')'), StringComparison.Ordinal);
            Assert.Contains(".cs, ", mutant.Where, StringComparison.Ordinal);
            Assert.NotEmpty(mutant.Breaks);
            var arguments = Checkable.ArgumentsOf(mutant.Family.Name, mutant.Family.Parameters, new Dictionary<string, int>());
            var properties = mutant.Family.With().Properties.AddRange(Simulatable.Find(mutant.Family.Name).Promises(arguments))
                .Select(property => property.Name).Append(Mutant.Linearizability);
            Assert.All(mutant.Breaks, broken => Assert.Contains(broken, properties));
        });
    }

    [Theory]
    [InlineData("mutants no-such", 2)]
    [InlineData("mutants raft:no-such", 2)]
    [InlineData("mutants raft --by luck", 2)]
    [InlineData("mutants ping-pong", 0)]
    [InlineData("mutants wait-for-all --json", 0)]
    [InlineData("mutants raft:reads-at-once --by checker", 1)]
    public async Task The_exit_code_tells_what_was_found(string line, int code) =>
        Assert.Equal(code, await LabCommandLine.Run(line.Split(' '), new StringWriter()));
}

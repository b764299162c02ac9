using ActorLab.Checking;
using ActorLab.Lab;

namespace ActorLab.Tests.Linearizability;

/// <summary>Verdicts of others.</summary>
public sealed class VectorTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "vectors", "linearizability", "porcupine");

    [Fact]
    public void Every_verdict_of_porcupine_comes_out()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "verdicts.tsv")).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.Equal(62, lines.Count);
        Assert.Equal(2, lines.Select(line => line[1]).Distinct().Count());
        foreach (var line in lines)
        {
            var model = line[0].StartsWith("kv/", StringComparison.Ordinal) ? "kv" : "cas-register";
            var history = HistoryFile.Load(Path.Combine(Folder, line[0]), model);
            var result = LinearizabilityChecker.Check(history, JudgeModels.Find(model));
            Assert.True(
                line[1] == (result.Verdict == LinearizabilityVerdict.Linearizable ? "true" : "false"), $"{line[0]}: {result.Verdict}");
        }
    }
}

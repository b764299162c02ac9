using System.Runtime.CompilerServices;
using System.Text;

namespace ActorLab.Tests.Raft;

/// <summary>
/// Scripts of inputs with golden traces, in Scripts/: a line that begins with <c>&gt;</c> is a command of
/// <see cref="ScriptGroup"/>, one that begins with <c>#</c> a comment, and what follows a command is what it did.
/// <c>ACTORLAB_REWRITE=1 dotnet test --filter Raft.ScriptTests</c> writes the traces anew: review the difference.
/// </summary>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts => new(
        Directory.GetFiles(Folder(), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_trace_of_the_script_is_the_golden_one(string name)
    {
        var path = Path.Combine(Folder(), $"{name}.txt");
        var golden = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (group, trace) = (new ScriptGroup(), new StringBuilder());
        foreach (var line in golden.Split('\n').Where(line => line.StartsWith('>') || line.StartsWith('#')))
        {
            trace.Append(line.StartsWith('#') && trace.Length > 0 ? $"\n{line}\n" : $"{line}\n");
            trace.Append(line.StartsWith('>') ? group.Run(line[1..]).ReplaceLineEndings("\n") : "");
        }

        if (Environment.GetEnvironmentVariable("ACTORLAB_REWRITE") == "1")
        {
            File.WriteAllText(path, trace.ToString());
            return;
        }

        Assert.Equal(golden, trace.ToString());
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Scripts");
}

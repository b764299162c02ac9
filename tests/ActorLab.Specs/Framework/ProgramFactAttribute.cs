namespace ActorLab.Specs;

/// <summary>A spec that wants a program of the system, and is skipped, with its reason, where that is not installed.</summary>
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="program">Such as <c>etcdctl</c>.</param>
    /// <param name="package">Debian's package that has it.</param>
    public ProgramFactAttribute(string program, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"There is no {program} on this machine: Debian's package {package} has it.";
        }
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorLab.Lab;

/// <summary>How this program starts itself again: the built executable, never <c>dotnet run</c>.</summary>
public static class OwnProgram
{
    /// <summary>A start of this program with other arguments and with its standard streams in pipes.</summary>
    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var library = typeof(OwnProgram).Assembly.Location;
        var (program, first) = Find(library);
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var argument in first.Concat(arguments))
        {
            info.ArgumentList.Add(argument);
        }

        // The executable looks for .NET in the usual places only: it may be the copy in somebody's home that runs us now.
        info.Environment["DOTNET_ROOT"] = DotnetRoot();
        return info;
    }

    /// <summary>The executable beside the library; without one, <c>dotnet</c> with the library.</summary>
    private static (string Program, IEnumerable<string> First) Find(string library)
    {
        var beside = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(beside) ? (beside, []) : (DotnetHost(), [library]);
    }

    /// <summary>The folder of <c>dotnet</c>, three above <c>shared/Microsoft.NETCore.App/10.0.0/</c>.</summary>
    private static string DotnetRoot() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string DotnetHost() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
}

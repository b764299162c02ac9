using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorLab.Console;

/// <summary>The world around <c>pbm</c>: its streams, whether a person sits at them, and its environment.</summary>
public sealed record PbmIo(TextReader In, TextWriter Out, TextWriter Error)
{
    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>This process's own.</summary>
    public static PbmIo OfProcess() => new(System.Console.In, OpenOut(), System.Console.Error)
    {
        InIsTerminal = !System.Console.IsInputRedirected,
        OutIsTerminal = !System.Console.IsOutputRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>
    /// System.Console swallows the error of a pipe whose reader left, and <c>pbm trace tail | head</c> would never end;
    /// a stream of our own throws <see cref="IOException"/>.
    /// </summary>
    private static TextWriter OpenOut()
    {
        if (OperatingSystem.IsWindows() || !System.Console.IsOutputRedirected)
        {
            return System.Console.Out;
        }
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? System.Console.Out : new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
    }
}

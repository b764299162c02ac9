namespace ActorLab.Console;

/// <summary>The world around <c>pbm</c>: its streams, whether a person sits at them, and its environment.</summary>
public sealed record PbmIo(TextReader In, TextWriter Out, TextWriter Error)
{
    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>This process's own.</summary>
    public static PbmIo OfProcess() => new(System.Console.In, System.Console.Out, System.Console.Error)
    {
        InIsTerminal = !System.Console.IsInputRedirected,
        OutIsTerminal = !System.Console.IsOutputRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
    };
}

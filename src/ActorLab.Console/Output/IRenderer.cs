namespace ActorLab.Console;

/// <summary>Shows the events of a command's output to a person or a program.</summary>
public interface IRenderer
{
    void Show(Output output);
}

/// <summary>Picks a renderer for where the output goes.</summary>
public static class Renderers
{
    /// <param name="io">The streams, and whether they end in a terminal.</param>
    /// <param name="json">The user asked for one JSON object a line.</param>
    public static IRenderer For(PbmIo io, bool json)
    {
        if (json)
        {
            return new JsonRenderer(io.Out);
        }
        return io.OutIsTerminal && io.Environment("TERM") != "dumb"
            ? new TerminalRenderer(io.Out, io.Error, colour: string.IsNullOrEmpty(io.Environment("NO_COLOR")))
            : new PlainRenderer(io.Out, io.Error);
    }
}

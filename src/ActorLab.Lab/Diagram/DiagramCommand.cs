using System.CommandLine;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab diagram</c>.</summary>
internal static class DiagramCommand
{
    private static readonly Argument<string[]> Files = new("file")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "A picture (--jsonl), or the trace lines of one or more nodes (pbm trace save)",
    };

    public static Command Build()
    {
        var command = new Command(
            "diagram",
            "Show a picture or traces of nodes as a space-time diagram: here, as a page, or for ShiViz. Traces of several nodes are merged.\n"
            + "Without a switch it shows the diagram here.");
        command.Arguments.Add(Files);
        DiagramOutputs.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        DiagramOutputs.RequireWritable(parsed);
        var picture = TraceFiles.Read(parsed.GetRequiredValue(Files));
        DiagramOutputs.Show(parsed, picture, Renderers.For(PbmIo.OfProcess(), json: false), orText: true);
        return ExitCode.Success;
    }
}

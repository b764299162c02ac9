namespace ActorLab.Console;

/// <summary>
/// Runs command lines against one lab and shows their output: what the shell, the prompt and scripts share.
/// </summary>
public sealed class PbmSession(PbmClient client, PbmIo io)
{
    private PaletteSet? _palettes;

    public PbmClient Client => client;

    public PbmIo Io => io;

    /// <summary>The lab's palettes as they were when last asked for; asks where they never were.</summary>
    public async Task<PaletteSet> Palettes(CancellationToken stopped) =>
        _palettes ??= await client.FetchDefinitions(stopped).ConfigureAwait(false);

    /// <summary>
    /// Runs one command line that is already split and rid of the switches of <c>pbm</c>; never throws for what a user or
    /// a lab does.
    /// </summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Run(PbmOptions options, CancellationToken stopped)
    {
        var renderer = Renderers.For(io, options.Json);
        try
        {
            var (exit, outputs) = await Start(options, stopped).ConfigureAwait(false);
            await foreach (var output in outputs.WithCancellation(stopped).ConfigureAwait(false))
            {
                renderer.Show(output);
                exit = output is Output.Exit end ? end.Code : exit;
            }
            return exit;
        }
        catch (BadInput e)
        {
            return End(renderer, e.Message, ExitCode.BadInput);
        }
        catch (CommandFailed e)
        {
            return End(renderer, e.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return End(renderer, "Stopped.", ExitCode.Failed);
        }
    }

    /// <summary>Shows a sentence as the end of a command that did not succeed.</summary>
    public static int End(IRenderer renderer, string sentence, int exit)
    {
        renderer.Show(new Output.Error(sentence));
        renderer.Show(new Output.Exit(exit));
        return exit;
    }

    private async Task<(int Exit, IAsyncEnumerable<Output> Outputs)> Start(PbmOptions options, CancellationToken stopped)
    {
        if (options.Help && options.Command.Count == 0)
        {
            return Help(PbmHelp.OfProgram());
        }
        // Asked anew for each command: a prompt may outlive its lab and meet the next one.
        var palettes = _palettes = await client.FetchDefinitions(stopped).ConfigureAwait(false);
        var words = options.Command.Where(w => w != "help").Take(2).ToList();
        var asksForHelp = options.Help || options.Command.Take(2).Contains("help");
        if (!asksForHelp)
        {
            return (ExitCode.Failed, client.Execute(FileArguments.Read(CommandLine.Parse(options.Command, palettes), palettes), stopped));
        }
        if (words.Count == 0)
        {
            return Help(PbmHelp.OfLab(palettes));
        }
        if (words.Count == 1)
        {
            return Help(PbmHelp.Of(palettes.Find(words[0])));
        }
        var (palette, command) = palettes.Find(words[0], words[1]);
        return Help(PbmHelp.Of(palette, command));
    }

    private static (int Exit, IAsyncEnumerable<Output> Outputs) Help(IEnumerable<Output> help) =>
        (ExitCode.Success, help.Append(new Output.Exit(ExitCode.Success)).ToAsyncEnumerable());
}

namespace ActorLab.Console;

/// <summary>The program <c>pbm</c>: one command and out, a prompt, or a script from standard input.</summary>
public static class PbmProgram
{
    /// <summary>Runs in this process's terminal; Ctrl-C stops the command that runs.</summary>
    public static async Task<int> Run(string[] args)
    {
        using var stop = new CancellationTokenSource();
        System.Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        try
        {
            return await Run(args, PbmIo.OfProcess(), stop.Token).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Whoever read our output left, as head does: nobody is there to be told.
            return ExitCode.Failed;
        }
    }

    /// <summary>Runs with any streams.</summary>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad input.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, PbmIo io, CancellationToken stopped)
    {
        PbmOptions options;
        string tokenPath;
        try
        {
            options = PbmOptions.Parse(args);
            // Help on the program itself asks no lab.
            tokenPath = options is { Help: true, Command.Count: 0 } ? "" : options.TokenPath(io.Environment);
        }
        catch (BadInput e)
        {
            return PbmSession.End(Renderers.For(io, args.Contains("--json")), e.Message, ExitCode.BadInput);
        }
        using var client = new PbmClient(options.Address, () => LabToken.Read(tokenPath));
        var session = new PbmSession(client, io);
        if (options.Command.Count > 0 || options.Help)
        {
            return await session.Run(options, stopped).ConfigureAwait(false);
        }
        return io is { InIsTerminal: true, OutIsTerminal: true } && io.Environment("TERM") != "dumb"
            ? await PbmPrompt.Run(session, options, stopped).ConfigureAwait(false)
            : await PbmScript.Run(session, options, io.In, stopped).ConfigureAwait(false);
    }
}

namespace ActorLab.Console;

/// <summary>
/// Commands from a file or a pipe, one a line; blank lines and lines that begin with <c>#</c> are skipped.
/// </summary>
public static class PbmScript
{
    /// <summary>
    /// Runs line by line, each echoed behind the prompt (not in JSON). Stops at the first command that does not succeed,
    /// unless asked to keep going.
    /// </summary>
    /// <returns>The exit code of the last command that did not succeed, or 0.</returns>
    public static async Task<int> Run(PbmSession session, PbmOptions defaults, TextReader lines, CancellationToken stopped)
    {
        var exit = ExitCode.Success;
        while (await lines.ReadLineAsync(stopped).ConfigureAwait(false) is { } line)
        {
            var text = line.Trim();
            if (text.Length == 0 || text.StartsWith('#'))
            {
                continue;
            }
            if (text is "exit" or "quit")
            {
                break;
            }
            if (!defaults.Json)
            {
                await session.Io.Out.WriteLineAsync($"{PbmPrompt.TextFor(session.Client.Address)}{SafeText.Escape(text)}").ConfigureAwait(false);
                await session.Io.Out.FlushAsync(stopped).ConfigureAwait(false);
            }
            var code = await RunLine(session, defaults, text, stopped).ConfigureAwait(false);
            exit = code == ExitCode.Success ? exit : code;
            if (stopped.IsCancellationRequested || (code != ExitCode.Success && !defaults.KeepGoing))
            {
                return exit;
            }
        }
        return exit;
    }

    /// <summary>
    /// Splits and runs one line of a script or a prompt; <c>--json</c> and <c>--help</c> hold for that line.
    /// </summary>
    public static async Task<int> RunLine(PbmSession session, PbmOptions defaults, string line, CancellationToken stopped)
    {
        PbmOptions options;
        try
        {
            options = PbmOptions.ParseLine(CommandLine.Split(line), defaults);
        }
        catch (BadInput e)
        {
            return PbmSession.End(Renderers.For(session.Io, defaults.Json), e.Message, ExitCode.BadInput);
        }
        return await session.Run(options, stopped).ConfigureAwait(false);
    }
}

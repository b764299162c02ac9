namespace ActorLab.Console;

/// <summary>The interactive prompt, in <c>pbm</c> and in <c>lab up</c>.</summary>
public sealed class PbmPrompt(PbmSession session, PbmOptions options, ITerminal terminal, PromptHistory history)
{
    private static readonly TimeSpan CompletionLimit = TimeSpan.FromSeconds(1);

    private LineEditor? _editor;

    /// <summary>What stands before each line.</summary>
    public static string TextFor(PbmAddress address) => $"[{address}] pbm> ";

    /// <summary>Runs a prompt in this process's terminal, with this user's history.</summary>
    public static async Task<int> Run(PbmSession session, PbmOptions options, CancellationToken stopped)
    {
        using var terminal = new ProcessTerminal();
        return await new PbmPrompt(session, options, terminal, new PromptHistory(PromptHistory.DefaultPath)).Run(stopped).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a prompt in this process's terminal against a lab of this process: what <c>lab up</c> calls once its console
    /// listens. Returns when the user leaves or <paramref name="stopped"/> is cancelled.
    /// </summary>
    public static async Task<int> Run(PbmAddress address, string token, CancellationToken stopped)
    {
        using var client = new PbmClient(address, () => token);
        return await Run(new PbmSession(client, PbmIo.OfProcess()), new PbmOptions { Address = address }, stopped).ConfigureAwait(false);
    }

    /// <summary>Reads and runs lines until the user leaves.</summary>
    /// <returns>0; 1 when no lab answers at the start.</returns>
    public async Task<int> Run(CancellationToken stopped)
    {
        try
        {
            await session.Palettes(stopped).ConfigureAwait(false);
        }
        catch (CommandFailed e)
        {
            return PbmSession.End(Renderers.For(session.Io, options.Json), e.Message, ExitCode.Failed);
        }
        _editor = new LineEditor(terminal, history, Complete);
        try
        {
            await Loop(_editor, stopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            terminal.Write("\r\n");
        }
        return ExitCode.Success;
    }

    private async Task Loop(LineEditor editor, CancellationToken stopped)
    {
        var interruptedBefore = false;
        while (true)
        {
            var (end, text) = await editor.Read(TextFor(session.Client.Address), stopped).ConfigureAwait(false);
            if (end == LineEnd.EndOfInput || (end == LineEnd.Interrupted && text.Length == 0 && interruptedBefore))
            {
                return;
            }
            interruptedBefore = end == LineEnd.Interrupted && text.Length == 0;
            if (interruptedBefore)
            {
                terminal.Write("Type exit, or press Ctrl-C or Ctrl-D once more, to leave.\r\n");
            }
            if (end == LineEnd.Interrupted)
            {
                continue;
            }
            history.Add(text);
            switch (text.Trim())
            {
                case "":
                    break;
                case "exit" or "quit":
                    return;
                case "clear":
                    terminal.Write(LineEditor.ClearScreen);
                    break;
                default:
                    await RunWatchingKeys(editor, text, stopped).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>While a command runs, Ctrl-C stops it, and other keys wait for the next line.</summary>
    private async Task RunWatchingKeys(LineEditor editor, string text, CancellationToken stopped)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var running = PbmScript.RunLine(session, options, text, stop.Token);
        var watching = WatchKeys(editor, stop, ended.Token);
        await running.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    private async Task WatchKeys(LineEditor editor, CancellationTokenSource stop, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var key = await terminal.ReadKey(ended).ConfigureAwait(false);
                if (key.KeyChar == '\x03' || (key.Key == ConsoleKey.C && key.Modifiers == ConsoleModifiers.Control))
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
                else
                {
                    editor.TypeAhead(key);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The command ended.
        }
    }

    /// <summary>A lab that does not answer at once completes nothing.</summary>
    private async Task<Completion> Complete(string line)
    {
        using var limit = new CancellationTokenSource(CompletionLimit);
        try
        {
            var palettes = await session.Palettes(limit.Token).ConfigureAwait(false);
            var nodes = await session.Client.FetchNodes(limit.Token).ConfigureAwait(false);
            return Completer.Complete(line, palettes, nodes);
        }
        catch (Exception e) when (e is CommandFailed or BadInput or OperationCanceledException)
        {
            return new Completion(line.Length, []);
        }
    }
}

using System.Threading.Channels;

namespace ActorLab.Console;

/// <summary>One call of a command, as a client sends it.</summary>
/// <param name="Palette">The palette's name.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Arguments">Values as typed, by parameter name.</param>
public sealed record Call(string Palette, string Command, IReadOnlyDictionary<string, IReadOnlyList<string>> Arguments);

/// <summary>
/// Runs commands: finds them, checks their arguments, and turns whatever happens into output and an exit code.
/// </summary>
/// <param name="palettes">What this host can do.</param>
/// <param name="nodes">The names of the lab's nodes now, for checks and completion; null where any name goes.</param>
/// <param name="failed">Told of an exception that no handler should have thrown, for the host's log.</param>
public sealed class ConsoleHost(
    PaletteSet palettes,
    Func<IReadOnlyList<string>>? nodes = null,
    Action<Call, Exception>? failed = null)
{
    /// <summary>Events that wait for a slow client before its command is failed.</summary>
    public const int MaxPending = 20_000;

    /// <summary>Events that one command may write in all.</summary>
    public const int MaxEvents = 1_000_000;

    private const int Roomy = 1_000;

    /// <summary>How long a handler may take to end after it was told to.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public PaletteSet Palettes { get; } = palettes;

    public IReadOnlyList<string> Nodes => nodes?.Invoke() ?? [];

    /// <summary>
    /// Runs one command, and gives each event to <paramref name="send"/> in order; the last one is always
    /// <see cref="Output.Exit"/>, unless <paramref name="gone"/> was cancelled because nobody listens any more.
    /// </summary>
    /// <param name="call">What to run.</param>
    /// <param name="send">Takes the events; while it waits, they queue up.</param>
    /// <param name="gone">The client went away.</param>
    /// <param name="closing">The host shuts down: the command is stopped and its client told.</param>
    public async Task<int> Execute(
        Call call,
        Func<Output, CancellationToken, ValueTask> send,
        CancellationToken gone,
        CancellationToken closing = default)
    {
        var events = Channel.CreateUnbounded<Output>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone, closing);
        var running = Task.Run(() => RunToExit(call, events, stop, closing), CancellationToken.None);
        try
        {
            await foreach (var output in events.Reader.ReadAllAsync(gone).ConfigureAwait(false))
            {
                await send(output, gone).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }
        return await running.ConfigureAwait(false);
    }

    /// <summary>
    /// Runs one line as the prompt would, and collects its output: for tests and for scripts inside a host.
    /// </summary>
    public async Task<(int Exit, IReadOnlyList<Output> Outputs)> Run(string line, CancellationToken stopped = default)
    {
        var outputs = new List<Output>();
        Call call;
        try
        {
            call = CommandLine.Parse(CommandLine.Split(line), Palettes);
        }
        catch (BadInput e)
        {
            return (ExitCode.BadInput, [new Output.Error(e.Message), new Output.Exit(ExitCode.BadInput)]);
        }
        var exit = await Execute(call, (output, _) => { outputs.Add(output); return ValueTask.CompletedTask; }, stopped).ConfigureAwait(false);
        return (exit, outputs);
    }

    private async Task<int> RunToExit(
        Call call,
        Channel<Output> events,
        CancellationTokenSource stop,
        CancellationToken closing)
    {
        var (exit, sentence) = await RunHandler(call, new Writer(events), stop, closing).ConfigureAwait(false);
        if (sentence is not null)
        {
            events.Writer.TryWrite(new Output.Error(sentence));
        }

        events.Writer.TryWrite(new Output.Exit(exit));
        events.Writer.Complete();
        return exit;
    }

    private async Task<(int Exit, string? Sentence)> RunHandler(
        Call call,
        Writer writer,
        CancellationTokenSource stop,
        CancellationToken closing)
    {
        var (name, limit) = ($"{call.Palette} {call.Command}", TimeSpan.Zero);
        Task? handling = null;
        try
        {
            var (palette, command) = Palettes.Find(call.Palette, call.Command);
            var arguments = ArgumentBinder.Bind(palette.Name, command, call.Arguments, nodes?.Invoke());
            var handler = command.Handler ?? throw new InvalidOperationException($"{name} has no handler.");
            limit = command.TimeLimit;
            stop.CancelAfter(limit);
            handling = handler(new CommandContext(arguments, writer.Write, writer.Room), stop.Token);
            await handling.WaitAsync(limit + Grace, CancellationToken.None).ConfigureAwait(false);
            return (ExitCode.Success, null);
        }
        catch (BadInput e)
        {
            return (ExitCode.BadInput, e.Message);
        }
        catch (CommandFailed e)
        {
            return (ExitCode.Failed, e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (ExitCode.Failed, closing.IsCancellationRequested
                ? $"{name} was stopped: the lab is shutting down."
                : $"{name} was stopped: its time limit of {Durations.Format(limit)} is over.");
        }
        catch (TimeoutException) when (handling is { IsCompleted: false })
        {
            return (ExitCode.Failed, $"{name} did not end within its time limit of {Durations.Format(limit)} and goes on unwatched.");
        }
        catch (Exception e)
        {
            // A handler's bug must not take the host down, and the user must see that it is one.
            failed?.Invoke(call, e);
            return (ExitCode.Failed, $"{name} broke inside the lab ({e.GetType().Name}: {e.Message}). The lab's log has the details.");
        }
    }

    /// <summary>The handler's end of the event queue, which refuses to grow without bound.</summary>
    private sealed class Writer(Channel<Output> events)
    {
        private int _written;

        public void Write(Output output)
        {
            if (Interlocked.Increment(ref _written) > MaxEvents)
            {
                throw new CommandFailed($"The output was cut after {MaxEvents} events: ask for less.");
            }

            if (events.Reader.Count >= MaxPending)
            {
                throw new CommandFailed($"The output was cut: the client is {MaxPending} events behind.");
            }

            events.Writer.TryWrite(output);
        }

        public async ValueTask Room(CancellationToken stopped)
        {
            while (events.Reader.Count >= Roomy)
            {
                await Task.Delay(5, stopped).ConfigureAwait(false);
            }
        }
    }
}

namespace ActorLab.Console;

/// <summary>What the line editor needs of a terminal.</summary>
public interface ITerminal
{
    /// <summary>Columns, at least 20.</summary>
    int Width { get; }

    /// <summary>The next key, Ctrl-C among them.</summary>
    Task<ConsoleKeyInfo> ReadKey(CancellationToken stopped);

    /// <summary>Text and ANSI sequences, shown at once.</summary>
    void Write(string text);
}

/// <summary>This process's terminal, in which Ctrl-C is a key while this object lives.</summary>
public sealed class ProcessTerminal : ITerminal, IDisposable
{
    private readonly bool _controlCWasInput = System.Console.TreatControlCAsInput;
    private Task<ConsoleKeyInfo>? _reading;

    public ProcessTerminal() => System.Console.TreatControlCAsInput = true;

    public int Width
    {
        get
        {
            try
            {
                return Math.Max(20, System.Console.WindowWidth);
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    /// <summary>A read cannot be taken back; one that nobody waits for any more answers the next call.</summary>
    public async Task<ConsoleKeyInfo> ReadKey(CancellationToken stopped)
    {
        _reading ??= Task.Factory.StartNew(
            () => System.Console.ReadKey(intercept: true),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var key = await _reading.WaitAsync(stopped).ConfigureAwait(false);
        _reading = null;
        return key;
    }

    public void Write(string text)
    {
        System.Console.Out.Write(text);
        System.Console.Out.Flush();
    }

    public void Dispose() => System.Console.TreatControlCAsInput = _controlCWasInput;
}

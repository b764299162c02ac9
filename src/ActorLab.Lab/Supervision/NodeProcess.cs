using System.Diagnostics;

namespace ActorLab.Lab;

/// <summary>One process of a node, from its start to its end.</summary>
public sealed class NodeProcess
{
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _last = new();

    /// <param name="process">Started, with its standard streams in pipes.</param>
    /// <param name="output">Gets what the process prints; closed at its end.</param>
    /// <param name="ended">Told of the exit code before anybody else learns of the end.</param>
    public NodeProcess(Process process, StreamWriter output, Action<int> ended)
    {
        _process = process;
        Pid = process.Id;
        process.StandardInput.Close();
        Exited = Watch(output, ended);
    }

    public int Pid { get; }

    public DateTimeOffset Started { get; } = DateTimeOffset.Now;

    public bool Paused { get; private set; }

    /// <summary>Set before a signal that ends the process, so that its end is no surprise.</summary>
    public bool EndExpected { get; set; }

    /// <summary>Completes with the exit code: 128 + signal where a signal ended the process.</summary>
    public Task<int> Exited { get; }

    public bool Alive => !Exited.IsCompleted;

    /// <summary>The last lines that the process printed, the oldest first.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_last)
            {
                return [.. _last];
            }
        }
    }

    public void Kill()
    {
        EndExpected = true;
        if (!Posix.HasSignals)
        {
            _process.Kill();
        }
        else if (Alive)
        {
            Posix.Send(Pid, Signal.Kill);
        }
    }

    /// <summary>Freezes the process until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        Paused = true;
        if (Alive)
        {
            Posix.Send(Pid, Signal.Stop);
        }
    }

    public void Resume()
    {
        if (Alive)
        {
            Posix.Send(Pid, Signal.Continue);
        }

        Paused = false;
    }

    /// <summary>Asks the process to end, lets it go on if it is frozen, and kills it after the limit.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> Stop(TimeSpan limit)
    {
        EndExpected = true;
        if (Posix.HasSignals && Alive)
        {
            Posix.Send(Pid, Signal.Terminate);
            Resume();
            if (await Task.WhenAny(Exited, Task.Delay(limit)).ConfigureAwait(false) == Exited)
            {
                return true;
            }
        }

        Kill();
        await Exited.ConfigureAwait(false);
        return false;
    }

    /// <summary>How a process ended, as a phrase.</summary>
    public static string EndOf(int code) => code switch
    {
        0 => "ended",
        137 => "killed",
        143 => "terminated",
        _ => $"exit code {code}",
    };

    private async Task<int> Watch(StreamWriter output, Action<int> ended)
    {
        var gate = new SemaphoreSlim(1);
        await Task.WhenAll(Drain(_process.StandardOutput, output, gate), Drain(_process.StandardError, output, gate)).ConfigureAwait(false);
        try
        {
            await output.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The disk is full, and the last lines with it: the process ended all the same.
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        ended(_process.ExitCode);
        return _process.ExitCode;
    }

    /// <summary>A pipe that nobody reads fills up, and then whoever writes to it stands still.</summary>
    private async Task Drain(StreamReader from, StreamWriter to, SemaphoreSlim gate)
    {
        while (await from.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_last)
            {
                _last.Enqueue(line);
                if (_last.Count > KeptLines)
                {
                    _last.Dequeue();
                }
            }

            await gate.WaitAsync().ConfigureAwait(false);
            try
            {
                await to.WriteLineAsync(line).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The disk is full: the node's own lines are lost here, and the pipe is still read.
            }
            finally
            {
                gate.Release();
            }
        }
    }
}

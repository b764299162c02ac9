using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorLab.Lab;

/// <summary>
/// Starts processes from one thread that lives as long as this process. Linux sends the parent-death signal when the
/// *thread* that forked ends, not the process: started from a pool thread, a node would die when the pool shrinks.
/// </summary>
public sealed class Spawner : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo What, TaskCompletionSource<Process> Started)> _requests = [];
    private readonly Thread _thread;

    public Spawner()
    {
        // A background thread is killed with the process and never before it: Dispose only stops further requests.
        _thread = new Thread(Run) { IsBackground = true, Name = "spawner" };
        _thread.Start();
    }

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public Task<Process> Start(ProcessStartInfo what)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add((what, started));
        return started.Task;
    }

    /// <summary>Takes no more requests. The thread stays, and with it every process that it started.</summary>
    public void Dispose() => _requests.CompleteAdding();

    private void Run()
    {
        foreach (var (what, started) in _requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(what)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }

        Thread.Sleep(Timeout.Infinite);
    }
}

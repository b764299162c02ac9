using System.Runtime.ExceptionServices;

namespace ActorLab.Checking.Kernel;

/// <summary>Some threads that do the same thing at the same time; the caller is one of them.</summary>
internal sealed class Team : IDisposable
{
    private readonly Barrier _barrier;
    private readonly int _size;
    private Action<int>? _work;
    private ExceptionDispatchInfo? _error;

    public Team(int size)
    {
        _size = size;
        _barrier = new Barrier(size);
        for (var i = 1; i < size; i++)
        {
            var index = i;
            new Thread(() => Serve(index)) { IsBackground = true, Name = $"checker {index}" }.Start();
        }
    }

    /// <summary>Runs the work on every thread and waits for all.</summary>
    /// <exception cref="Exception">What the first of them threw.</exception>
    public void Run(Action<int> work)
    {
        if (_size == 1)
        {
            work(0);
            return;
        }

        _work = work;
        _barrier.SignalAndWait();
        Try(0);
        _barrier.SignalAndWait();
        if (_error is { } error)
        {
            _error = null;
            error.Throw();
        }
    }

    public void Dispose()
    {
        _work = null;
        if (_size > 1)
        {
            _barrier.SignalAndWait();
        }
    }

    private void Serve(int index)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_work is null)
            {
                return;
            }

            Try(index);
            _barrier.SignalAndWait();
        }
    }

    private void Try(int index)
    {
        try
        {
            _work!(index);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(error), null);
        }
    }
}

using System.Runtime.InteropServices;

namespace ActorLab.Lab;

/// <summary>Turns Ctrl-C, SIGTERM and the end of the terminal into a token; the process goes on until it ends by itself.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Stop();
            }));
        }
    }

    /// <summary>Cancelled when the lab shall end.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The same, asked for from inside.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }
}

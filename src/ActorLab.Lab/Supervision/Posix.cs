using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorLab.Lab;

/// <summary>The signals that the lab sends. Their numbers differ between Linux and macOS.</summary>
public enum Signal
{
    /// <summary>Ends the process at once; it cannot be caught (SIGKILL).</summary>
    Kill,

    /// <summary>Asks the process to end in order (SIGTERM).</summary>
    Terminate,

    /// <summary>What Ctrl-C sends (SIGINT).</summary>
    Interrupt,

    /// <summary>Freezes the process where it stands (SIGSTOP).</summary>
    Stop,

    /// <summary>Lets a frozen process go on (SIGCONT).</summary>
    Continue,
}

/// <summary>What the lab needs of the operating system beside what .NET offers.</summary>
public static partial class Posix
{
    /// <summary>Whether processes can be frozen here, which <c>node pause</c> needs.</summary>
    public static bool HasSignals => !OperatingSystem.IsWindows();

    /// <summary>Sends a signal.</summary>
    /// <returns>False when there is no such process.</returns>
    /// <exception cref="PlatformNotSupportedException">On Windows.</exception>
    /// <exception cref="Win32Exception">The process belongs to somebody else.</exception>
    public static bool Send(int pid, Signal signal)
    {
        if (!HasSignals)
        {
            throw new PlatformNotSupportedException("Windows has no signals.");
        }

        if (SendSignal(pid, NumberOf(signal)) == 0)
        {
            return true;
        }

        const int noSuchProcess = 3; // ESRCH, on Linux and macOS alike
        var error = Marshal.GetLastPInvokeError();
        return error == noSuchProcess ? false : throw new Win32Exception(error);
    }

    /// <summary>
    /// Makes this process the leader of a session of its own, so that neither Ctrl-C nor the end of the terminal reaches
    /// it. Call it before the process starts others.
    /// </summary>
    public static void LeaveTerminal()
    {
        if (HasSignals)
        {
            _ = StartSession(); // fails only where the process leads a group already, and then it has left
        }
    }

    /// <summary>Makes this process the leader of a group of its own, so that Ctrl-C in the terminal does not reach it.</summary>
    public static void LeaveTerminalGroup()
    {
        if (HasSignals)
        {
            _ = SetGroup(0, 0); // fails only for the leader of a session, whom Ctrl-C does not reach either
        }
    }

    /// <summary>Turns standard input, output and error away from whoever started this process; it keeps none of their pipes.</summary>
    public static void DropStandardStreams()
    {
        if (!HasSignals)
        {
            return;
        }

        const int readWrite = 2;
        var nowhere = Open("/dev/null", readWrite);
        if (nowhere < 0)
        {
            return;
        }

        for (var stream = 0; stream <= 2; stream++)
        {
            _ = Duplicate(nowhere, stream);
        }
    }

    private static int NumberOf(Signal signal) => signal switch
    {
        Signal.Kill => 9,
        Signal.Terminate => 15,
        Signal.Interrupt => 2,
        Signal.Stop => OperatingSystem.IsMacOS() ? 17 : 19,
        Signal.Continue => OperatingSystem.IsMacOS() ? 19 : 18,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "There is no such signal."),
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int StartSession();

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetGroup(int pid, int group);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);
}

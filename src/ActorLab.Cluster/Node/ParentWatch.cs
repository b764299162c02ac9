using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorLab.Cluster;

/// <summary>
/// Sees to it that no node outlives its launcher. On Linux the kernel kills this process when the launcher's thread that
/// started it ends: SIGKILL, because it is the one signal that also ends a process that is paused. Everywhere a timer
/// looks whether the launcher still runs.
/// </summary>
public sealed class ParentWatch : IDisposable
{
    private const int PrSetPDeathSig = 1;
    private const int SigKill = 9;
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(1);

    private readonly System.Threading.Timer? _timer;
    private readonly Process? _parent;

    private ParentWatch(Process parent, Action gone)
    {
        _parent = parent;
        _timer = new System.Threading.Timer(_ =>
        {
            if (HasExited(parent))
            {
                gone();
            }
        }, null, LookEach, LookEach);
    }

    /// <summary>Watches a parent; does nothing for 0.</summary>
    /// <param name="parentPid">The launcher.</param>
    /// <param name="gone">Called, maybe more than once, when it is gone.</param>
    /// <param name="say">Takes a sentence where this system can do less.</param>
    /// <returns>Null when there is nothing to watch.</returns>
    /// <exception cref="NodeRefusal">The parent is gone already.</exception>
    public static ParentWatch? Start(int parentPid, Action gone, Action<string> say)
    {
        if (parentPid == 0)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            say("This system sends no signal when the launcher dies: the node looks once a second, and not while it is paused.");
        }
        else if (DieWithParent(PrSetPDeathSig, SigKill, 0, 0, 0) != 0)
        {
            say($"The kernel refused to end this node with its launcher (error {Marshal.GetLastPInvokeError()}): the node looks once a second.");
        }

        // The launcher may have died before the kernel was asked, and then no signal comes.
        if (OperatingSystem.IsLinux() && GetParentPid() != parentPid)
        {
            throw new NodeRefusal($"The launcher {parentPid} is not this node's parent any more: start the lab again.");
        }

        try
        {
            return new ParentWatch(Process.GetProcessById(parentPid), gone);
        }
        catch (ArgumentException e)
        {
            throw new NodeRefusal($"The launcher {parentPid} is gone: start the lab again.", e);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _parent?.Dispose();
    }

    private static bool HasExited(Process parent)
    {
        try
        {
            return parent.HasExited || (OperatingSystem.IsLinux() && GetParentPid() != parent.Id);
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int DieWithParent(int option, nuint signal, nuint unused3, nuint unused4, nuint unused5);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int GetParentPid();
}

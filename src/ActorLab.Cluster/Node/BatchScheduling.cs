using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorLab.Cluster;

/// <summary>
/// Linux's policy for threads that are in no hurry (SCHED_BATCH of sched(7)): one that is woken waits for its turn, and does not
/// interrupt a thread that runs. A message wakes several threads on its way through a node; each would take the processor from
/// the one that still has messages to send. It takes no privilege, and costs no share of the processor.
/// </summary>
internal static class BatchScheduling
{
    private const string Threads = "/proc/self/task";
    private const int Policy = 3; // SCHED_BATCH

    /// <summary>For all threads of this process; those that they start have it from them.</summary>
    /// <returns>False where the system has no such policy or does not allow it: nothing depends on it.</returns>
    public static bool Begin()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var seen = new HashSet<int>();
        var allowed = false;
        try
        {
            // Until there is no new one: a thread that did not have it yet may have started another meanwhile.
            while (Ids().Where(seen.Add).ToList() is { Count: > 0 } threads)
            {
                foreach (var thread in threads)
                {
                    allowed |= SetScheduler(thread, Policy, 0) == 0; // no: it has ended, or none may
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody may look at the threads here.
        }

        return allowed;
    }

    private static IEnumerable<int> Ids() =>
        Directory.GetDirectories(Threads).Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));

    /// <param name="thread">Its number.</param>
    /// <param name="policy">One of sched.h.</param>
    /// <param name="priority">A <c>struct sched_param</c>, which has nothing but this.</param>
    /// <returns>0, or -1.</returns>
    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    private static extern int SetScheduler(int thread, int policy, in int priority);
}

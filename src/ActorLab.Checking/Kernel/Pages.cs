using System.Runtime.InteropServices;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Memory outside the heap of the garbage collector, which would only lose time with tables of gigabytes: it comes back
/// at once, and on Linux in large pages, so that a look at a random place costs one miss and not two.
/// </summary>
internal static unsafe partial class Pages
{
    private const nuint LargePage = 2 << 20;
    private const nuint Line = 64;
    private const int AdviseLargePages = 14;

    /// <summary>Memory that may hold anything; to be given back by <see cref="Free"/>.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public static void* Take(long bytes)
    {
        var isLarge = (nuint)bytes >= LargePage;
        var address = NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? LargePage : Line);
        if (isLarge && OperatingSystem.IsLinux())
        {
            _ = Advise(address, (nuint)bytes, AdviseLargePages); // A kernel that has none says no, and that is fine.
        }

        return address;
    }

    /// <summary>Memory full of zeros.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public static void* TakeCleared(long bytes)
    {
        var address = Take(bytes);
        NativeMemory.Clear(address, (nuint)bytes);
        return address;
    }

    public static void Free(void* address) => NativeMemory.AlignedFree(address);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}

using System.Text.RegularExpressions;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>
/// The folder of one lab, locked while the lab runs: <c>lab.json</c>, <c>lab.log</c>, <c>traces/</c>, <c>output/</c> with
/// what the nodes print, and a folder for each node. The lock is the system's, so it ends with the process, however that ends.
/// </summary>
public sealed partial class DataFolder : IDisposable
{
    private const string LockName = "lab.lock";
    private const string LogName = "lab.log";
    private const string TracesName = "traces";
    private const string OutputName = "output";

    private readonly Lock _updates = new();
    private readonly FileStream _lock;

    private DataFolder(string root, FileStream held)
    {
        Root = root;
        _lock = held;
    }

    /// <summary>The absolute path.</summary>
    public string Root { get; }

    /// <summary>What <c>lab.json</c> holds.</summary>
    public RunFile Run { get; private set; } = null!;

    public string Log => Path.Combine(Root, LogName);

    public string NodeFolder(string node) => Path.Combine(Root, node);

    /// <summary>The file that gets what a node prints.</summary>
    public string NodeOutput(string node)
    {
        Directory.CreateDirectory(Path.Combine(Root, OutputName));
        return Path.Combine(Root, OutputName, $"{node}.log");
    }

    /// <summary>Takes the folder for a lab, and makes it when there is none.</summary>
    /// <param name="path">Absolute, or relative to the current folder.</param>
    /// <param name="shape">What will run in it.</param>
    /// <param name="fresh">Deletes what an earlier lab left there.</param>
    /// <exception cref="BadInput">The folder belongs to a running lab, to a lab of another shape, or to somebody else.</exception>
    public static DataFolder Open(string path, LabShape shape, bool fresh)
    {
        var root = Path.GetFullPath(path);
        RequireLabs(root);
        var folder = new DataFolder(root, Lock(root));
        try
        {
            if (fresh)
            {
                folder.DeleteLabData();
            }

            RequireShape(root, shape);
            folder.Update(_ => RunFile.Read(root) ?? RunFile.For(shape));
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a running lab holds the folder.</summary>
    public static bool IsHeld(string path)
    {
        var file = Path.Combine(Path.GetFullPath(path), LockName);
        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The path of a trace file that a client named: a plain file name, kept inside the lab's folder.</summary>
    /// <exception cref="BadInput">The name has a folder in it, or odd characters.</exception>
    public string TraceFile(string name)
    {
        if (!PlainName().IsMatch(name))
        {
            throw new BadInput(
                $"\"{SafeText.Shorten(name, 60)}\" is not a plain file name: use letters, digits, dot, hyphen and underscore, without a folder. "
                + $"Traces are saved in {Path.Combine(Root, TracesName)}.");
        }

        Directory.CreateDirectory(Path.Combine(Root, TracesName));
        return Path.Combine(Root, TracesName, name);
    }

    /// <summary>Changes what the folder says of itself. Callers may come from several threads.</summary>
    public void Update(Func<RunFile, RunFile> change)
    {
        lock (_updates)
        {
            var run = change(Run);
            run.Write(Root);
            Run = run;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void RequireLabs(string root)
    {
        if (File.Exists(root))
        {
            throw new BadInput($"{root} is a file; --data wants a folder.");
        }

        if (Directory.Exists(root)
            && RunFile.Read(root) is null
            && Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) != LockName))
        {
            throw new BadInput(
                $"The folder {root} holds other things than a lab's data (it has no {RunFile.Name} of a lab): name an empty or a new folder with --data.");
        }
    }

    private static FileStream Lock(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
            return new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadInput($"The folder {root} cannot be written ({e.Message}): name another one with --data.");
        }
        catch (IOException e) when (e is not DirectoryNotFoundException && IsHeld(root))
        {
            var other = RunFile.Read(root) is { Pid: > 0 } run ? $" (process {run.Pid}, console on port {run.Port})" : "";
            throw new BadInput(
                $"Another lab runs on the folder {root}{other}: stop it with \"lab down --data {root}\", or name another folder with --data.");
        }
        catch (IOException e)
        {
            throw new BadInput($"The folder {root} cannot be made ({e.Message}): name another one with --data.");
        }
    }

    private static void RequireShape(string root, LabShape shape)
    {
        if (RunFile.Read(root)?.Shape is { } before && before != shape)
        {
            throw new BadInput(
                $"The folder {root} holds the data of {before}, and this lab would have {shape}: ask for the same, name another folder with --data, or add --fresh to delete that data.");
        }
    }

    /// <summary>Deletes what labs write, by name, and nothing else.</summary>
    private void DeleteLabData()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(Root).ToList())
        {
            var name = Path.GetFileName(entry);
            if (Directory.Exists(entry) && (NodeName().IsMatch(name) || name is TracesName or OutputName))
            {
                Directory.Delete(entry, recursive: true);
            }
            else if (name is RunFile.Name or LogName)
            {
                File.Delete(entry);
            }
        }
    }

    [GeneratedRegex(@"^n[1-9]\z")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex PlainName();
}

namespace ActorLab.Console;

/// <summary>
/// The lines typed at the prompt, oldest first, kept in a file that only this user can read. A history that cannot be read
/// or written is no reason to refuse a prompt: then it lasts as long as the process.
/// </summary>
public sealed class PromptHistory
{
    /// <summary>Lines kept; the oldest go first.</summary>
    public const int MaxLines = 1000;

    /// <summary>Longer lines, with values of a megabyte, are not worth keeping.</summary>
    public const int MaxLineLength = 4096;

    private readonly string? _path;
    private readonly List<string> _lines = [];

    /// <param name="path">The file, or null for a history in memory only.</param>
    public PromptHistory(string? path)
    {
        _path = path;
        try
        {
            if (path is not null && File.Exists(path))
            {
                _lines.AddRange(File.ReadLines(path).Where(l => l.Length is > 0 and <= MaxLineLength).TakeLast(MaxLines));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _path = null;
        }
    }

    /// <summary><c>~/.actorlab/history</c>; null for a user without a home folder.</summary>
    public static string? DefaultPath
    {
        get
        {
            try
            {
                return Path.Combine(LabToken.HomeDirectory(), "history");
            }
            catch (BadInput)
            {
                return null;
            }
        }
    }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line, unless it repeats the last one.</summary>
    public void Add(string line)
    {
        if (line.Trim().Length == 0 || line.Length > MaxLineLength || line.Contains('\n') || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }
        _lines.Add(line);
        var full = _lines.Count > MaxLines;
        if (full)
        {
            _lines.RemoveRange(0, _lines.Count - MaxLines);
        }
        Save(full ? _lines : [line], full ? FileMode.Create : FileMode.Append);
    }

    private void Save(IEnumerable<string> lines, FileMode mode)
    {
        if (_path is null)
        {
            return;
        }
        try
        {
            LabToken.CreatePrivateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using var writer = new StreamWriter(_path, options);
            foreach (var line in lines)
            {
                writer.WriteLine(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Kept in memory; see the summary.
        }
    }
}

using System.Text;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>Files that a reader finds whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file and then moves, so that half a file never stands in its place.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="what">What it is, for the sentence, such as <c>The run</c>.</param>
    /// <param name="write">Writes it; whatever it throws, nothing is left of what it wrote.</param>
    /// <exception cref="CommandFailed">It cannot be written.</exception>
    public static void Write(string path, string what, Action<Stream> write)
    {
        var half = $"{path}.{Environment.ProcessId}.new";
        var isWhole = false;
        try
        {
            using (var stream = File.Create(half))
            {
                write(stream);
            }

            File.Move(half, path, overwrite: true);
            isWhole = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed(
                $"{what} could not be written to {SafeText.Shorten(path, 200)}: {error.Message.Replace(half, path, StringComparison.Ordinal)}");
        }
        finally
        {
            if (!isWhole)
            {
                Remove(half);
            }
        }
    }

    /// <inheritdoc cref="Write(string, string, Action{Stream})" />
    public static void Write(string path, string what, string text) => Write(path, what, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false));
        writer.Write(text);
    });

    /// <summary>Whether a file can be written there, before the work for it is done. Nothing is left or changed.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="what">What it is to be, for the sentence.</param>
    /// <exception cref="BadInput">It cannot.</exception>
    public static void Try(string path, string what)
    {
        var name = SafeText.Shorten(path, 200);
        if (path.Length == 0)
        {
            throw new BadInput($"{what} wants the name of a file, not an empty one.");
        }

        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new BadInput($"{what} cannot be written to {name}: that is a folder.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new BadInput($"{what} cannot be written to {name}: there is no folder {SafeText.Shorten(folder, 200)}.");
        }

        var trial = $"{path}.{Environment.ProcessId}.new";
        try
        {
            File.Create(trial).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInput($"{what} cannot be written to {name}: {error.Message.Replace(trial, path, StringComparison.Ordinal)}");
        }

        Remove(trial);
    }

    private static void Remove(string half)
    {
        try
        {
            File.Delete(half);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What kept it from being written keeps it from being removed; the first reason is the one to tell.
        }
    }
}

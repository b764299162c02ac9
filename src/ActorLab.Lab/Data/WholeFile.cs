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
            throw new CommandFailed($"{what} could not be written to {SafeText.Shorten(path, 200)}: {error.Message}");
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

using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>A recording cannot be used; the sentence says which file and line, and why.</summary>
public sealed class BadRecording(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>The recording of one node.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">What ran; the same for all processes of the node.</param>
/// <param name="Lines">All lines behind the first, with their numbers in the file.</param>
/// <param name="IsTorn">The file ends within a line, as when its process was killed while it wrote: that line is left out.</param>
public sealed record RecordingFile(string Path, RecordedLine.Start Start, IReadOnlyList<(int Number, RecordedLine Line)> Lines, bool IsTorn)
{
    /// <summary>Beyond this a file is no recording that this program made.</summary>
    private const long MostBytes = 8L << 30;

    /// <summary>A line holds a message or a disk, as base64.</summary>
    private const int MostBytesOfLine = 512 << 20;

    public NodeId Node => new(Start.Node);

    /// <summary>Whether it stopped before its node did.</summary>
    public bool IsFull => Lines is [.., (_, RecordedLine.Full)];

    /// <summary>Whether its last process said that it ended, or whoever saw its end: then nothing behind it is missing.</summary>
    public bool HasEnd => Lines is [.., (_, RecordedLine.End)];

    /// <summary>Reads a file to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="build">The build that reads; a recording of another one is refused, since its roles may be others. Null for any.</param>
    /// <exception cref="BadRecording">It is damaged, or of another version or build.</exception>
    public static RecordingFile Load(string path, string? build)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Length <= MostBytes
                ? Read(path, file, build)
                : throw new BadRecording($"{path} is larger than a recording can be, {MostBytes >> 30} GiB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadRecording($"The recording {path} cannot be read: {e.Message}", e);
        }
    }

    private static RecordingFile Read(string path, Stream stream, string? build)
    {
        var lines = new List<(int, RecordedLine)>();
        RecordedLine.Start? start = null;
        var reader = new LineReader(stream);
        while (reader.Next() is { } bytes)
        {
            var line = Parse(path, reader.Number, bytes, build);
            if (line is RecordedLine.Start again)
            {
                start ??= again;
                if (again.Node != start.Node || !again.RunsAs(start))
                {
                    throw new BadRecording(
                        $"{path}, line {reader.Number}: a process of {again.Node} goes on with {again.Scenario} of build {again.Build} in a recording "
                        + $"that began on {start.Node} with {start.Scenario} of build {start.Build}, or with other parameters or settings.");
                }
            }

            if (start is null)
            {
                throw new BadRecording($"{path} does not begin as a recording does.");
            }

            if (line.Line != reader.Number)
            {
                throw new BadRecording(line.Line > reader.Number
                    ? $"{path}, line {reader.Number}{TurnIn(bytes)} is damaged: it was written as line {line.Line}, so that lines before it are missing."
                    : $"{path}, line {reader.Number}{TurnIn(bytes)} is damaged: it was written as line {line.Line}, and stands here again or in another place.");
            }

            lines.Add((reader.Number, line));
        }

        return start is null
            ? throw new BadRecording($"{path} holds no recording: it has no whole line.")
            : new RecordingFile(path, start, lines, reader.IsTorn);
    }

    private static RecordedLine Parse(string path, int number, ReadOnlySpan<byte> bytes, string? build)
    {
        RecordedLine line;
        try
        {
            line = RecordingFormat.Read(bytes);
        }
        catch (FormatException e)
        {
            throw new BadRecording($"{path}, line {number}{TurnIn(bytes)} is damaged: {e.Message}.", e);
        }

        return line switch
        {
            RecordedLine.Start { Format: not RecordingFormat.Version } other => throw new BadRecording(
                $"{path} is a recording of version {other.Format}; this program reads version {RecordingFormat.Version}."),
            RecordedLine.Start start when build is not null && start.Build != build => throw new BadRecording(
                $"{path} was recorded by build {start.Build} of the lab, and this is build {build}: its roles may take other turns. "
                + "Replay it with the build that recorded it."),
            _ => line,
        };
    }

    /// <summary>Which turn a damaged line speaks of, as far as its beginning can still be read.</summary>
    private static string TurnIn(ReadOnlySpan<byte> bytes)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 300)]);
        var role = System.Text.RegularExpressions.Regex.Match(text, "\"role\":\"([^\"]{1,80})\"");
        var turn = System.Text.RegularExpressions.Regex.Match(text, "\"number\":(\\d+)");
        return role.Success && turn.Success ? $" (turn {turn.Groups[1].Value} of {role.Groups[1].Value})" : "";
    }

    /// <summary>Whole lines, one after the other, of a file of any size.</summary>
    private sealed class LineReader(Stream stream)
    {
        private byte[] _buffer = new byte[1 << 16];
        private int _begin;
        private int _end;

        public int Number { get; private set; }

        /// <summary>Behind the last line there were bytes without an end.</summary>
        public bool IsTorn { get; private set; }

        public byte[]? Next()
        {
            while (true)
            {
                var length = _buffer.AsSpan(_begin, _end - _begin).IndexOf((byte)'\n');
                if (length >= 0)
                {
                    var line = _buffer[_begin..(_begin + length)];
                    _begin += length + 1;
                    Number++;
                    return line;
                }

                MakeRoom();
                var read = stream.Read(_buffer, _end, _buffer.Length - _end);
                if (read == 0)
                {
                    IsTorn = _end > _begin;
                    return null;
                }

                _end += read;
            }
        }

        private void MakeRoom()
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            if (_end > MostBytesOfLine)
            {
                throw new BadRecording($"Line {Number + 1} is longer than a line of a recording can be, {MostBytesOfLine >> 20} MiB.");
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }
    }
}

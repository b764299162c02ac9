namespace ActorLab.Cluster;

/// <summary>
/// The file that a node's turns are recorded in. Each line is with the operating system when <see cref="Append"/> returns, so
/// that the end of the process, however sudden, takes none away. It ends by itself at its full size, or when it cannot be
/// written: then nothing follows, so that what is there has no gap. Roles share it.
/// </summary>
public sealed class NodeRecording : IDisposable
{
    private const int Chunk = 64 * 1024;
    private const int RoomForTheLastLine = 512;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly long _maxBytes;
    private readonly Action<string> _warn;
    private bool _ended;
    private bool _hasEnd;
    private long _lines;

    private NodeRecording(FileStream file, long maxBytes, Action<string> warn)
    {
        _file = file;
        _maxBytes = maxBytes;
        _warn = warn;
    }

    /// <summary>Opens the file, and goes on behind what earlier processes of the node recorded.</summary>
    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="start">What is running.</param>
    /// <param name="maxBytes">Where it stops.</param>
    /// <param name="warn">Hears a sentence when it stops.</param>
    /// <exception cref="NodeRefusal">The file cannot be used.</exception>
    public static NodeRecording Open(string path, RecordedLine.Start start, long maxBytes, Action<string> warn)
    {
        try
        {
            SetAside(path, start);

            // Unbuffered: what is written is the system's at once.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var recording = new NodeRecording(file, maxBytes, warn);
            recording.GoOn();
            recording._hasEnd = false;
            recording.Append(start);
            return recording;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeRefusal($"The recording {path} cannot be written: {e.Message} Start the node without recording, or make room.", e);
        }
    }

    /// <summary>
    /// Notes in all recordings of a node that its process ended: for whoever saw that. Those whose process said so itself have
    /// it already. Best effort: a recording without an end replays too.
    /// </summary>
    /// <param name="folder">The node's data folder. Its process has ended.</param>
    /// <param name="reason">How it ended, as a phrase.</param>
    public static void NoteEnd(string folder, string reason)
    {
        try
        {
            foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, RecordingFormat.Files) : [])
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
                using var recording = new NodeRecording(file, long.MaxValue, _ => { });
                recording.GoOn();
                recording._hasEnd |= recording._lines == 0; // of a process that wrote nothing whole, there is nothing to end
                recording.WriteEnd(reason);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then nothing says how it ended.
        }
    }

    /// <summary>What another build recorded, or a node with other settings, is kept beside: nobody could replay the two as one.</summary>
    private static void SetAside(string path, RecordedLine.Start mine)
    {
        if (!File.Exists(path) || FirstLine(path) is not RecordedLine.Start theirs || (theirs.Node == mine.Node && theirs.RunsAs(mine)))
        {
            return;
        }

        var number = 1;
        while (File.Exists(AsidePath(path, number)))
        {
            number++;
        }

        File.Move(path, AsidePath(path, number));
    }

    private static string AsidePath(string path, int number) => Path.ChangeExtension(path, $"{number}.jsonl");

    private static RecordedLine? FirstLine(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return reader.ReadLine() is { } line ? RecordingFormat.Read(System.Text.Encoding.UTF8.GetBytes(line)) : null;
        }
        catch (FormatException)
        {
            return null; // damaged: a replay will say so
        }
    }

    public void Append(RecordedLine line)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            var bytes = RecordingFormat.Write(line with { Line = _lines + 1 });

            if (_file.Position + bytes.Length > _maxBytes - RoomForTheLastLine)
            {
                End(line.At, $"it has its full size of {_maxBytes} bytes");
                return;
            }

            var before = _file.Position;
            try
            {
                _file.Write(bytes);
                _lines++;
            }
            catch (IOException e)
            {
                Forget(before);
                End(line.At, $"it cannot be written ({e.Message})");
            }
        }
    }

    /// <summary>The roles have ended, in order: nothing of theirs is missing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            WriteEnd(null);
            _ended = true;
            _file.Dispose();
        }
    }

    private void WriteEnd(string? reason)
    {
        if (!_ended && !_hasEnd)
        {
            _hasEnd = true;
            Append(new RecordedLine.End(TraceRing.Now, reason));
        }
    }

    private void End(long at, string reason)
    {
        _ended = true;
        var before = _file.Position;
        try
        {
            _file.Write(RecordingFormat.Write(new RecordedLine.Full(at, reason) { Line = ++_lines }));
        }
        catch (IOException)
        {
            Forget(before);
        }

        _warn($"The recording {_file.Name} stops: {reason}. What comes now cannot be replayed.");
    }

    /// <summary>Half a line would spoil the file for whoever goes on behind it.</summary>
    private void Forget(long from)
    {
        try
        {
            _file.SetLength(from);
        }
        catch (IOException)
        {
            // Then it ends in a torn line, which readers know.
        }
    }

    /// <summary>
    /// A torn last line is cut off: its process ended while it wrote, before anything of that turn had left it. Behind a line
    /// that says that the recording stopped, nothing is recorded.
    /// </summary>
    private void GoOn()
    {
        var end = AfterLastNewline(_file.Length);
        _file.SetLength(end);
        if (end > 0)
        {
            var begin = AfterLastNewline(end - 1);
            var last = new byte[end - 1 - begin];
            _file.Position = begin;
            _file.ReadExactly(last);
            try
            {
                var line = RecordingFormat.Read(last);
                (_lines, _ended, _hasEnd) = (line.Line, line is RecordedLine.Full, line is RecordedLine.End);
                if (_ended)
                {
                    _warn($"The recording {_file.Name} stopped in an earlier run, and nothing is added to it: move it away to record anew.");
                }
            }
            catch (FormatException)
            {
                // Damaged: a replay will say so.
            }
        }

        _file.Position = end;
    }

    private long AfterLastNewline(long before)
    {
        var buffer = new byte[Chunk];
        while (before > 0)
        {
            var from = Math.Max(0, before - Chunk);
            var part = buffer.AsSpan(0, (int)(before - from));
            _file.Position = from;
            _file.ReadExactly(part);
            var at = part.LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return from + at + 1;
            }

            before = from;
        }

        return 0;
    }
}

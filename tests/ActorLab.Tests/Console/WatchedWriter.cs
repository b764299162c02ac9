using System.Text;

namespace ActorLab.Tests.Console;

/// <summary>A writer whose text can be read while others write.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly StringBuilder _text = new();

    public WatchedWriter() => CoreNewLine = ['\n'];

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public override void Write(char value)
    {
        lock (_text)
        {
            _text.Append(value);
        }
    }
}

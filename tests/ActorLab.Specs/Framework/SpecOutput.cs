using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorLab.Specs;

/// <summary>
/// The output of one spec: each line with its time since the start, and the node that says it. What nodes say after the
/// end of the test is dropped, because xunit takes no more.
/// </summary>
internal sealed partial class SpecOutput(ITestOutputHelper output)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private bool _closed;

    public void Line(string who, string text)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                output.WriteLine($"{Stopwatch.GetElapsedTime(_began).TotalSeconds,7:F3} {who,-4} {text}");
            }
            catch (InvalidOperationException)
            {
                _closed = true; // the test is over
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <summary>For the log of a node.</summary>
    public ITestOutputHelper For(NodeId node) => new NodeOutput(this, node);

    private sealed partial class NodeOutput(SpecOutput spec, NodeId node) : ITestOutputHelper
    {
        public void WriteLine(string message) => spec.Line(node.Name, TimeAndThread.Replace(message, "", 1));

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));

        [GeneratedRegex(@"\[[^]]*\]\[Thread \d+\]")]
        private static partial Regex TimeAndThread { get; }
    }
}

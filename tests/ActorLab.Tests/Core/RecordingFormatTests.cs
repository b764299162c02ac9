using System.Text;
using ActorLab.Core;

namespace ActorLab.Tests.Core;

public sealed class RecordingFormatTests
{
    private static readonly RecordedLine.Turn Turn = new(
        5, "n1/server", 2, 3, TurnInput.Deliver, "n2/server", 2_000_000_000_001, [1, 2, 255], null, [1, 3], [10, 20], [4, 5], "0f", null);

    public static TheoryData<RecordedLine> Lines() =>
    [
        new RecordedLine.Start(
            1, RecordingFormat.Version, "b", "raft", new Dictionary<string, int> { ["servers"] = 3 },
            new Dictionary<string, string> { ["actorlab.raft.heartbeat-interval"] = "50ms" }, ["n1", "n2"], "n1"),
        Turn,
        Turn with { Input = TurnInput.Boot, Sender = null, Envelope = 0, Chosen = null, Clock = null, Sent = null },
        Turn with { Input = TurnInput.Expire, Payload = null, Timer = "election", State = null, Error = "InvariantViolation: \"so\"\n" },
        new RecordedLine.Durable(7, "n1/server", 1, 12),
        new RecordedLine.Crash(8, "n1/server", 1, "the disk < & > is full"),
        new RecordedLine.Full(9, "it has its full size"),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_reads_as_it_was_written(RecordedLine line)
    {
        var bytes = RecordingFormat.Write(line);

        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.Equal(1, bytes.Count(one => one == '\n'));
        Assert.Equivalent(line, RecordingFormat.Read(bytes.AsSpan(0, bytes.Length - 1)), strict: true);
        System.Text.Json.JsonDocument.Parse(bytes).Dispose(); // every line is JSON for other programs
    }

    [Fact]
    public void Any_changed_bit_is_found_out()
    {
        var line = RecordingFormat.Write(Turn)[..^1];
        for (var at = 0; at < line.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])line.Clone();
                changed[at] ^= (byte)(1 << bit);
                Assert.Throws<FormatException>(() => RecordingFormat.Read(changed));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"turn\"}")]
    [InlineData("{\"kind\":\"turn\",\"sum\":\"0123456789abcdef\"}")]
    public void What_is_no_line_is_refused(string text) =>
        Assert.Throws<FormatException>(() => RecordingFormat.Read(Encoding.UTF8.GetBytes(text)));
}

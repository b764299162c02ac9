using System.Buffers;
using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// One step of a schedule in which nothing happens by itself: messages and timers wait until a step names them. A message
/// is named by who sent it to whom and by the beginning of its canonical text; of several, the oldest is meant.
/// </summary>
public abstract record GateStep
{
    private GateStep()
    {
    }

    /// <summary>A message from outside reaches a role.</summary>
    /// <param name="Where">The role.</param>
    /// <param name="Payload">As the codec of the role wrote it.</param>
    public sealed record Operate(Address Where, Seq<byte> Payload) : GateStep
    {
        public override string ToString() => $"operate {Where} {Convert.ToBase64String([.. Payload])}";
    }

    public sealed record Deliver(Address From, Address To, string Text) : GateStep
    {
        public override string ToString() => $"deliver {From} {To} {Text}";
    }

    public sealed record Drop(Address From, Address To, string Text) : GateStep
    {
        public override string ToString() => $"drop {From} {To} {Text}";
    }

    /// <summary>A message gets a second copy, which waits behind it.</summary>
    public sealed record Duplicate(Address From, Address To, string Text) : GateStep
    {
        public override string ToString() => $"duplicate {From} {To} {Text}";
    }

    public sealed record Expire(Address Where, string Timer) : GateStep
    {
        public override string ToString() => $"expire {Where} {Timer}";
    }

    public sealed record Crash(NodeId Node) : GateStep
    {
        public override string ToString() => $"crash {Node}";
    }

    public sealed record Restart(NodeId Node) : GateStep
    {
        public override string ToString() => $"restart {Node}";
    }

    /// <summary>An operation as a step.</summary>
    public static GateStep OfOperation(Scenario scenario, Address where, object message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        scenario.RoleAt(where).WriteMessage(buffer, message);
        return new Operate(where, Seq.ToSeq(buffer.WrittenSpan.ToArray()));
    }

    /// <summary>Reads what <see cref="object.ToString"/> wrote, or somebody by hand.</summary>
    /// <exception cref="FormatException">It is no step; a sentence.</exception>
    public static GateStep Parse(string text)
    {
        var words = text.Split(' ', 4);
        try
        {
            return (words[0], words.Length) switch
            {
                ("deliver", 4) => new Deliver(Address.Parse(words[1]), Address.Parse(words[2]), words[3]),
                ("drop", 4) => new Drop(Address.Parse(words[1]), Address.Parse(words[2]), words[3]),
                ("duplicate", 4) => new Duplicate(Address.Parse(words[1]), Address.Parse(words[2]), words[3]),
                ("expire", 3) => new Expire(Address.Parse(words[1]), words[2]),
                ("operate", 3) => new Operate(Address.Parse(words[1]), Seq.ToSeq(Convert.FromBase64String(words[2]))),
                ("crash", 2) => new Crash(new NodeId(words[1])),
                ("restart", 2) => new Restart(new NodeId(words[1])),
                _ => throw new FormatException(
                    "write it as deliver FROM TO MESSAGE, drop FROM TO MESSAGE, duplicate FROM TO MESSAGE, expire ROLE TIMER, "
                    + "operate ROLE BASE64, crash NODE or restart NODE"),
            };
        }
        catch (FormatException e)
        {
            throw new FormatException($"\"{text}\" is no step: {e.Message.TrimEnd('.')}.", e);
        }
    }
}

using System.Buffers;
using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>The rules for links in force, and what they say of each message: the same as on the cluster.</summary>
internal sealed class RuledLinks(Places places, string scenario)
{
    private readonly LinkFates[] _fates =
    [
        .. places.Nodes.SelectMany(_ => places.Nodes, (from, to) => new LinkFates(from.Id, to.Id)),
    ];

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The rules in force.</summary>
    public Seq<LinkRule> Rules { get; private set; } = [];

    public void Obey(Seq<LinkRule> rules)
    {
        Rules = rules;
        Array.ForEach(_fates, fates => fates.Obey(rules));
    }

    public LinkFate Of(RoleSlot from, RoleSlot to, object message, long now)
    {
        if (Rules.IsEmpty || _fates[(from.Node.Index * places.Nodes.Length) + to.Node.Index] is not { IsEmpty: false } fates)
        {
            return default;
        }

        return fates.Next(scenario, MessageNames.Of(message), fates.NeedsBytes ? SizeOf(to, message) : 0, now);
    }

    private int SizeOf(RoleSlot to, object message)
    {
        _buffer.ResetWrittenCount();
        to.Binding.WriteMessage(_buffer, message);
        return _buffer.WrittenCount;
    }
}

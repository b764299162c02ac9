namespace ActorLab.Cluster;

/// <summary>What waits in front of one role, oldest first, until somebody says what becomes of it.</summary>
internal sealed class RoleGate(int capacity)
{
    private readonly List<RoleEnvelope> _held = [];

    public IReadOnlyList<RoleEnvelope> Held => _held;

    /// <summary>How many messages found no room.</summary>
    public long Lost { get; private set; }

    /// <returns>False when there is no room: the message is lost.</returns>
    public bool Hold(RoleEnvelope envelope)
    {
        if (_held.Count >= capacity)
        {
            Lost++;
            return false;
        }

        _held.Add(envelope);
        return true;
    }

    /// <summary>Takes a message out; null when it is not here.</summary>
    public RoleEnvelope? Take(Address sender, long number)
    {
        var at = _held.FindIndex(envelope => envelope.Sender == sender && envelope.Number == number);
        if (at < 0)
        {
            return null;
        }

        var envelope = _held[at];
        _held.RemoveAt(at);
        return envelope;
    }
}

namespace ActorLab.Cluster;

/// <summary>What <c>GET /gates</c> says of one role.</summary>
/// <param name="Scenario">Whose role it is: those of two scenarios may have the same address.</param>
/// <param name="Role">Its address.</param>
/// <param name="Incarnation">Of its present boot.</param>
/// <param name="Held">The messages that wait, oldest first.</param>
/// <param name="Timers">The armed timers.</param>
/// <param name="Lost">How many messages found the gate full.</param>
public sealed record GateStatus(
    string Scenario, string Role, long Incarnation, IReadOnlyList<HeldMessage> Held, IReadOnlyList<string> Timers, long Lost);

/// <summary>A message at a gate.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="Incarnation">Of the sender's boot.</param>
/// <param name="Number">The number of its envelope, unique for the sender.</param>
/// <param name="Cause">The number of the envelope whose turn sent it; 0 for none.</param>
/// <param name="Text">In canonical text.</param>
/// <param name="Payload">As the codec of the role writes it.</param>
public sealed record HeldMessage(string From, long Incarnation, long Number, long Cause, string Text, byte[] Payload)
{
    /// <summary>The sender's clocks at the turn that sent it: Lamport's, then the entries of the vector; null where nobody knows.</summary>
    public IReadOnlyList<long>? Clock { get; init; }
}

/// <summary>The body of <c>POST /gates/deliver</c> and <c>/gates/drop</c>.</summary>
public sealed record GateMessageCall(string Scenario, string Role, string From, long Number);

/// <summary>The body of <c>POST /gates/expire</c>.</summary>
public sealed record GateTimerCall(string Scenario, string Role, string Timer);

/// <summary>The body of <c>POST /gates/hold</c>: puts a message back that was taken from an earlier process of the node.</summary>
public sealed record GateHoldCall(string Scenario, string Role, HeldMessage Message);

/// <summary>The body of <c>POST /gates/operate</c>: a message from outside, as the codec of the role writes it.</summary>
public sealed record GateOperateCall(string Scenario, string Role, byte[] Payload);

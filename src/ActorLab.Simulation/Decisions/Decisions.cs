using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// All that was left to chance in a run, as data. A run that takes these decisions again is the same run. What they do not
/// say has a default: a message between nodes is lost (or arrives, see <see cref="OthersArrive"/>), a draw comes from the
/// seed, its name and its number.
/// </summary>
public sealed record Decisions
{
    /// <summary>In the order in which they were taken.</summary>
    public Seq<DecidedOperation> Operations { get; init; }

    /// <summary>Of the nodes whose clock is off from the start. The others' are right.</summary>
    public Seq<DecidedClock> Clocks { get; init; }

    /// <summary>In the order in which they struck. What begins the quiet part is not among them.</summary>
    public Seq<ScriptedFault> Faults { get; init; }

    /// <summary>The messages that set out and were not lost on the way, in the order in which they were sent.</summary>
    public Seq<DecidedMessage> Messages { get; init; }

    /// <summary>
    /// A message that is not among <see cref="Messages"/> arrives after a usual delay; else it is lost. So it is where neither
    /// the scenario nor the faults of the run lose messages: then no shorter story may.
    /// </summary>
    public bool OthersArrive { get; init; }

    /// <summary>Waits of timers, times of syncs, and choices of roles.</summary>
    public Seq<DecidedDraws> Draws { get; init; }

    public override string ToString() =>
        $"{Counted.Of(Operations.Count, "operation")}, {Counted.Of(Faults.Count + Clocks.Count, "fault")}, "
        + Counted.Of(Messages.Count(message => !message.IsLocal), "message");
}

/// <summary>A clock that is off from the start.</summary>
/// <param name="Node">Whose.</param>
/// <param name="Offset">How far, in microseconds.</param>
public sealed record DecidedClock(NodeId Node, long Offset);

/// <summary>An operation of a user.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="Target">By whom.</param>
/// <param name="Message">As the role's codec writes it.</param>
/// <param name="Text">For people.</param>
public sealed record DecidedOperation(TimeSpan At, Address Target, byte[] Message, string Text);

/// <summary>A message that arrives.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="Number">The how-manieth of that sender to that receiver, from 1.</param>
/// <param name="Delay">Microseconds from sending to arrival.</param>
/// <param name="Again">The same of its second arrival; null where it arrives once.</param>
/// <param name="Overtakes">It is not kept behind earlier messages.</param>
public sealed record DecidedMessage(Address From, Address To, long Number, long Delay, long? Again = null, bool Overtakes = false)
{
    /// <summary>Between roles of one node: never lost.</summary>
    internal bool IsLocal => From.Node == To.Node;
}

/// <summary>The draws of one name, in order.</summary>
/// <param name="Of">Such as <c>timer n1/server election</c>.</param>
/// <param name="Values">The first, the second, and so on.</param>
public sealed record DecidedDraws(string Of, Seq<long> Values);

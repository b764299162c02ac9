using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>A word of the controller to the gate of a role. Whoever gave it waits for the answer.</summary>
internal abstract record GateCommand : INoSerializationVerificationNeeded
{
    private readonly TaskCompletionSource<string?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when it is done and its turn is durable; else a sentence that says why not.</summary>
    public Task<string?> Done => _done.Task;

    public void Answer(string? whyNot) => _done.TrySetResult(whyNot);

    public sealed record Deliver(Address Sender, long Number) : GateCommand;

    public sealed record Drop(Address Sender, long Number) : GateCommand;

    public sealed record Expire(string Timer) : GateCommand;

    /// <summary>A message that the network still has, though this process never got it or has ended since.</summary>
    public sealed record Hold(RoleEnvelope Envelope) : GateCommand;

    /// <summary>A message from outside, which goes through at once.</summary>
    public sealed record Operate(object Message) : GateCommand;

    /// <summary>What is held, and which timers are armed.</summary>
    public sealed record Look : GateCommand
    {
        public IReadOnlyList<RoleEnvelope> Held { get; set; } = [];

        public IReadOnlyList<string> Timers { get; set; } = [];

        public long Lost { get; set; }
    }
}

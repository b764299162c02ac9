using ActorLab.Algorithms.AtomicCommit;
using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Tests.AtomicCommit;

/// <summary>One coordinator or participant; the test speaks as everybody else. Participants are on n2, n3 and n4.</summary>
internal sealed class OneRole : IChoices
{
    public static readonly Set<NodeId> Everybody = [new NodeId("n2"), new NodeId("n3"), new NodeId("n4")];

    private readonly RoleBinding _role;
    private readonly Address _self;

    private OneRole(RoleBinding role, Address self, object? disk)
    {
        (_role, _self) = (role, self);
        Take(context => role.Boot(disk ?? role.EmptyDisk, context));
    }

    public static OneRole Coordinator(CoordinatorDisk? disk = null) => new(
        RoleBinding.Of(new Coordinator(Everybody, CommitOptions.Default)),
        new Address(new NodeId("n1"), ActorLab.Algorithms.AtomicCommit.Coordinator.RoleName), disk);

    public static OneRole Participant(int node, ParticipantDisk? disk = null) => new(
        RoleBinding.Of(new Participant(CommitOptions.Default)),
        ActorLab.Algorithms.AtomicCommit.Participant.On(new NodeId($"n{node}")), disk);

    public object State { get; private set; } = null!;

    public CoordinatorDisk CoordinatorDisk => ((CoordinatorState)State).Disk;

    public ParticipantDisk ParticipantDisk => ((ParticipantState)State).Disk;

    public bool DiskChanged { get; private set; }

    /// <summary>What the last turn asked for.</summary>
    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    /// <summary>What the last turn sent, such as <c>n2/participant</c> and the message.</summary>
    public IEnumerable<(string To, object Message)> Sent =>
        Effects.OfType<Effect.Send>().Select(send => (send.To.ToString(), send.Message));

    public HistoryEvent.Completed? Completed =>
        Effects.OfType<Effect.Report>().Select(report => report.Event).OfType<HistoryEvent.Completed>().SingleOrDefault();

    public OneRole Ask(long number, CommitCommand command) => Hear(Address.Outside, new Invoke(number, command));

    public OneRole Hear(string from, CommitMessage message) => Hear(Address.Parse(from), message);

    public OneRole Expire(string timer)
    {
        Take(context => _role.Expire(State, ActorLab.Core.Timer.Fixed(timer, TimeSpan.Zero), context));
        return this;
    }

    /// <summary>It loses all but its disk, and starts again.</summary>
    public OneRole Crash()
    {
        var disk = _role.ReadDisk(_role.WriteDisk(_role.DiskOf(State)));
        Assert.Equal(_role.DiskOf(State), disk);
        Take(context => _role.Boot(disk, context));
        return this;
    }

    public int Next(int options) => throw new InvalidOperationException("Nothing is left to chance here.");

    private OneRole Hear(Address from, CommitMessage message)
    {
        Take(context => _role.Receive(State, from, message, context));
        return this;
    }

    private void Take(Func<TurnContext, Step> turn)
    {
        var step = turn(new TurnContext(_self, this, () => throw new InvalidOperationException("It reads no clock.")));
        Assert.DoesNotContain(step.Effects, effect => effect is Effect.Send { Early: true });
        (State, DiskChanged, Effects) = (step.State, step.DiskChanged, step.Effects);
    }
}

using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>A small synchronous host: all boot, every message is delivered in turn, then the deadline comes.</summary>
internal sealed class RoundTable : IChoices
{
    private readonly SortedDictionary<NodeId, (RoleBinding Role, object State)> _seats = [];
    private readonly Queue<(Address From, Address To, GeneralsMessage Message)> _underWay = [];
    private readonly Func<int, int> _dice;

    public RoundTable(Council council, Func<NodeId, RoleBinding> roleOf, Func<int, int> dice)
    {
        _dice = dice;
        foreach (var general in council.Generals)
        {
            var role = roleOf(general);
            var boot = role.Boot(role.EmptyDisk, ContextOf(general));
            _seats[general] = (role, boot.State);
            Send(general, boot);
        }

        while (_underWay.TryDequeue(out var letter))
        {
            var (role, state) = _seats[letter.To.Node];
            Seat(letter.To.Node, role.Receive(state, letter.From, letter.Message, ContextOf(letter.To.Node)));
        }

        foreach (var (general, (role, state)) in _seats.ToList())
        {
            if (state is GeneralState.Loyal { Decision: null })
            {
                Seat(general, role.Expire(state, council.Deadline, ContextOf(general)));
            }
        }
    }

    /// <summary>How many messages were sent on paths of one, two, .. generals.</summary>
    public SortedDictionary<int, int> ByLevel { get; } = [];

    public GeneralState.Loyal this[NodeId general] => (GeneralState.Loyal)_seats[general].State;

    public IEnumerable<(NodeId Who, GeneralState.Loyal State)> Loyal =>
        _seats.Where(seat => seat.Value.State is GeneralState.Loyal)
            .Select(seat => (seat.Key, (GeneralState.Loyal)seat.Value.State));

    /// <summary>One order with traitors of strategies: nothing is left to dice.</summary>
    public static RoundTable Of(BattlePlan plan, KeyRing keys) => new(
        plan.Council, general => RoleBinding.Of(plan.RoleOf(keys.SignerOf(general), keys.Public)),
        _ => throw new InvalidOperationException("A battle leaves nothing to dice."));

    /// <summary>Which of IC1 and IC2 is broken; null where both hold.</summary>
    public string? Broken(BattlePlan plan)
    {
        var obeyed = Loyal.Where(general => general.Who != plan.Commander).Select(general => general.State.Decision!).Distinct().ToList();
        return !plan.Traitors.ContainsKey(plan.Commander) && obeyed.Any(order => order != plan.Order) ? "IC2"
            : obeyed.Count > 1 ? "IC1"
            : null;
    }

    int IChoices.Next(int options) => _dice(options);

    private TurnContext ContextOf(NodeId general) => new(Council.AddressOf(general), this, () => default);

    private void Seat(NodeId general, Step step)
    {
        _seats[general] = (_seats[general].Role, step.State);
        Send(general, step);
    }

    private void Send(NodeId from, Step step)
    {
        foreach (var send in step.Effects.OfType<Effect.Send>())
        {
            var message = (GeneralsMessage)send.Message;
            var level = message.Saying.Path.Count;
            ByLevel[level] = ByLevel.GetValueOrDefault(level) + 1;
            _underWay.Enqueue((Council.AddressOf(from), send.To, message));
        }
    }
}

/// <summary>A traitor who follows a script: what he says to whom, on which path; null for nothing.</summary>
internal sealed class Scripted(Council council, Func<RelayPath, NodeId, string?> says)
    : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        Say(council.Commanders.Contains(turn.Self.Node) ? RelayPath.Of(turn.Self.Node) : null, turn);
        return new GeneralState.Traitor(default);
    }

    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn)
    {
        var path = ((Oral)message).Path;
        Say(path.Count <= council.M ? path.Then(turn.Self.Node) : null, turn);
        return state;
    }

    private void Say(RelayPath? path, Turn<GeneralsMessage> turn)
    {
        foreach (var other in path is { } spoken ? council.Others(spoken) : [])
        {
            if (says(path!.Value, other) is { } order)
            {
                turn.Tell(Council.AddressOf(other), new Oral(path.Value, order));
            }
        }
    }
}

using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>A general's memory, of whichever kind he is. The paper has no crashes, so there is no disk.</summary>
public abstract record GeneralState : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;

    /// <param name="Heard">The first order that came on each path; a commander's own is on the path of himself.</param>
    /// <param name="Orders">After the deadline: what each commander ordered, as this general concludes.</param>
    /// <param name="Decision">The order he obeys; null before the deadline.</param>
    public sealed record Loyal(Map<RelayPath, string> Heard, Map<NodeId, string> Orders, string? Decision) : GeneralState
    {
        /// <summary>Of signed messages: the set V, each order with the path on which it came first.</summary>
        public Map<string, RelayPath> Signed { get; init; }

        /// <summary>How many messages came in the name of another: told by somebody else, or with a signature that is not his.</summary>
        public int Refused { get; init; }
    }

    /// <param name="Faces">Where he keeps to one story for each general: which one; null where he says nothing.</param>
    public sealed record Traitor(Map<NodeId, string?> Faces) : GeneralState;

    /// <summary>A traitor who follows a <see cref="Strategy"/>.</summary>
    /// <param name="Heard">What he was told on each path.</param>
    public sealed record Disloyal(Map<RelayPath, Set<string>> Heard) : GeneralState;
}

/// <summary>
/// A loyal general in the algorithm OM(m) of section 3: commander, or lieutenant. The recursion of the paper is unrolled: a
/// lieutenant who acts as the commander of OM(m - k) speaks on a path of k + 1 generals, himself at its end.
/// </summary>
/// <param name="council">What all know.</param>
public class General(Council council) : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    protected Council Council => council;

    /// <summary>Step (1): the commander sends his value to every lieutenant.</summary>
    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        var self = turn.Self.Node;
        var state = new GeneralState.Loyal(default, default, null);
        if (council.Commanders.Contains(self))
        {
            var path = RelayPath.Of(self);
            var order = turn.Choose(council.OrdersOf(self));
            state = state with { Heard = state.Heard.Set(path, order) };
            Say(path, order, turn);
        }

        if (council.Commanders.All(commander => commander == self))
        {
            return Decide(state, self); // There is nobody else to listen to.
        }

        turn.Start(council.Deadline);
        return state;
    }

    /// <summary>Step (2): a lieutenant passes on what he is told, as the commander of the next smaller algorithm.</summary>
    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn)
    {
        var loyal = (GeneralState.Loyal)state;
        switch (message)
        {
            case Oral(var path, var order)
                when council.IsPossible(path, sender.Node, turn.Self.Node)
                    && council.Orders.Contains(order) && !loyal.Heard.ContainsKey(path):
                if (loyal.Decision is not null)
                {
                    turn.Note($"{path} came after the deadline: the rounds were not synchronous");
                    return state;
                }

                if (path.Count <= council.M)
                {
                    Relay(path, order, turn);
                }

                return loyal with { Heard = loyal.Heard.Set(path, order) };

            case Oral(var path, var order)
                when path.Count > 0 && path.Speaker != sender.Node && loyal.Decision is null:
                turn.Note($"refuses {order} on {path} of {sender.Node}, who speaks in the name of {path.Speaker}");
                return loyal with { Refused = loyal.Refused + 1 };

            default: // Only a traitor speaks twice, or nonsense: it counts as if he had said nothing.
                return state;
        }
    }

    /// <summary>Step (3), once every message has come.</summary>
    public GeneralState Expire(GeneralState state, Timer timer, Turn<GeneralsMessage> turn)
    {
        var decided = Decide((GeneralState.Loyal)state, turn.Self.Node);
        turn.Note($"obeys: {decided.Decision}");
        return decided;
    }

    protected virtual void Relay(RelayPath path, string order, Turn<GeneralsMessage> turn) =>
        Say(path.Then(turn.Self.Node), order, turn);

    /// <summary>
    /// Step (3): the majority of what the last one on the path said to this lieutenant and of what the other lieutenants, each
    /// by the next smaller algorithm, say that he said to them. A value that did not come is retreat (A3).
    /// </summary>
    protected virtual string ValueOf(RelayPath path, Map<RelayPath, string> heard, NodeId self)
    {
        var direct = heard.FindOr(path, council.Retreat);
        return path.Count > council.M // OM(0): each lieutenant uses the value he receives.
            ? direct
            : council.Majority([direct, .. Reports(path, heard, self)]);
    }

    /// <summary>What the other lieutenants say that the last one on the path said.</summary>
    protected IEnumerable<string> Reports(RelayPath path, Map<RelayPath, string> heard, NodeId self) =>
        council.Others(path).Where(other => other != self).Select(other => ValueOf(path.Then(other), heard, self));

    /// <summary>The order of the commander, or where there are several the one that most of them gave.</summary>
    protected virtual string Conclude(Map<NodeId, string> orders, NodeId self) => council.Majority([.. orders.Values]);

    private GeneralState.Loyal Decide(GeneralState.Loyal state, NodeId self)
    {
        var orders = council.Commanders.ToMap(
            commander => commander,
            commander => commander == self
                ? state.Heard[RelayPath.Of(self)]
                : ValueOf(RelayPath.Of(commander), state.Heard, self));
        return state with { Orders = orders, Decision = Conclude(orders, self) };
    }

    private void Say(RelayPath path, string order, Turn<GeneralsMessage> turn) =>
        turn.Tell(council.Others(path).Select(Council.AddressOf), new Oral(path, order));
}

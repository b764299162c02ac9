using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What a traitor knows.</summary>
/// <param name="Plan">All of the order, and the other traitors.</param>
/// <param name="Own">His hand.</param>
/// <param name="Battle">What is signed with every order.</param>
/// <param name="Remembered">What this one was told in the battle before.</param>
public sealed record Conspiracy(BattlePlan Plan, Signer Own, string Battle, Seq<GeneralsMessage> Remembered);

/// <summary>
/// A traitor with a strategy in the place of a general. He is asked what to say whenever a loyal one would speak: as the
/// commander at the start, as a lieutenant for every order that he is told on a path.
/// </summary>
/// <param name="conspiracy">What he knows.</param>
public abstract class Turncoat(Conspiracy conspiracy) : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    protected Conspiracy Conspiracy => conspiracy;

    protected BattlePlan Plan => conspiracy.Plan;

    protected Council Council { get; } = conspiracy.Plan.Council;

    /// <summary>The role of a traitor.</summary>
    public static Turncoat Of(Conspiracy conspiracy)
    {
        var strategy = conspiracy.Plan.Traitors[conspiracy.Own.General];
        return strategy.Kind switch
        {
            StrategyKind.Silent => new Silent(conspiracy),
            StrategyKind.TwoFaced => new TwoFaced(conspiracy, strategy.Faces),
            StrategyKind.Random => new Capricious(conspiracy),
            StrategyKind.Colluding => new Colluding(conspiracy),
            StrategyKind.RelayLiar => new RelayLiar(conspiracy),
            StrategyKind.Forger => new Forger(conspiracy),
            StrategyKind.Replayer => new Replayer(conspiracy),
            _ => throw new ArgumentException($"{strategy.Kind} is no strategy."),
        };
    }

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        turn.Note($"is a traitor: {Plan.Traitors[turn.Self.Node]}");
        Begin(turn);
        if (Plan.Commander == turn.Self.Node)
        {
            Speak(null, turn);
        }

        return new GeneralState.Disloyal(default);
    }

    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn)
    {
        var traitor = (GeneralState.Disloyal)state;
        var (path, order) = message.Saying;
        if (message is Signed != Plan.IsSigned || !Council.IsPossible(path, sender.Node, turn.Self.Node)
            || !Council.Orders.Contains(order) || traitor.Heard.FindOr(path, default).Contains(order))
        {
            return state;
        }

        if (path.Count <= Council.M)
        {
            Speak(message, turn);
        }

        return new GeneralState.Disloyal(traitor.Heard.Set(path, traitor.Heard.FindOr(path, default).Add(order)));
    }

    /// <summary>What he does before anybody speaks.</summary>
    protected virtual void Begin(Turn<GeneralsMessage> turn)
    {
    }

    /// <param name="told">What he was just told; null at the start, where he commands.</param>
    /// <param name="turn">His turn.</param>
    protected virtual void Speak(GeneralsMessage? told, Turn<GeneralsMessage> turn)
    {
        var self = turn.Self.Node;
        var path = PathAfter(told, self);
        var order = told?.Saying.Order ?? Plan.Order;
        foreach (var other in Council.Others(path))
        {
            foreach (var said in OrdersFor(path, order, other))
            {
                if (!Plan.IsSigned)
                {
                    turn.Tell(Council.AddressOf(other), new Oral(path, said));
                }
                else if (told is not Signed signed)
                {
                    turn.Tell(Council.AddressOf(other), conspiracy.Own.Sign(conspiracy.Battle, said));
                }
                else if (said == order || MayForge)
                {
                    turn.Tell(Council.AddressOf(other), conspiracy.Own.Add(conspiracy.Battle, signed with { Order = said }));
                }
            }
        }
    }

    /// <summary>Whether he signs an order that others did not, which is refused.</summary>
    protected virtual bool MayForge => false;

    /// <summary>What he says to another one.</summary>
    /// <param name="path">The path on which he says it, himself at its end.</param>
    /// <param name="order">What he should say.</param>
    /// <param name="other">To whom.</param>
    protected virtual IEnumerable<string> OrdersFor(RelayPath path, string order, NodeId other) => [order];

    protected static RelayPath PathAfter(GeneralsMessage? told, NodeId self) =>
        told is null ? RelayPath.Of(self) : told.Saying.Path.Then(self);

    protected static string Opposite(string order) =>
        order == BattlePlan.Attack ? BattlePlan.Retreat : BattlePlan.Attack;

    /// <summary>The order for every second of some generals.</summary>
    protected static string InTurn(Seq<NodeId> generals, NodeId other) =>
        generals.TakeWhile(general => general != other).Count() % 2 == 0 ? BattlePlan.Attack : BattlePlan.Retreat;

    private sealed class Silent(Conspiracy conspiracy) : Turncoat(conspiracy)
    {
        protected override void Speak(GeneralsMessage? told, Turn<GeneralsMessage> turn)
        {
        }
    }

    private sealed class TwoFaced(Conspiracy conspiracy, Map<NodeId, string> faces) : Turncoat(conspiracy)
    {
        protected override IEnumerable<string> OrdersFor(RelayPath path, string order, NodeId other) =>
        [
            faces.TryGetValue(other, out var face) ? face
            : faces.IsEmpty ? InTurn(Plan.Generals.Where(general => general != path.Speaker).ToSeq(), other)
            : Opposite(faces.Values.First()),
        ];
    }

    /// <summary>The dice are a hash of the seed, the path and the receiver: the same in every run.</summary>
    private sealed class Capricious(Conspiracy conspiracy) : Turncoat(conspiracy)
    {
        protected override IEnumerable<string> OrdersFor(RelayPath path, string order, NodeId other) =>
            Plan.IsSigned
                ? Council.Orders.Where(one => Roll($"{path} {other} {one}") % 2 == 0)
                : Council.Orders.Skip((int)(Roll($"{path} {other}") % 3)).Take(1); // One of them, or nothing.

        private ulong Roll(string what) => BinaryPrimitives.ReadUInt64LittleEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Plan.Seed} {what}")));
    }

    private sealed class RelayLiar(Conspiracy conspiracy) : Turncoat(conspiracy)
    {
        protected override bool MayForge => true;

        protected override IEnumerable<string> OrdersFor(RelayPath path, string order, NodeId other) =>
            [path.Count == 1 ? order : Opposite(order)];
    }

    /// <summary>Gives out the true order, and another one in the name of somebody else.</summary>
    private sealed class Forger(Conspiracy conspiracy) : Turncoat(conspiracy)
    {
        protected override void Speak(GeneralsMessage? told, Turn<GeneralsMessage> turn)
        {
            var self = turn.Self.Node;
            var lie = Opposite(told?.Saying.Order ?? Plan.Order);
            if (told is null)
            {
                base.Speak(told, turn);
            }

            foreach (var other in Council.Others(PathAfter(told, self)))
            {
                turn.Tell(Council.AddressOf(other), Plan.IsSigned ? ForgedFor(told, lie, other, self) : new Oral(
                    told?.Saying.Path ?? RelayPath.Of(self, VictimOf(other, self)), lie));
            }
        }

        private Signed ForgedFor(GeneralsMessage? told, string lie, NodeId other, NodeId self)
        {
            var own = Conspiracy.Own;
            if (told is null)
            {
                return own.SignAs(VictimOf(other, self), Conspiracy.Battle, own.Sign(Conspiracy.Battle, lie));
            }

            var forged = new Signed(RelayPath.Of(), lie, []);
            foreach (var name in told.Saying.Path.Generals)
            {
                forged = own.SignAs(name, Conspiracy.Battle, forged);
            }

            return own.Add(Conspiracy.Battle, forged);
        }

        private NodeId VictimOf(NodeId other, NodeId self) =>
            Plan.Generals.First(general => general != other && general != self);
    }

    /// <summary>Word for word. What others said has the wrong speaker or is no news, and what is old has the wrong battle signed.</summary>
    private sealed class Replayer(Conspiracy conspiracy) : Turncoat(conspiracy)
    {
        protected override void Begin(Turn<GeneralsMessage> turn)
        {
            foreach (var old in Conspiracy.Remembered)
            {
                Repeat(old, turn);
            }
        }

        protected override void Speak(GeneralsMessage? told, Turn<GeneralsMessage> turn)
        {
            if (told is null)
            {
                base.Speak(told, turn);
            }
            else
            {
                Repeat(told, turn);
            }
        }

        private void Repeat(GeneralsMessage message, Turn<GeneralsMessage> turn) =>
            turn.Tell(Council.Others(RelayPath.Of(turn.Self.Node)).Select(Council.AddressOf), message);
    }
}

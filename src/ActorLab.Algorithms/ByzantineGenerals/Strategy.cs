using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>How a traitor betrays.</summary>
public enum StrategyKind
{
    Silent,
    TwoFaced,
    Random,
    Colluding,
    RelayLiar,
    Forger,
    Replayer,
}

/// <summary>What one traitor does.</summary>
/// <param name="Kind">How he betrays.</param>
/// <param name="Faces">Of a two-faced one: which order he tells to whom; empty for every other general in turn.</param>
[MemoryPackable]
public sealed partial record Strategy(StrategyKind Kind, Map<NodeId, string> Faces)
{
    /// <summary>All there are, as users name them.</summary>
    public static readonly Seq<(string Name, StrategyKind Kind, string Summary)> All =
    [
        ("silent", StrategyKind.Silent, "says nothing at all"),
        ("two-faced", StrategyKind.TwoFaced,
            "tells every second general to attack and the others to retreat; n3:two-faced:attack=n2+n4 says to whom what"),
        ("random", StrategyKind.Random, "says to each anything or nothing, as the seed has it"),
        ("colluding", StrategyKind.Colluding,
            "keeps to one story with the others who collude: behind a traitorous commander each half of the loyal ones hears "
            + "another order, and of a loyal one all hear the wrong one; signed, they keep an order back for the last round"),
        ("relay-liar", StrategyKind.RelayLiar, "passes on the other order, with his signature under it"),
        ("forger", StrategyKind.Forger, "speaks in the names of others, with signatures that are his own"),
        ("replayer", StrategyKind.Replayer, "repeats to everybody what he was told, now and in the battle before"),
    ];

    public static Strategy Of(StrategyKind kind) => new(kind, default);

    [MemoryPackIgnore]
    public string Name => All.First(one => one.Kind == Kind).Name;

    public override string ToString() => Faces.IsEmpty
        ? Name
        : $"{Name}:{string.Join(':', Faces.GroupBy(face => face.Value).Select(side => $"{side.Key}={string.Join('+', side.Select(face => face.Key))}"))}";

    /// <summary>Reads <c>n3:two-faced</c>, several with commas.</summary>
    /// <exception cref="FormatException">The text is something else; the sentence says what.</exception>
    public static Map<NodeId, Strategy> ParseAll(string text)
    {
        var traitors = Map<NodeId, Strategy>.Empty;
        foreach (var one in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = one.Split(':');
            if (parts.Length < 2 || parts[0] == "")
            {
                throw new FormatException($"'{one}' is no traitor: write node:strategy, for example n3:two-faced.");
            }

            var node = new NodeId(parts[0]);
            if (traitors.ContainsKey(node))
            {
                throw new FormatException($"{node} is named twice among the traitors: a traitor has one strategy.");
            }

            traitors = traitors.Set(node, new Strategy(KindOf(parts[1]), FacesOf(one, parts)));
        }

        return traitors;
    }

    private static StrategyKind KindOf(string name)
    {
        foreach (var (known, kind, _) in All)
        {
            if (known == name)
            {
                return kind;
            }
        }

        throw new FormatException(
            $"There is no strategy '{name}'. There are: {string.Join(", ", All.Select(one => one.Name))}.");
    }

    private static Map<NodeId, string> FacesOf(string text, string[] parts)
    {
        if (parts.Length > 2 && parts[1] != "two-faced")
        {
            throw new FormatException($"'{text}': {parts[1]} takes nothing after its name; only two-faced says to whom what.");
        }

        var faces = Map<NodeId, string>.Empty;
        foreach (var side in parts.Skip(2))
        {
            if (side.Split('=') is not [{ } order, { Length: > 0 } generals] || !BattlePlan.Orders.Contains(order))
            {
                throw new FormatException($"'{side}' is no face: write attack=n2+n4, or retreat=n2+n4.");
            }

            foreach (var general in generals.Split('+'))
            {
                faces = faces.Set(new NodeId(general), order);
            }
        }

        return faces;
    }
}

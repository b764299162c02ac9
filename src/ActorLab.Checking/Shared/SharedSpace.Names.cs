using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Worlds that are the same modulo names.</content>
internal sealed partial class SharedSpace
{
    private readonly Lazy<(int[] Slots, Func<NodeId, NodeId> Of, LongMap Values)[]> _renamings;

    /// <inheritdoc />
    public override int Interchangeable => _model.Interchangeable.Count;

    /// <inheritdoc />
    public override bool Rename(int renaming, ReadOnlySpan<int> world, Span<int> renamed, bool learn)
    {
        var (slots, of, values) = _renamings.Value[renaming];
        for (var slot = 0; slot < world.Length; slot++)
        {
            var variable = _model.Slots[slot].Variable;
            var key = LongMap.Key(variable, world[slot]);
            var value = values[key];
            if (value < 0)
            {
                if (!learn)
                {
                    return false;
                }

                value = _values[variable].Renamed(world[slot], of);
                values.Add(key, value);
            }

            renamed[slots[slot]] = value;
        }

        return true;
    }

    private static (int[], Func<NodeId, NodeId>, LongMap)[] RenamingsOf(Model model)
    {
        NodeId[] nodes = [.. model.Interchangeable];
        return [.. Permutations.Of(nodes).Select(image =>
        {
            NodeId Of(NodeId node) => Array.IndexOf(nodes, node) is var at and >= 0 ? image[at] : node;
            int[] slots = [.. model.Slots.Select(slot =>
            {
                var key = slot.Key is null ? null : Canonical.Rename(slot.Key, Of);
                var to = Enumerable.Range(0, model.Slots.Count).Where(other =>
                    model.Slots[other].Variable == slot.Variable && Equals(model.Slots[other].Key, key)).ToList();
                return to.Count == 1 ? to[0] : throw new ArgumentException(
                    $"{model.Name} is not symmetric: {slot.Text} has no counterpart when its interchangeable nodes are renamed.");
            })];
            return (slots, (Func<NodeId, NodeId>)Of, new LongMap());
        })];
    }
}

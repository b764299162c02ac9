using System.Text;

namespace ActorLab.Core;

internal sealed class SeqShape<T> : Shape<Seq<T>>
{
    public override void Write(CanonicalWriter writer, Seq<T> value)
    {
        writer.WriteNumber(value.Count);
        if (value.Count >= CanonicalMemory.Long && writer.Memory is { } memory)
        {
            memory.WriteItems(writer, value);
            return;
        }

        var item = Shape<T>.Instance;
        foreach (var one in value.Span)
        {
            item.Write(writer, one);
        }
    }

    public override Seq<T> Rename(Seq<T> value, Func<NodeId, NodeId> rename) =>
        value.Select(item => Shape<T>.Instance.Rename(item, rename)).ToSeq();

    public override void Compare(string path, Seq<T> before, Seq<T> after, DifferenceList found)
    {
        var item = Shape<T>.Instance;
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            if (i < before.Count && i < after.Count)
            {
                if (EqualityComparer<T>.Default.Equals(before[i], after[i]))
                {
                    continue; // A log of a thousand entries is compared after every turn: no path is written for those that stayed.
                }

                found.CompareItem($"{path}[{i}]", before[i], after[i]);
                continue;
            }

            found.Add(new Difference(
                $"{path}[{i}]",
                i < before.Count ? item.TextOf(before[i]) : Difference.Absent,
                i < after.Count ? item.TextOf(after[i]) : Difference.Absent));
        }
    }

    public override void Leaves(string path, Seq<T> value, DifferenceList found, bool isGone)
    {
        for (var i = 0; i < value.Count; i++)
        {
            found.AddItem($"{path}[{i}]", value[i], isGone);
        }
    }

    public override void Print(StringBuilder text, Seq<T> value) => CollectionText.Print(text, '[', value, ']');
}

internal sealed class SetShape<T> : Shape<Set<T>>
{
    public override void Write(CanonicalWriter writer, Set<T> value)
    {
        var item = Shape<T>.Instance;
        writer.WriteNumber(value.Count);
        foreach (var one in value)
        {
            item.Write(writer, one);
        }
    }

    public override Set<T> Rename(Set<T> value, Func<NodeId, NodeId> rename) =>
        value.Select(item => Shape<T>.Instance.Rename(item, rename)).ToSet();

    public override void Compare(string path, Set<T> before, Set<T> after, DifferenceList found)
    {
        foreach (var item in before.Where(item => !after.Holds(item)))
        {
            var text = Shape<T>.Instance.TextOf(item);
            found.Add(new Difference($"{path}{{{text}}}", text, Difference.Absent));
        }

        foreach (var item in after.Where(item => !before.Holds(item)))
        {
            var text = Shape<T>.Instance.TextOf(item);
            found.Add(new Difference($"{path}{{{text}}}", Difference.Absent, text));
        }
    }

    public override void Leaves(string path, Set<T> value, DifferenceList found, bool isGone)
    {
        foreach (var item in value)
        {
            found.AddItem($"{path}{{{Shape<T>.Instance.TextOf(item)}}}", item, isGone);
        }
    }

    public override void Print(StringBuilder text, Set<T> value) => CollectionText.Print(text, '{', value, '}');
}

internal sealed class MapShape<TKey, TValue> : Shape<Map<TKey, TValue>>
    where TKey : notnull
{
    public override void Write(CanonicalWriter writer, Map<TKey, TValue> value)
    {
        var (keys, values) = (Shape<TKey>.Instance, Shape<TValue>.Instance);
        writer.WriteNumber(value.Count);
        foreach (var (key, item) in value)
        {
            keys.Write(writer, key);
            values.Write(writer, item);
        }
    }

    public override Map<TKey, TValue> Rename(Map<TKey, TValue> value, Func<NodeId, NodeId> rename) => value.ToMap(
        pair => Shape<TKey>.Instance.Rename(pair.Key, rename), pair => Shape<TValue>.Instance.Rename(pair.Value, rename));

    public override void Compare(
        string path, Map<TKey, TValue> before, Map<TKey, TValue> after, DifferenceList found)
    {
        var items = Shape<TValue>.Instance;
        foreach (var (key, was) in before)
        {
            if (after.Holds(key))
            {
                found.CompareItem(PathOf(path, key), was, after[key]);
            }
            else
            {
                found.Add(new Difference(PathOf(path, key), items.TextOf(was), Difference.Absent));
            }
        }

        foreach (var (key, becomes) in after.Where(pair => !before.Holds(pair.Key)))
        {
            found.Add(new Difference(PathOf(path, key), Difference.Absent, items.TextOf(becomes)));
        }
    }

    public override void Leaves(string path, Map<TKey, TValue> value, DifferenceList found, bool isGone)
    {
        foreach (var (key, item) in value)
        {
            found.AddItem(PathOf(path, key), item, isGone);
        }
    }

    public override void Print(StringBuilder text, Map<TKey, TValue> value)
    {
        var separator = "{";
        foreach (var (key, item) in value)
        {
            text.Append(separator);
            Shape<TKey>.Instance.Print(text, key);
            text.Append(": ");
            Shape<TValue>.Instance.Print(text, item);
            separator = ", ";
        }

        text.Append(value.IsEmpty ? "{}" : "}");
    }

    private static string PathOf(string path, TKey key) => $"{path}[{Shape<TKey>.Instance.TextOf(key)}]";
}

internal static class CollectionText
{
    public static void Print<T>(StringBuilder text, char open, IEnumerable<T> items, char close)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            Shape<T>.Instance.Print(text, item);
            separator = ", ";
        }

        text.Append(close);
    }
}

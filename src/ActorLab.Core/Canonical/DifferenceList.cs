namespace ActorLab.Core;

/// <summary>The differences that a comparison found, and how fine they are to be.</summary>
internal sealed class DifferenceList : List<Difference>
{
    /// <summary>
    /// A line to each field and each item, null or not, and none within an item: so that the lines of one state, with those
    /// of a difference in place of their likes, are the lines of the next.
    /// </summary>
    public bool ByField { get; init; }

    public void CompareItem<T>(string path, T before, T after)
    {
        if (!ByField)
        {
            Shape<T>.Instance.Compare(path, before, after, this);
        }
        else if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            Add(new Difference(path, Shape<T>.Instance.TextOf(before), Shape<T>.Instance.TextOf(after)));
        }
    }

    public void AddItem<T>(string path, T item, bool isGone)
    {
        var text = Shape<T>.Instance.TextOf(item);
        Add(new Difference(path, isGone ? text : Difference.Absent, isGone ? Difference.Absent : text));
    }

    /// <summary>With what went and what came at one path in one line.</summary>
    public IEnumerable<Difference> Joined()
    {
        for (var i = 0; i < Count; i++)
        {
            if (i + 1 < Count && this[i].Path == this[i + 1].Path && this[i].After == Difference.Absent)
            {
                yield return this[i] with { After = this[++i].After };
            }
            else
            {
                yield return this[i];
            }
        }
    }
}

using System.Text;

namespace ActorLab.Core;

/// <summary>The visitor of one type, for values whose type is known only at run time.</summary>
internal abstract class Shape
{
    /// <summary>The shape of a type that <see cref="ShapeRules.Check"/> accepts.</summary>
    public static Shape Of(Type type) =>
        (Shape)typeof(Shape<>).MakeGenericType(type).GetProperty(nameof(Shape<int>.Instance))!.GetValue(null)!;

    public abstract void WriteBoxed(CanonicalWriter writer, object value);

    public abstract object RenameBoxed(object value, Func<NodeId, NodeId> rename);

    public abstract void CompareBoxed(string path, object before, object after, DifferenceList found);

    public abstract void LeavesBoxed(string path, object value, DifferenceList found, bool isGone);

    public abstract void PrintBoxed(StringBuilder text, object value);
}

/// <summary>The visitor of one type. The types of its fields get their own, on first use: a type may contain itself.</summary>
internal abstract class Shape<T> : Shape
{
    /// <summary>The one shape of the type; only for types that <see cref="ShapeRules.Check"/> accepts.</summary>
    public static Shape<T> Instance { get; } = (Shape<T>)ShapeRules.Build(typeof(T));

    /// <summary>Whether a value of the type may name a node, so that a renaming has to look into it.</summary>
    public static bool MentionsNodes { get; } = ShapeRules.MentionsNodes(typeof(T));

    public abstract void Write(CanonicalWriter writer, T value);

    /// <summary>The bytes of a value known not to be null.</summary>
    public virtual void WriteBody(CanonicalWriter writer, T value) => Write(writer, value);

    public virtual T Rename(T value, Func<NodeId, NodeId> rename) => value;

    public virtual void Compare(string path, T before, T after, DifferenceList found)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            found.Add(new Difference(path, TextOf(before), TextOf(after)));
        }
    }

    /// <summary>All of a value as differences from nothing, or to nothing: a line to each field and each item.</summary>
    public virtual void Leaves(string path, T value, DifferenceList found, bool isGone)
    {
        var text = TextOf(value);
        found.Add(new Difference(path, isGone ? text : Difference.Absent, isGone ? Difference.Absent : text));
    }

    public abstract void Print(StringBuilder text, T value);

    public string TextOf(T value)
    {
        var text = new StringBuilder();
        Print(text, value);
        return text.ToString();
    }

    public sealed override void WriteBoxed(CanonicalWriter writer, object value) => WriteBody(writer, (T)value);

    public sealed override object RenameBoxed(object value, Func<NodeId, NodeId> rename) =>
        MentionsNodes ? Rename((T)value, rename)! : value;

    public sealed override void CompareBoxed(string path, object before, object after, DifferenceList found) =>
        Compare(path, (T)before, (T)after, found);

    public sealed override void LeavesBoxed(string path, object value, DifferenceList found, bool isGone) =>
        Leaves(path, (T)value, found, isGone);

    public sealed override void PrintBoxed(StringBuilder text, object value) => Print(text, (T)value);
}

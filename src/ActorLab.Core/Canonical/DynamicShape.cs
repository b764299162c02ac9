using System.Runtime.CompilerServices;
using System.Text;

namespace ActorLab.Core;

/// <summary>What may hold several types: the name of the type, then the value. Cases are found as they turn up.</summary>
internal sealed class DynamicShape<T> : Shape<T?>
    where T : class
{
    private readonly ConditionalWeakTable<Type, Case> _cases = [];

    public override void Write(CanonicalWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteString(null);
            return;
        }

        var one = CaseOf(value);
        writer.WriteString(one.Tag);
        one.WriteBoxed(writer, value);
    }

    public override T? Rename(T? value, Func<NodeId, NodeId> rename) =>
        value is null ? null : (T)CaseOf(value).RenameBoxed(value, rename);

    public override void Compare(string path, T? before, T? after, DifferenceList found)
    {
        if (found.ByField && path != "")
        {
            base.Compare(path, before, after, found); // what may be of several types reads best as one text
        }
        else if (before is not null && after is not null && before.GetType() == after.GetType())
        {
            CaseOf(before).CompareBoxed(path, before, after, found);
        }
        else if (found.ByField)
        {
            Leaves(path, before, found, isGone: true);
            Leaves(path, after, found, isGone: false);
        }
        else if (before is not null || after is not null)
        {
            found.Add(new Difference(path, TextOf(before), TextOf(after)));
        }
    }

    public override void Leaves(string path, T? value, DifferenceList found, bool isGone)
    {
        if (path != "")
        {
            base.Leaves(path, value, found, isGone);
        }
        else if (value is not null)
        {
            CaseOf(value).LeavesBoxed(path, value, found, isGone);
        }
    }

    public override void Print(StringBuilder text, T? value)
    {
        if (value is null)
        {
            text.Append("null");
        }
        else
        {
            CaseOf(value).PrintBoxed(text, value);
        }
    }

    private Case CaseOf(T value) => _cases.GetValue(value.GetType(), static type => Case.Of(type, typeof(T)));

    /// <summary>The shape of one type that may turn up here, and the name it is written under.</summary>
    private sealed class Case(string tag, Shape shape)
    {
        public string Tag { get; } = tag;

        public static Case Of(Type type, Type declared)
        {
            ShapeRules.Check(type);
            return new Case(ShapeNames.Tag(type, declared), ShapeRules.Concrete(type));
        }

        public void WriteBoxed(CanonicalWriter writer, object value) => shape.WriteBoxed(writer, value);

        public object RenameBoxed(object value, Func<NodeId, NodeId> rename) => shape.RenameBoxed(value, rename);

        public void CompareBoxed(string path, object before, object after, DifferenceList found) =>
            shape.CompareBoxed(path, before, after, found);

        public void LeavesBoxed(string path, object value, DifferenceList found, bool isGone) =>
            shape.LeavesBoxed(path, value, found, isGone);

        public void PrintBoxed(StringBuilder text, object value) => shape.PrintBoxed(text, value);
    }
}

/// <summary>The names of types in bytes and in text.</summary>
internal static class ShapeNames
{
    /// <summary>Without namespace, declaring types and the arguments of generic types.</summary>
    public static string Short(Type type) => type.Name.Split('`')[0];

    /// <summary>The name of a case in a union; of any other type, its name with namespace and type arguments.</summary>
    public static string Tag(Type type, Type declared) =>
        type.DeclaringType is { } outer && outer == (declared.IsGenericType ? declared.GetGenericTypeDefinition() : declared)
            ? type.Name
            : type.ToString();
}

using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ActorLab.Core;

/// <summary>Records, classes and structs alike, and tuples: their fields in order.</summary>
internal sealed class FieldsShape<T> : Shape<T>
{
    private static readonly Func<object, object> Copy = (Func<object, object>)Delegate.CreateDelegate(
        typeof(Func<object, object>),
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!);

    private readonly FieldShape<T>[] _fields =
    [
        .. ShapeRules.FieldsOf(typeof(T)).Select(field =>
            (FieldShape<T>)Activator.CreateInstance(typeof(FieldShape<,>).MakeGenericType(typeof(T), field.FieldType), field)!),
    ];

    private readonly bool _isTuple = typeof(T).IsAssignableTo(typeof(ITuple));

    /// <summary>Whether the type says itself how it reads.</summary>
    private readonly bool _printsItself = !typeof(T).IsAssignableTo(typeof(ITuple))
        && typeof(T).GetMethod(nameof(ToString), Type.EmptyTypes) is { } method
        && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    public override void Write(CanonicalWriter writer, T value)
    {
        if (!typeof(T).IsValueType)
        {
            writer.WriteByte(value is null ? (byte)0 : (byte)1);
        }

        if (value is not null)
        {
            WriteBody(writer, value);
        }
    }

    public override void WriteBody(CanonicalWriter writer, T value)
    {
        foreach (var field in _fields)
        {
            field.Write(writer, value);
        }
    }

    /// <summary>A copy of the value with the fields that name nodes set anew.</summary>
    public override T Rename(T value, Func<NodeId, NodeId> rename)
    {
        if (value is null)
        {
            return value;
        }

        var copy = Copy(value);
        foreach (var field in _fields)
        {
            field.Rename(copy, value, rename);
        }

        return (T)copy;
    }

    public override void Compare(string path, T before, T after, DifferenceList found)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (before is null || after is null || _printsItself)
        {
            if (found.ByField && !_printsItself)
            {
                Leaves(path, before, found, isGone: true);
                Leaves(path, after, found, isGone: false);
                return;
            }

            base.Compare(path, before, after, found);
            return;
        }

        foreach (var field in _fields)
        {
            field.Compare(path, before, after, found);
        }
    }

    public override void Leaves(string path, T value, DifferenceList found, bool isGone)
    {
        if (value is null || _printsItself || _fields.Length == 0)
        {
            base.Leaves(path, value, found, isGone);
            return;
        }

        foreach (var field in _fields)
        {
            field.Leaves(path, value, found, isGone);
        }
    }

    public override void Print(StringBuilder text, T value)
    {
        if (value is null || _printsItself)
        {
            text.Append(value?.ToString() ?? "null");
            return;
        }

        var separator = _isTuple ? "" : " { ";
        text.Append(_isTuple ? "(" : ShapeNames.Short(typeof(T)));
        foreach (var field in _fields)
        {
            text.Append(separator).Append(_isTuple ? "" : $"{field.Name} = ");
            field.Print(text, value);
            separator = ", ";
        }

        text.Append(_isTuple ? ")" : _fields.Length == 0 ? "" : " }");
    }
}

/// <summary>One field of a record.</summary>
internal abstract class FieldShape<TOwner>(FieldInfo field)
{
    public string Name { get; } = ShapeRules.NameOf(field);

    protected FieldInfo Field { get; } = field;

    public abstract void Write(CanonicalWriter writer, TOwner owner);

    public abstract void Rename(object copy, TOwner owner, Func<NodeId, NodeId> rename);

    public abstract void Compare(string path, TOwner before, TOwner after, DifferenceList found);

    public abstract void Leaves(string path, TOwner owner, DifferenceList found, bool isGone);

    public abstract void Print(StringBuilder text, TOwner owner);

    protected string PathFrom(string path) => path == "" ? Name : $"{path}.{Name}";
}

/// <inheritdoc />
internal sealed class FieldShape<TOwner, TValue>(FieldInfo field) : FieldShape<TOwner>(field)
{
    private readonly Func<TOwner, TValue> _read = Reader(field);

    public override void Write(CanonicalWriter writer, TOwner owner) => Shape<TValue>.Instance.Write(writer, _read(owner));

    public override void Rename(object copy, TOwner owner, Func<NodeId, NodeId> rename)
    {
        if (Shape<TValue>.MentionsNodes)
        {
            Field.SetValue(copy, Shape<TValue>.Instance.Rename(_read(owner), rename));
        }
    }

    public override void Compare(string path, TOwner before, TOwner after, DifferenceList found) =>
        Shape<TValue>.Instance.Compare(PathFrom(path), _read(before), _read(after), found);

    public override void Leaves(string path, TOwner owner, DifferenceList found, bool isGone) =>
        Shape<TValue>.Instance.Leaves(PathFrom(path), _read(owner), found, isGone);

    public override void Print(StringBuilder text, TOwner owner) => Shape<TValue>.Instance.Print(text, _read(owner));

    private static Func<TOwner, TValue> Reader(FieldInfo field)
    {
        var owner = Expression.Parameter(typeof(TOwner));
        return Expression.Lambda<Func<TOwner, TValue>>(Expression.Field(owner, field), owner).Compile();
    }
}

using System.Globalization;
using System.Text;

namespace ActorLab.Core;

internal sealed class BooleanShape : Shape<bool>
{
    public override void Write(CanonicalWriter writer, bool value) => writer.WriteByte(value ? (byte)1 : (byte)0);

    public override void Print(StringBuilder text, bool value) => text.Append(value ? "true" : "false");
}

/// <summary>Integers, characters, enums and spans of time.</summary>
internal sealed class NumberShape<T> : Shape<T>
    where T : unmanaged
{
    public override void Write(CanonicalWriter writer, T value) => writer.WriteNumber(value);

    public override void Print(StringBuilder text, T value) => text.Append(CultureInfo.InvariantCulture, $"{value}");
}

internal sealed class StringShape : Shape<string?>
{
    public override void Write(CanonicalWriter writer, string? value) => writer.WriteString(value);

    /// <summary>In quotes, so that an empty text and a null are told apart; what does not print is escaped.</summary>
    public override void Print(StringBuilder text, string? value)
    {
        if (value is null)
        {
            text.Append("null");
            return;
        }

        text.Append('"');
        foreach (var unit in value)
        {
            _ = unit switch
            {
                '"' or '\\' => text.Append('\\').Append(unit),
                '\n' => text.Append("\\n"),
                _ when char.IsControl(unit) || char.IsSurrogate(unit) =>
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => text.Append(unit),
            };
        }

        text.Append('"');
    }
}

internal sealed class NodeShape : Shape<NodeId>
{
    public override void Write(CanonicalWriter writer, NodeId value) => writer.WriteString(value.Name);

    public override NodeId Rename(NodeId value, Func<NodeId, NodeId> rename) => rename(value);

    public override void Print(StringBuilder text, NodeId value) => text.Append(value.ToString());
}

internal sealed class NullableShape<T> : Shape<T?>
    where T : struct
{
    public override void Write(CanonicalWriter writer, T? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is { } present)
        {
            Shape<T>.Instance.Write(writer, present);
        }
    }

    public override T? Rename(T? value, Func<NodeId, NodeId> rename) =>
        value is { } present ? Shape<T>.Instance.Rename(present, rename) : null;

    public override void Compare(string path, T? before, T? after, DifferenceList found)
    {
        if (before is { } was && after is { } becomes)
        {
            Shape<T>.Instance.Compare(path, was, becomes, found);
        }
        else if (found.ByField && (before is not null || after is not null))
        {
            Leaves(path, before, found, isGone: true);
            Leaves(path, after, found, isGone: false);
        }
        else
        {
            base.Compare(path, before, after, found);
        }
    }

    public override void Leaves(string path, T? value, DifferenceList found, bool isGone)
    {
        if (value is { } present)
        {
            Shape<T>.Instance.Leaves(path, present, found, isGone);
        }
        else
        {
            base.Leaves(path, value, found, isGone);
        }
    }

    public override void Print(StringBuilder text, T? value)
    {
        if (value is { } present)
        {
            Shape<T>.Instance.Print(text, present);
        }
        else
        {
            text.Append("null");
        }
    }
}

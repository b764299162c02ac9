using System.IO.Hashing;
using System.Text;

namespace ActorLab.Core;

/// <summary>
/// The canonical form: what makes two values of roles the same. One visitor per type, built once from the type's fields,
/// gives the bytes, their fingerprint, the renaming of nodes, the differences and the text. For supported values,
/// <c>a.Equals(b)</c> exactly when their bytes are equal.
/// </summary>
/// <remarks>
/// <para>The bytes, all numbers little-endian:</para>
/// <list type="bullet">
/// <item>bool: one byte; integers, characters and enums: their own width; TimeSpan: its ticks, 8 bytes.</item>
/// <item>string: the number of UTF-16 code units as 4 bytes (-1 for null), then the code units: UTF-8 would make all
/// broken surrogates one.</item>
/// <item>Seq and Set: the count as 4 bytes, then the items in order. Map: the count, then key and value by turns.</item>
/// <item>Nullable: a byte 0, or a byte 1 and the value. Tuples: the items.</item>
/// <item>record struct: the fields. Sealed record: a byte 0 for null, or a byte 1 and the fields.</item>
/// <item>What may hold several types (object, interfaces, unsealed records): the name of the value's type as a string,
/// short for a case nested in the declared type, else with its namespace; then the value as above, without its byte 1.
/// Null is a null name. A root is written as an object.</item>
/// </list>
/// <para>The fields of a record are its instance fields, of the base first, in the order of their declaration: exactly
/// those that the compiler's <c>Equals</c> compares. Computed properties have no field and so no part in it. A record
/// with an <c>Equals</c> of its own is refused, as is every type not named here.</para>
/// </remarks>
public static class Canonical
{
    private static readonly DynamicShape<object> Root = new();

    [ThreadStatic]
    private static CanonicalWriter? _writer;

    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static byte[] Bytes(object? value) => Write(value).Span.ToArray();

    /// <summary>XxHash128 of the bytes: the same in every process and on every machine.</summary>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static UInt128 Fingerprint(object? value) => XxHash128.HashToUInt128(Write(value).Span);

    /// <summary>The same fingerprint, with the help of what is known of values before.</summary>
    internal static UInt128 Fingerprint(object? value, CanonicalMemory memory)
    {
        var writer = _writer ??= new CanonicalWriter();
        writer.Memory = memory;
        try
        {
            return Fingerprint(value);
        }
        finally
        {
            writer.Memory = null;
        }
    }

    /// <summary>The value with every node renamed; sets and maps sort themselves anew. Nothing else changes.</summary>
    /// <param name="value">A supported value.</param>
    /// <param name="rename">A bijection on nodes: two nodes that became one could merge items of a set.</param>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static T Rename<T>(T value, Func<NodeId, NodeId> rename) => (T)Root.Rename(value, rename)!;

    /// <summary>Where two values differ, in the order of the fields; empty exactly when they are equal.</summary>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static Seq<Difference> Differences(object? before, object? after)
    {
        var found = new DifferenceList();
        Root.Compare("", before, after, found);
        return found.ToSeq();
    }

    /// <summary>
    /// Where two values differ, as pictures show it: a line to each field of records in records and to each item of a
    /// collection, and no line within an item. A value that was or becomes null counts line by line: all of a state when
    /// <paramref name="before"/> is null.
    /// </summary>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static Seq<Difference> Changes(object? before, object? after)
    {
        var found = new DifferenceList { ByField = true };
        Root.Compare("", before, after, found);
        return found.Joined().ToSeq();
    }

    /// <summary>
    /// The value for people, the same in every run: <c>Name { A = 1, B = [x, y] }</c>. A record that says itself how it
    /// reads (a ToString of its own) is printed so.
    /// </summary>
    /// <exception cref="NotSupportedException">A type has no canonical form; the sentence names the path to it.</exception>
    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Root.Print(text, value);
        return text.ToString();
    }

    private static CanonicalWriter Write(object? value)
    {
        var writer = _writer ??= new CanonicalWriter();
        writer.Clear();
        Root.Write(writer, value);
        return writer;
    }
}

/// <summary>One place where two values differ.</summary>
/// <param name="Path">Such as <c>Disk.Log[3].Term</c>; empty when the whole value is another.</param>
/// <param name="Before">Canonical text; <see cref="Absent"/> where there was nothing.</param>
/// <param name="After">Canonical text; <see cref="Absent"/> where there is nothing.</param>
public sealed record Difference(string Path, string Before, string After)
{
    /// <summary>What an item that is not there reads as.</summary>
    public const string Absent = "absent";

    public override string ToString() => Path == "" ? $"{Before} -> {After}" : $"{Path}: {Before} -> {After}";
}

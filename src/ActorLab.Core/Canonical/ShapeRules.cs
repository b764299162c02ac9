using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorLab.Core;

/// <summary>Which types have a canonical form, and which shape each of them has.</summary>
internal static class ShapeRules
{
    private const BindingFlags OwnFields =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Numbers =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(char), typeof(TimeSpan),
    ];

    /// <summary>The instance fields, of the base first, in the order of their declaration.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        (type.BaseType is { } parent ? FieldsOf(parent) : []).Concat(
            type.GetFields(OwnFields).OrderBy(field => field.MetadataToken));

    /// <summary>The name of a property for its backing field, else the name of the field.</summary>
    public static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;

    /// <exception cref="NotSupportedException">The type, or one within it, has no canonical form.</exception>
    public static void Check(Type type) => Walk(type, type.Name, [], (found, path) =>
    {
        if (Refusal(found) is { } reason)
        {
            throw new NotSupportedException($"{path} is {reason}");
        }
    });

    public static bool MentionsNodes(Type type)
    {
        var mentions = false;
        Walk(type, "", [], (found, _) => mentions |= found == typeof(NodeId) || IsOpen(found));
        return mentions;
    }

    public static Shape Build(Type type)
    {
        var (shape, arguments) = type switch
        {
            _ when type == typeof(bool) => (typeof(BooleanShape), []),
            _ when type == typeof(string) => (typeof(StringShape), []),
            _ when type == typeof(NodeId) => (typeof(NodeShape), []),
            { IsEnum: true } => (typeof(NumberShape<>), new[] { type }),
            _ when Numbers.Contains(type) => (typeof(NumberShape<>), [type]),
            _ when Is(type, typeof(Nullable<>)) => (typeof(NullableShape<>), type.GetGenericArguments()),
            _ when Is(type, typeof(Seq<>)) => (typeof(SeqShape<>), type.GetGenericArguments()),
            _ when Is(type, typeof(Set<>)) => (typeof(SetShape<>), type.GetGenericArguments()),
            _ when Is(type, typeof(Map<,>)) => (typeof(MapShape<,>), type.GetGenericArguments()),
            _ when IsOpen(type) => (typeof(DynamicShape<>), [type]),
            _ => (typeof(FieldsShape<>), [type]),
        };
        return (Shape)Activator.CreateInstance(arguments.Length == 0 ? shape : shape.MakeGenericType(arguments))!;
    }

    /// <summary>The shape of values of exactly this type, where a place may hold several.</summary>
    public static Shape Concrete(Type type) =>
        type == typeof(object) ? throw new NotSupportedException("A bare object has no canonical form: it has no fields.")
        : IsOpen(type) ? (Shape)Activator.CreateInstance(typeof(FieldsShape<>).MakeGenericType(type))!
        : Shape.Of(type);

    /// <summary>Whether a place of this type may hold values of several types.</summary>
    public static bool IsOpen(Type type) => type is { IsValueType: false, IsSealed: false };

    /// <summary>
    /// Calls <paramref name="visit"/> for the type and all within it, as far as the declarations tell. Looks into the
    /// cases nested in an abstract record, so that a union is refused before its worst case turns up.
    /// </summary>
    private static void Walk(Type type, string path, List<Type> seen, Action<Type, string> visit)
    {
        if (seen.Contains(type))
        {
            return;
        }

        seen.Add(type);
        visit(type, path);
        if (Is(type, typeof(Seq<>)) || Is(type, typeof(Set<>)) || Is(type, typeof(Map<,>)) || Is(type, typeof(Nullable<>)))
        {
            foreach (var argument in type.GetGenericArguments())
            {
                Walk(argument, Is(type, typeof(Nullable<>)) ? path : $"{path}[]", seen, visit);
            }
        }
        else if (IsRecord(type) || IsTuple(type))
        {
            foreach (var field in FieldsOf(type))
            {
                Walk(field.FieldType, $"{path}.{NameOf(field)}", seen, visit);
            }
        }

        foreach (var one in type.IsAbstract ? CasesOf(type) : [])
        {
            Walk(one, $"{path}({one.Name})", seen, visit);
        }
    }

    private static IEnumerable<Type> CasesOf(Type union) =>
        union.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Select(one => one.IsGenericTypeDefinition && one.GetGenericArguments().Length == union.GetGenericArguments().Length
                ? one.MakeGenericType(union.GetGenericArguments())
                : one)
            .Where(one => one.IsAssignableTo(union));

    private static string? Refusal(Type type) => type switch
    {
        _ when IsKnown(type) => null,
        _ when IsOpen(type) && (type == typeof(object) || type.IsInterface) =>
            type.IsAssignableTo(typeof(IEnumerable)) ? $"{type}, which has no canonical form: use Seq, Set or Map." : null,
        _ when type == typeof(float) || type == typeof(double) || type == typeof(decimal) || type == typeof(Half) =>
            $"{type}, whose equality is not that of its bytes: use an integer of a fixed unit.",
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) =>
            $"{type}, whose equality forgets a part: use TimeSpan or an integer of a fixed unit.",
        { IsArray: true } => $"{type}, which compares by reference: use Seq.",
        _ when type.IsAssignableTo(typeof(IDictionary)) => $"{type}, which compares by reference: use Map.",
        _ when type.IsAssignableTo(typeof(IEnumerable)) => $"{type}, which compares by reference: use Seq or Set.",
        _ when type.IsAssignableTo(typeof(Delegate)) => $"{type}, a function: functions belong to the role, not to its values.",
        _ when IsRecord(type) && !ComparesFields(type) =>
            $"{type}, whose Equals is its own: leave it to the compiler, so that it compares exactly the fields.",
        _ when IsRecord(type) => null,
        _ => $"{type}, which has no canonical form: make it a sealed record or a readonly record struct.",
    };

    private static bool IsKnown(Type type) =>
        type == typeof(bool) || type == typeof(string) || type.IsEnum || Numbers.Contains(type) || IsTuple(type)
        || Is(type, typeof(Nullable<>)) || Is(type, typeof(Seq<>)) || Is(type, typeof(Set<>)) || Is(type, typeof(Map<,>));

    private static bool Is(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    private static bool IsTuple(Type type) => type.IsValueType && type.IsAssignableTo(typeof(ITuple));

    /// <summary>The compiler gives each record, class or struct, a method to print its members.</summary>
    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    private static bool ComparesFields(Type type) =>
        type.GetMethod(nameof(Equals), OwnFields, [type])?.IsDefined(typeof(CompilerGeneratedAttribute)) ?? false;
}

using MemoryPack;

namespace ActorLab.Core;

/// <summary>
/// A text that messages repeat, such as the name of a node: of equal ones that are read, mostly one stays in memory. A log holds the
/// same names in every entry.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SharedTextAttribute : MemoryPackCustomFormatterAttribute<SharedTextFormatter, string>
{
    public override SharedTextFormatter GetFormatter() => SharedTextFormatter.Instance;
}

/// <summary>Written as any text. What is kept has an end: another text takes the place of an earlier one.</summary>
public sealed class SharedTextFormatter : MemoryPackFormatter<string>
{
    internal static readonly SharedTextFormatter Instance = new();

    private const int Places = 1024;
    private const int MostCharacters = 64;

    private readonly string?[] _kept = new string?[Places];

    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value) =>
        writer.WriteString(value);

    public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value) => value = Share(reader.ReadString());

    /// <summary>The text, or one that is equal to it.</summary>
    private string? Share(string? text)
    {
        if (text is null || text.Length > MostCharacters)
        {
            return text;
        }

        ref var kept = ref _kept[(uint)text.GetHashCode() % Places];
        var known = Volatile.Read(ref kept);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref kept, text);
        return text;
    }
}

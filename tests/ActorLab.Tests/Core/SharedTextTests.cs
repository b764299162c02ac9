using System.Globalization;
using ActorLab.Core;
using MemoryPack;

namespace ActorLab.Tests.Core;

/// <summary>Names that are read again and again.</summary>
public sealed class SharedTextTests
{
    /// <summary>Two names may have one place, and other tests read names too: so of many names nearly all.</summary>
    [Fact]
    public void Equal_names_of_two_messages_are_one_string() => Assert.InRange(
        Enumerable.Range(0, 100).Select(i => MemoryPackSerializer.Serialize(new Address(new NodeId($"n{i}"), $"role-{i}"))).Count(bytes =>
        {
            var (first, second) = (MemoryPackSerializer.Deserialize<Address>(bytes), MemoryPackSerializer.Deserialize<Address>(bytes));
            return ReferenceEquals(first.Node.Name, second.Node.Name) && ReferenceEquals(first.Role, second.Role);
        }), 90, 100);

    /// <summary>However many names there are, and of whatever length, each is read as it was written.</summary>
    [Fact]
    public void No_name_takes_the_place_of_another()
    {
        string?[] names = [null, "", "n1", "Ä\u0000\ud83d\ude00", new('x', 64), new('x', 65), .. Enumerable.Range(0, 5_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        foreach (var name in names.Concat(names))
        {
            Assert.Equal(name, MemoryPackSerializer.Deserialize<NodeId>(MemoryPackSerializer.Serialize(new NodeId(name!))).Name);
        }
    }
}

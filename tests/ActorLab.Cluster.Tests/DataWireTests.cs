using System.IO.Compression;
using System.Runtime.Serialization;
using ActorLab.Cluster.Crdt;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.DistributedData.Serialization;

namespace ActorLab.Cluster.Tests;

/// <summary>What replicators send each other: nothing in it picks a type to load.</summary>
public sealed class DataWireTests : IDisposable
{
    private static readonly UniqueAddress Node = new(new Akka.Actor.Address("akka", "lab", "127.0.0.1", 1), 1);
    private static readonly UniqueAddress Other = new(new Akka.Actor.Address("akka", "lab", "127.0.0.1", 2), 2);

    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)ActorSystem.Create("wire", LabHocon.FromPairs(
        [new("akka.remote.dot-netty.tcp.port", "0"), new("akka.remote.dot-netty.tcp.hostname", "127.0.0.1")]).WithFallback(LabHocon.Defaults()));

    public static TheoryData<string> Kinds() => [.. Samples.Keys];

    private static readonly Dictionary<string, object> Samples = new()
    {
        ["gcounter"] = GCounter.Empty.Increment(Node, 3),
        ["counter"] = PNCounter.Empty.Increment(Node, 3).Decrement(Other, 1),
        ["set"] = ORSet<string>.Empty.Add(Node, "a").Add(Other, "b"),
        ["set's change"] = ORSet<string>.Empty.ResetDelta().Add(Node, "a").Delta,
        ["set's changes"] = ORSet<string>.Empty.Add(Node, "a").ResetDelta().Add(Other, "b").Remove(Node, "a").Delta,
        ["register"] = new LWWRegister<string>(Node, "v", 7),
        ["map"] = LWWDictionary<string, string>.Empty.SetItem(Node, "k", "v").SetItem(Other, "l", "w"),
        ["map's change"] = LWWDictionary<string, string>.Empty.ResetDelta().SetItem(Node, "k", "v").Delta,
        ["map's changes"] = LWWDictionary<string, string>.Empty.SetItem(Node, "k", "v").ResetDelta().SetItem(Other, "l", "w").Remove(Node, "k").Delta,
        ["multimap"] = ORMultiValueDictionary<string, string>.EmptyWithValueDeltas.AddItem(Node, "k", "v").AddItem(Other, "k", "w"),
        ["multimap's change"] = ORMultiValueDictionary<string, string>.EmptyWithValueDeltas.ResetDelta().AddItem(Node, "k", "v").Delta,
    };

    /// <summary>Those of types that the lab has not, in the bytes that Akka makes of them.</summary>
    private static readonly Dictionary<string, object> Strangers = new()
    {
        ["a register of strangers"] = new LWWRegister<AnyObject>(Node, new AnyObject("x"), 7),
        ["a set of strangers"] = ORSet<AnyObject>.Empty.Add(Node, new AnyObject("x")),
        ["an empty set of strangers"] = ORSet<AnyObject>.Empty,
        ["a map of sets of strangers"] = ORDictionary<string, ORSet<AnyObject>>.Empty.SetItem(Node, "k", ORSet<AnyObject>.Empty),
        ["a map by strangers"] = LWWDictionary<AnyObject, string>.Empty,
        ["a key of a register of strangers"] = new LWWRegisterKey<AnyObject>("k"),
        ["a set that only grows"] = GSet<AnyObject>.Empty,
    };

    public static TheoryData<string> StrangeKinds() => [.. Strangers.Keys];

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_replicas_of_the_lab_say_comes_back_as_it_went(string kind)
    {
        var sample = Samples[kind];
        var serializer = Assert.IsType<CheckedDataSerializer>(_system.Serialization.FindSerializerFor(sample));
        var (bytes, manifest) = (serializer.ToBinary(sample), serializer.Manifest(sample));
        var back = serializer.FromBinary(bytes, manifest);
        Assert.Equal(sample.GetType(), back.GetType());
        Assert.Equal(bytes.Length, serializer.ToBinary(back).Length);
    }

    [Fact]
    public void Every_type_of_the_palette_has_a_sample() =>
        Assert.All(SharedType.All, type => Assert.Contains(type.Name, Samples.Keys));

    [Theory]
    [MemberData(nameof(StrangeKinds))]
    public void What_names_another_type_is_refused_before_Akka_looks_for_it(string kind)
    {
        using var rogue = ActorSystem.Create("rogue", DistributedData.DefaultConfig());
        var akka = (ReplicatedDataSerializer)rogue.Serialization.FindSerializerFor(Strangers[kind]);
        var checks = (CheckedDataSerializer)_system.Serialization.FindSerializerFor(GCounter.Empty);
        var (bytes, manifest) = (akka.ToBinary(Strangers[kind]), akka.Manifest(Strangers[kind]));
        Assert.IsType(Strangers[kind].GetType(), akka.FromBinary(bytes, manifest)); // Akka loads it
        var refusal = Assert.Throws<SerializationException>(() => checks.FromBinary(bytes, manifest));
        Assert.Contains("not used here", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What is within a message has a serializer of its own: the check knows which.</summary>
    [Fact]
    public void A_register_whose_value_comes_by_another_serializer_is_refused()
    {
        using var rogue = ActorSystem.Create("rogue", DistributedData.DefaultConfig());
        var akka = (ReplicatedDataSerializer)rogue.Serialization.FindSerializerFor(GCounter.Empty);
        var bytes = akka.ToBinary(new LWWRegister<object>(Node, new AnyObject("x"), 7));
        var checks = (CheckedDataSerializer)_system.Serialization.FindSerializerFor(GCounter.Empty);
        Assert.Throws<SerializationException>(() => checks.FromBinary(bytes, "E"));
    }

    [Fact]
    public void Few_bytes_that_become_very_many_are_refused()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var i = 0; i < 65; i++)
            {
                zip.Write(new byte[1 << 20]);
            }
        }

        var checks = (CheckedDataSerializer)_system.Serialization.FindSerializerFor(GCounter.Empty);
        Assert.True(packed.Length < 1 << 20);
        var refusal = Assert.Throws<SerializationException>(() => checks.FromBinary(packed.ToArray(), "C"));
        Assert.Contains("are not read", refusal.Message, StringComparison.Ordinal);
    }
}

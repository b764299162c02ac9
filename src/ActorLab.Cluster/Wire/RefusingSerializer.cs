using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorLab.Cluster;

/// <summary>
/// Stands where Akka has a serializer for objects of any type: bytes from a peer must not choose a type to load. Its
/// manifest is a text, for of any other serializer Akka takes the manifest for the name of a type, and loads that before it
/// asks. Remoting logs the refusal and drops the message.
/// </summary>
internal abstract class RefusingSerializer(ExtendedActorSystem system, int identifier) : SerializerWithStringManifest(system)
{
    public override int Identifier => identifier;

    public override string Manifest(object o) => "";

    public override byte[] ToBinary(object obj) => throw new SerializationException(
        $"{obj.GetType()} has no serializer of its own, so it cannot leave this node: bind one in hocon/remote.hocon.");

    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException($"{bytes.Length} bytes for objects of any type are not read here.");
}

/// <summary>In the place of Akka's JSON (identifier 1).</summary>
internal sealed class NoJson : RefusingSerializer
{
    /// <summary>Akka makes it with the settings of the serializer that it replaces; there is nothing to set.</summary>
    public NoJson(ExtendedActorSystem system, Config settings)
        : base(system, 1) => _ = settings;
}

/// <summary>In the place of Protocol Buffers for messages of any type (identifier 2).</summary>
internal sealed class NoProtobuf(ExtendedActorSystem system) : RefusingSerializer(system, 2);

/// <summary>In the place of orders to start actors from afar (identifier 3).</summary>
internal sealed class NoDaemon(ExtendedActorSystem system) : RefusingSerializer(system, 3);

/// <summary>In the place of bytes as they are (identifier 4).</summary>
internal sealed class NoBytes(ExtendedActorSystem system) : RefusingSerializer(system, 4);

/// <summary>In the place of events as Akka's journals wrap them (identifier 7): the lab's has events of its own.</summary>
internal sealed class NoEvents(ExtendedActorSystem system) : RefusingSerializer(system, 7);

/// <summary>In the place of snapshots of actors (identifier 8): the lab takes none.</summary>
internal sealed class NoSnapshots(ExtendedActorSystem system) : RefusingSerializer(system, 8);

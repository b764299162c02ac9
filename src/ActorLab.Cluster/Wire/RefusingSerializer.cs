using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorLab.Cluster;

/// <summary>
/// Stands where Akka has its JSON serializer for objects of any type (identifier 1): bytes from a peer must not choose a
/// type to load. Remoting logs the refusal and drops the message.
/// </summary>
internal sealed class RefusingSerializer : Serializer
{
    /// <summary>Akka makes it with the settings of the serializer that it replaces; there is nothing to set.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new SerializationException(
        $"{obj.GetType()} has no serializer of its own, so it cannot leave this node: bind one in hocon/remote.hocon.");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException($"{bytes.Length} bytes of JSON for objects of any type are not read here.");
}

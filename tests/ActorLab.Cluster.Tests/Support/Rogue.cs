using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorLab.Cluster.Tests;

/// <summary>Bytes that a hostile or broken peer sends under the name of one of the lab's serializers, or of none.</summary>
internal sealed record RogueBytes(byte[] Bytes, string Manifest);

internal sealed record StrangerBytes(byte[] Bytes);

/// <summary>An object that only JSON with type names can carry.</summary>
internal sealed record AnyObject(string Text);

internal sealed class RogueSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => WireSerializer.Id;

    public override string Manifest(object o) => ((RogueBytes)o).Manifest;

    public override byte[] ToBinary(object obj) => ((RogueBytes)obj).Bytes;

    public override object FromBinary(byte[] bytes, string manifest) => new RogueBytes(bytes, manifest);
}

/// <summary>An actor that a peer would have another node run.</summary>
internal sealed class Intruder : UntypedActor
{
    private static int _started;

    public Intruder() => Interlocked.Increment(ref _started);

    public static int Started => Volatile.Read(ref _started);

    protected override void OnReceive(object message)
    {
    }
}

internal sealed class StrangerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9_999;

    public override string Manifest(object o) => "stranger";

    public override byte[] ToBinary(object obj) => ((StrangerBytes)obj).Bytes;

    public override object FromBinary(byte[] bytes, string manifest) => new StrangerBytes(bytes);
}

/// <summary>A peer that speaks remoting, but not the lab's words.</summary>
internal static class Rogue
{
    public static ActorSystem Start() => ActorSystem.Create(NodeSystem.Name, ConfigurationFactory.ParseString("""
        akka {
          loglevel = ERROR
          stdout-loglevel = ERROR
          actor {
            provider = remote
            serializers {
              rogue = "ActorLab.Cluster.Tests.RogueSerializer, ActorLab.Cluster.Tests"
              stranger = "ActorLab.Cluster.Tests.StrangerSerializer, ActorLab.Cluster.Tests"
            }
            serialization-bindings {
              "ActorLab.Cluster.Tests.RogueBytes, ActorLab.Cluster.Tests" = rogue
              "ActorLab.Cluster.Tests.StrangerBytes, ActorLab.Cluster.Tests" = stranger
            }
          }
          remote.dot-netty.tcp {
            applied-adapters = ["trttl"]
            hostname = "127.0.0.1"
            port = 0
            maximum-frame-size = 8000000b
          }
        }
        """));

    /// <summary>A message for <c>n1</c> as it should be.</summary>
    public static RogueBytes Copy(string text)
    {
        var binding = ToyRole.Of("n1", "n2").RoleAt(ToyRole.At("n1"));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        binding.WriteMessage(buffer, new ToyMessage.Copy(text));
        return new RogueBytes(
            FrameCodec.Write("toy", ToyRole.At("n1"), ToyRole.At("n2"), 1, 1, 0, buffer.WrittenSpan), WireSerializer.RoleManifest);
    }
}

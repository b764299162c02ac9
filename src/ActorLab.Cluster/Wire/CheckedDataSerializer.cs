using System.Collections.Frozen;
using System.IO.Compression;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.DistributedData;
using Akka.DistributedData.Serialization;
using Akka.Serialization;
using Akka.Util;
using Google.Protobuf;

namespace ActorLab.Cluster;

/// <summary>
/// Akka's serializer of replicated data, behind a check of what a peer sent. Akka writes into the bytes of a register, set
/// or map the name of the type of its elements, and loads whatever type it finds named there. Here only the types that the
/// lab's own data have are known; anything else is refused before Akka sees it.
/// </summary>
internal sealed class CheckedDataSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Akka's, of replicated data and of strings: what may be within a message.</summary>
    private const int OfData = 11, OfPrimitives = 17;

    /// <summary>Compressed bytes may become so many; a message as a whole has at most 4 MiB.</summary>
    private const int MostBytes = 64 << 20;

    private static readonly FrozenSet<string> Types = FrozenSet.ToFrozenSet(
        [typeof(ORSet<string>).TypeQualifiedName(), typeof(LWWRegister<string>).TypeQualifiedName()],
        StringComparer.Ordinal);

    /// <summary>The message of each manifest of counters, sets, registers and maps, their changes and their keys.</summary>
    private static readonly FrozenDictionary<string, MessageParser> Messages = new (string Message, string[] Manifests)[]
    {
        ("Empty", ["A"]),
        ("ORSet", ["C", "Ca", "Cr", "Cf"]),
        ("ORSetDeltaGroup", ["Cg"]),
        ("LWWRegister", ["E"]),
        ("GCounter", ["F"]),
        ("PNCounter", ["G"]),
        ("ORMap", ["H"]),
        ("ORMapDeltaGroup", ["Ha", "Hr", "Hk", "Hu", "Hg", "Ig"]),
        ("LWWMap", ["I"]),
        ("ORMultiMap", ["K"]),
        ("ORMultiMapDelta", ["Ko"]),
        ("VersionVector", ["L"]),
        ("Key", ["c", "e", "f", "g", "h", "i", "k"]),
    }.SelectMany(one => one.Manifests, (one, manifest) => (manifest, one.Message))
        .ToFrozenDictionary(one => one.manifest, one => ParserOf(one.Message), StringComparer.Ordinal);

    private readonly ReplicatedDataSerializer _akka = new(system);

    public override int Identifier => OfData;

    public override string Manifest(object o) => _akka.Manifest(o);

    /// <summary>Data within data come back here: a map holds sets, which hold texts.</summary>
    private const int MostDepth = 8;

    [ThreadStatic]
    private static int _depth;

    public override byte[] ToBinary(object obj) => _akka.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Messages.TryGetValue(manifest, out var parser))
        {
            throw new SerializationException($"Replicated data of the kind '{manifest}' are not used here, and not read.");
        }

        if (_depth == MostDepth)
        {
            throw new SerializationException($"Replicated data lie within each other more than {MostDepth} times.");
        }

        _depth++;
        try
        {
            Check(parser.ParseFrom(Plain(bytes)));
            return _akka.FromBinary(bytes, manifest);
        }
        finally
        {
            _depth--;
        }
    }

    /// <exception cref="SerializationException">
    /// It names a type that is none of the lab's, or has such a message within.
    /// </exception>
    private static void Check(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            switch (message.Descriptor.Name, field.Accessor.GetValue(message))
            {
                case ("TypeDescriptor", string { Length: > 0 } name) when !Types.Contains(name):
                    throw new SerializationException("Replicated data name a type that is not used here.");
                case ("OtherMessage", int and not (OfData or OfPrimitives)): // the number of a serializer
                    throw new SerializationException("Replicated data hold a message of a kind that is not used here.");
                case (_, IMessage within):
                    Check(within);
                    break;
                case (_, System.Collections.IEnumerable many and not (string or ByteString)):
                    foreach (var one in many)
                    {
                        if (one is IMessage item)
                        {
                            Check(item);
                        }
                    }

                    break;
                default: // numbers, texts, and what is not there
                    break;
            }
        }
    }

    /// <summary>Akka compresses some of them. No message of Protocol Buffers begins as compressed ones do.</summary>
    private static byte[] Plain(byte[] bytes)
    {
        if (bytes is not [0x1f, 0x8b, ..])
        {
            return bytes;
        }

        using var unzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = unzip.Read(buffer)) > 0;)
        {
            plain.Write(buffer, 0, read);
            if (plain.Length > MostBytes)
            {
                throw new SerializationException($"Replicated data of more than {MostBytes} bytes are not read.");
            }
        }

        return plain.ToArray();
    }

    private static MessageParser ParserOf(string name) =>
        (MessageParser)typeof(ReplicatedDataSerializer).Assembly
            .GetType($"Akka.DistributedData.Serialization.Proto.Msg.{name}", throwOnError: true)!
            .GetProperty("Parser")!.GetValue(null)!;
}

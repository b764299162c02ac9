using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace ActorLab.Lab;

/// <summary>
/// One connection that makes one unary gRPC call at a time, with HTTP/2 frames on a raw socket: a whole client would take as
/// much of the machine as the servers that are measured. It sends headers that need no table on either side, and reads no
/// header of an answer: a call that failed is one whose answer has no message.
/// </summary>
/// <remarks>RFC 9113; the header block is RFC 7541's "literal header field without indexing".</remarks>
internal sealed class LeanGrpc : IDisposable
{
    private const int FrameHeaderBytes = 9;
    private const int MessageHeaderBytes = 5;
    private const int FirstWindow = 65_535;
    private const int OwnWindow = 1 << 30;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _out = new byte[64 * 1024];
    private byte[] _in = new byte[64 * 1024];
    private int _filled;
    private int _stream = -1;
    private long _mayStillSend = FirstWindow;
    private long _mayStillGet = FirstWindow + OwnWindow;

    private enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
    }

    [Flags]
    private enum FrameFlags : byte
    {
        None = 0,
        End = 1, // of the stream; on settings and pings: an acknowledgement
        EndHeaders = 4,
    }

    public static async Task<LeanGrpc> Connect(int port, CancellationToken stopped)
    {
        var grpc = new LeanGrpc();
        try
        {
            await grpc._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stopped).ConfigureAwait(false);
            var hello = new byte[24 + FrameHeaderBytes + FrameHeaderBytes + 4];
            Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", hello);
            WriteHeader(hello.AsSpan(24), 0, FrameType.Settings, FrameFlags.None, 0);
            WriteHeader(hello.AsSpan(24 + FrameHeaderBytes), 4, FrameType.WindowUpdate, FrameFlags.None, 0);
            BinaryPrimitives.WriteInt32BigEndian(hello.AsSpan(24 + (2 * FrameHeaderBytes)), OwnWindow);
            await grpc._socket.SendAsync(hello, stopped).ConfigureAwait(false);
            return grpc;
        }
        catch (SocketException e)
        {
            grpc.Dispose();
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>The bytes of a call that can be made again and again.</summary>
    /// <param name="path">Such as <c>/etcdserverpb.KV/Put</c>.</param>
    /// <param name="message">The request.</param>
    /// <param name="token">Travels as <c>token</c>, as etcd's clients send it; empty for none.</param>
    /// <param name="limit">The server gives up after this time; null for no limit.</param>
    public static GrpcCall Prepare(string path, IMessage message, string token, TimeSpan? limit = null) =>
        new(Headers(path, token, limit), message.ToByteArray());

    /// <summary>Makes a call and waits for its end.</summary>
    /// <returns>The response's bytes; null when the call failed.</returns>
    /// <exception cref="IOException">The connection ended, or the peer does not speak HTTP/2.</exception>
    public async Task<ReadOnlyMemory<byte>?> Call(GrpcCall call, CancellationToken stopped)
    {
        try
        {
            var size = MessageHeaderBytes + call.Message.Length;
            while (_mayStillSend < size)
            {
                await Receive(null, stopped).ConfigureAwait(false);
            }

            _stream += 2;
            _mayStillSend -= size;
            await _socket.SendAsync(_out.AsMemory(0, Write(call)), stopped).ConfigureAwait(false);
            var answer = new Answer(_stream);
            while (!answer.HasEnded)
            {
                await Receive(answer, stopped).ConfigureAwait(false);
            }

            // No message at all is a failure; one without bytes is an empty response.
            return answer.Message is { Length: >= MessageHeaderBytes } bytes ? bytes.AsMemory(MessageHeaderBytes) : default(ReadOnlyMemory<byte>?);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Headers(string path, string token, TimeSpan? limit)
    {
        var block = new List<byte> { 0x83, 0x86 }; // :method POST and :scheme http, of the table that all know
        block.Add(0x04);
        AddText(path);
        block.Add(0x01);
        AddText("127.0.0.1");
        AddField("content-type", "application/grpc");
        AddField("te", "trailers");
        if (token.Length > 0)
        {
            AddField("token", token);
        }

        if (limit is { } time)
        {
            AddField("grpc-timeout", $"{(long)time.TotalMilliseconds}m");
        }

        return [.. block];

        void AddField(string name, string value)
        {
            block.Add(0);
            AddText(name);
            AddText(value);
        }

        void AddText(string text)
        {
            const int most = 126; // a longer one would want a second byte of length
            if (text.Length > most)
            {
                throw new ArgumentException($"A header of a lean call has at most {most} characters.");
            }

            block.Add((byte)text.Length);
            block.AddRange(Encoding.ASCII.GetBytes(text));
        }
    }

    private int Write(GrpcCall call)
    {
        var to = _out.AsSpan();
        WriteHeader(to, call.Headers.Length, FrameType.Headers, FrameFlags.EndHeaders, _stream);
        call.Headers.CopyTo(to[FrameHeaderBytes..]);
        var at = FrameHeaderBytes + call.Headers.Length;
        WriteHeader(to[at..], MessageHeaderBytes + call.Message.Length, FrameType.Data, FrameFlags.End, _stream);
        at += FrameHeaderBytes;
        to[at] = 0; // not compressed
        BinaryPrimitives.WriteInt32BigEndian(to[(at + 1)..], call.Message.Length);
        call.Message.CopyTo(to[(at + MessageHeaderBytes)..]);
        return at + MessageHeaderBytes + call.Message.Length;
    }

    private static void WriteHeader(Span<byte> to, int length, FrameType type, FrameFlags flags, int stream)
    {
        to[0] = (byte)(length >> 16);
        to[1] = (byte)(length >> 8);
        to[2] = (byte)length;
        to[3] = (byte)type;
        to[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], stream);
    }

    /// <summary>Reads once, and takes all whole frames that are there.</summary>
    private async Task Receive(Answer? answer, CancellationToken stopped)
    {
        if (_filled == _in.Length)
        {
            Array.Resize(ref _in, 2 * _in.Length);
        }

        var read = await _socket.ReceiveAsync(_in.AsMemory(_filled), stopped).ConfigureAwait(false);
        if (read == 0)
        {
            throw new IOException("The connection ended before the answer.");
        }

        _filled += read;
        var at = 0;
        while (_filled - at >= FrameHeaderBytes)
        {
            var length = (_in[at] << 16) | (_in[at + 1] << 8) | _in[at + 2];
            if (_filled - at < FrameHeaderBytes + length)
            {
                break;
            }

            if (Take(_in.AsSpan(at, FrameHeaderBytes), _in.AsSpan(at + FrameHeaderBytes, length), answer) is { } reply)
            {
                await _socket.SendAsync(reply, stopped).ConfigureAwait(false);
            }

            at += FrameHeaderBytes + length;
        }

        _in.AsSpan(at, _filled - at).CopyTo(_in);
        _filled -= at;
    }

    /// <returns>What has to be said to it; null for nothing.</returns>
    private byte[]? Take(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, Answer? answer)
    {
        var (type, flags) = ((FrameType)header[3], (FrameFlags)header[4]);
        var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
        var isOurs = answer is not null && stream == answer.Stream;
        switch (type)
        {
            case FrameType.Data:
                if (isOurs)
                {
                    answer!.Message = [.. answer.Message ?? [], .. body];
                    answer.HasEnded = flags.HasFlag(FrameFlags.End);
                }

                return Refill(body.Length);
            case FrameType.Headers or FrameType.Reset when isOurs:
                answer!.HasEnded = type == FrameType.Reset || flags.HasFlag(FrameFlags.End);
                return null;
            case FrameType.Settings or FrameType.Ping when !flags.HasFlag(FrameFlags.End):
                var reply = new byte[FrameHeaderBytes + (type == FrameType.Ping ? body.Length : 0)];
                WriteHeader(reply, reply.Length - FrameHeaderBytes, type, FrameFlags.End, 0);
                body[..(reply.Length - FrameHeaderBytes)].CopyTo(reply.AsSpan(FrameHeaderBytes));
                return reply;
            case FrameType.WindowUpdate when stream == 0 && body.Length == 4:
                _mayStillSend += BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue;
                return null;
            case FrameType.GoAway:
                throw new IOException("The server ends the connection.");
            default:
                return null;
        }
    }

    /// <summary>Lets the server send on, long before it would have to stop.</summary>
    private byte[]? Refill(int got)
    {
        _mayStillGet -= got;
        if (_mayStillGet > OwnWindow / 2)
        {
            return null;
        }

        _mayStillGet += OwnWindow / 2;
        var update = new byte[FrameHeaderBytes + 4];
        WriteHeader(update, 4, FrameType.WindowUpdate, FrameFlags.None, 0);
        BinaryPrimitives.WriteInt32BigEndian(update.AsSpan(FrameHeaderBytes), OwnWindow / 2);
        return update;
    }

    private sealed class Answer(int stream)
    {
        public int Stream => stream;

        public byte[]? Message { get; set; }

        public bool HasEnded { get; set; }
    }
}

/// <summary>A call, ready to be made.</summary>
/// <param name="Headers">Its header block.</param>
/// <param name="Message">Its request.</param>
internal sealed record GrpcCall(byte[] Headers, byte[] Message);

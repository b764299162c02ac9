using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorLab.Lab;

/// <summary>
/// One keep-alive HTTP/1.1 connection with one request under way, on a raw socket: HttpClient would take as much of the
/// machine as the nodes that are measured.
/// </summary>
internal sealed class LeanHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    public static async Task<LeanHttp> Connect(int port, CancellationToken stopped)
    {
        var http = new LeanHttp();
        await http._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stopped).ConfigureAwait(false);
        return http;
    }

    /// <summary>The bytes of a request that can be sent again and again.</summary>
    public static byte[] Put(string key, string value, string token, string timeout)
    {
        var body = $$"""{"value":"{{value}}"}""";
        return Encoding.ASCII.GetBytes(
            $"PUT /kv/{key}?timeout={timeout} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The connection ended, or the answer is none that this client understands.</exception>
    public async Task<int> Send(ReadOnlyMemory<byte> request, CancellationToken stopped)
    {
        try
        {
            await _socket.SendAsync(request, stopped).ConfigureAwait(false);
            var filled = 0;
            while (true)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), stopped).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new IOException("The connection ended before the answer.");
                }

                filled += read;
                if (TryRead(_buffer.AsSpan(0, filled), out var status))
                {
                    return status;
                }
            }
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether the whole answer is there: its head, and as many bytes of body as the head says.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out int status)
    {
        status = 0;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(bytes[..(end + 2)]);
        const string name = "\r\nContent-Length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !head.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            throw new IOException("The answer has no length.");
        }

        var length = int.Parse(head.AsSpan(at + name.Length, head.IndexOf('\r', at + name.Length) - at - name.Length), CultureInfo.InvariantCulture);
        status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        return bytes.Length >= end + 4 + length;
    }
}

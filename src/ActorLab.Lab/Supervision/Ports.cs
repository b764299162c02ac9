using System.Net;
using System.Net.Sockets;

namespace ActorLab.Lab;

/// <summary>Finds free ports. Another program may take one before its node does: the launcher then tries others.</summary>
public static class Ports
{
    // Below the ports that systems hand to outgoing connections: while a node is down, such a connection could take its port.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Tries = 1_000;

    /// <summary>Ports of loopback that are free now, all different: all are bound together, and let go together.</summary>
    /// <exception cref="IOException">Hardly any port is free.</exception>
    public static IReadOnlyList<int> Free(int count)
    {
        var sockets = new List<Socket>(count);
        try
        {
            for (var tries = 0; sockets.Count < count && tries < Tries; tries++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(First, Last)));
                    sockets.Add(socket);
                }
                catch (SocketException)
                {
                    socket.Dispose(); // taken: another one may be free
                }
            }

            return sockets.Count == count
                ? [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)]
                : throw new IOException($"No {count} free ports were found between {First} and {Last}.");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace ActorLab.Lab;

/// <summary>Finds free ports. Another program may take one before its node does: the launcher then tries others.</summary>
public static class Ports
{
    /// <summary>Ports of loopback that are free now, all different: each is bound at port 0, and all are let go together.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var sockets = new List<Socket>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }

            return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }
}

using ActorLab.Cluster;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorLab.Specs;

/// <summary>Starts the actor systems of a spec, and stops them the hard way.</summary>
internal static class NodeStart
{
    /// <summary>An actor system that remoting can reach, with no roles yet.</summary>
    /// <param name="options">Of the spec.</param>
    /// <param name="config">Of the node.</param>
    /// <param name="output">Takes its log.</param>
    public static SpecNode.Boot Open(SpecOptions options, NodeConfig config, ITestOutputHelper output)
    {
        var folder = NodeFolder.Open(config);
        try
        {
            var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(SpecHocon.For(config.RemotingPort, options)));
            if (options.Store == StoreKind.Sqlite)
            {
                SqliteStore.Check(folder.Path, folder.Incarnation);
                setup = setup.And(SqliteStore.Setup(folder.Path));
            }

            var system = ActorSystem.Create(NodeSystem.Name, setup);
            return new SpecNode.Boot(system, folder, new Kit(system, output));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As after a power failure: no leave, no hand-over; what waits in mailboxes is lost. A write that the disk had
    /// already begun may yet be done, as with a real disk.
    /// </summary>
    public static async Task Crash(SpecNode.Boot boot)
    {
        await boot.System.Terminate();
        boot.Lab?.Dispose();
        boot.Folder.Dispose();
    }

    public static AkkaAddress AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>
    /// Akka's test kit, without an implicit sender: that is kept in the thread, and a spec has many nodes on each thread.
    /// Nobody disposes of it, as that would take down the system its own way.
    /// </summary>
    private sealed class Kit(ActorSystem system, ITestOutputHelper output) : TestKit(system, output), INoImplicitSender;
}

using ActorLab.Console;
using ActorLab.PetabridgeCmd;
using Akka.Actor;
using Akka.Configuration;
using Petabridge.Cmd.Host;

var address = args.Length > 0 ? PbmAddress.Parse(args[0]) : PbmAddress.Default;
var port = args.Length > 1 ? int.Parse(args[1]) : 9111;
using var client = new PbmClient(address, () => LabToken.Read(LabToken.DefaultPath(address.Port)));
try
{
    var palettes = await client.FetchDefinitions(CancellationToken.None);
    using var system = ActorSystem.Create(
        "actorlab-cmd", ConfigurationFactory.ParseString($"petabridge.cmd {{ host = \"127.0.0.1\", port = {port} }}"));
    var cmd = PetabridgeCmd.Get(system);
    foreach (var palette in palettes.Palettes)
    {
        cmd.RegisterCommandPalette(new LabPalette(palette, client));
    }

    cmd.Start();
    Console.WriteLine($"The palettes of the lab at {address} are on 127.0.0.1:{port}. Ctrl-C ends the adapter.");
    await system.WhenTerminated;
    return ExitCode.Success;
}
catch (CommandFailed e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.Failed;
}

using System.CommandLine;
using ActorLab.Cluster;
using ActorLab.Console;
using Command = System.CommandLine.Command;

namespace ActorLab.Lab;

/// <summary><c>lab up</c>.</summary>
internal static class UpCommand
{
    private static readonly Option<int> Nodes = Switches.Number("--nodes", "How many nodes", 5, 1, 9);
    private static readonly Option<string> Run = Switches.Text(
        "--run", $"What they run from the start on, separated by commas, or none; of {string.Join(", ", Scenarios.Names)}", "NAMES", "raft");
    private static readonly Option<string> Store = new("--store")
    {
        Description = "Where they keep their disks: sqlite, postgres=CONNECTION (both synced on every commit) or memory. "
            + $"postgres alone reads the connection string from {PostgresStore.Variable}, where it may hold a password unseen",
        HelpName = "STORE",
        DefaultValueFactory = _ => "sqlite",
    };

    private static readonly Option<string> Data = Switches.Text("--data", "The lab's data folder", "DIR", UpOptions.DefaultData);
    private static readonly Option<int> Port = Switches.Number(
        "--port", "The console's port on loopback; 0 takes a free one", UpOptions.DefaultPort, 0, 65535);

    private static readonly Option<string> TokenFile = Switches.Text(
        "--token-file", "A file that only you can read, with the token to use instead of a fresh one", "FILE", "");

    private static readonly Option<int?> Etcd = Switches.NumberIfGiven(
        "--etcd", "Serve clients of etcd, such as etcdctl, from this port on, a port for each node; 0 takes free ones", 0, 65_535 - 8);

    private static readonly Option<bool> Detach = Switches.Flag("--detach", "Run in the background; return when a leader leads");
    private static readonly Option<bool> Fresh = Switches.Flag("--fresh", "First delete what an earlier lab left in the data folder");
    private static readonly Option<bool> Restart = Switches.Flag("--restart", "Start a node again when it ends by itself");
    private static readonly Option<bool> Record = Switches.Flag(
        "--record", "Write every turn to SCENARIO.recording.jsonl in each node's folder, for lab replay");

    private static readonly Option<IReadOnlyDictionary<string, string>> Settings = Switches.Pairs(
        "--settings", "HOCON settings for every node, such as akka.loglevel=DEBUG");

    private static readonly Option<string> Hocon = Switches.Text("--hocon", "A HOCON file that overrides the lab's own, for every node", "FILE", "");
    private static readonly Option<bool> Background = new("--background") { Hidden = true };

    public static Command Build()
    {
        var command = new Command(
            "up",
            "Start the nodes as processes on loopback, watch over them, and open the console.\n"
            + "In a terminal a pbm prompt opens, and its exit ends the lab; without one the lab runs until SIGTERM or Ctrl-C.");
        foreach (var option in (Option[])[Nodes, Run, Store, Data, Port, TokenFile, Etcd, Detach, Fresh, Restart, Record, Settings, Hocon, Background])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Up(Read(parsed)));
        return command;
    }

    private static Task<int> Up(UpOptions options) => options.Detach ? Detached.Start(options) : Launcher.Run(options);

    private static UpOptions Read(ParseResult parsed)
    {
        var hocon = parsed.GetRequiredValue(Hocon);
        if (hocon.Length > 0 && !File.Exists(hocon))
        {
            throw new BadInput($"There is no file {Path.GetFullPath(hocon)}, which --hocon names.");
        }

        var (store, postgres) = StoreOf(parsed.GetRequiredValue(Store));
        if (parsed.GetRequiredValue(Restart) && store == "memory")
        {
            throw new BadInput("--restart wants --store sqlite: a node whose disk was memory would come back having forgotten its promises.");
        }

        RequireKnown(parsed.GetRequiredValue(Settings), hocon);
        return new UpOptions
        {
            Run = Names(parsed.GetRequiredValue(Run)),
            Shape = new LabShape(parsed.GetRequiredValue(Nodes), store),
            Postgres = postgres,
            Data = Path.GetFullPath(parsed.GetRequiredValue(Data)),
            Port = parsed.GetRequiredValue(Port),
            TokenFile = parsed.GetRequiredValue(TokenFile) is { Length: > 0 } file ? Path.GetFullPath(file) : null,
            Etcd = parsed.GetValue(Etcd),
            Detach = parsed.GetRequiredValue(Detach),
            Background = parsed.GetRequiredValue(Background),
            Fresh = parsed.GetRequiredValue(Fresh),
            Restart = parsed.GetRequiredValue(Restart),
            Settings = parsed.GetRequiredValue(Record)
                ? new Dictionary<string, string>(parsed.GetRequiredValue(Settings)) { ["actorlab.trace.record"] = "on" }
                : parsed.GetRequiredValue(Settings),
            Hocon = hocon.Length > 0 ? Path.GetFullPath(hocon) : null,
        };
    }

    /// <exception cref="BadInput">A setting is no HOCON, or one of the lab's own that it does not have: it would change nothing.</exception>
    internal static void RequireKnown(IReadOnlyDictionary<string, string> settings, string hocon)
    {
        try
        {
            var unknown = LabHocon.UnknownKey(LabHocon.FromPairs(settings)) is { } setting ? $"--settings: {setting}"
                : hocon.Length > 0 && LabHocon.UnknownKey(LabHocon.ReadFile(hocon)) is { } key ? $"{SafeText.Shorten(hocon, 200)}: {key}"
                : null;
            if (unknown is not null)
            {
                throw new BadInput(unknown);
            }
        }
        catch (NodeRefusal e)
        {
            throw new BadInput(e.Message);
        }
    }

    /// <exception cref="BadInput">There is no such store, or the connection string makes no sense.</exception>
    internal static (string Store, string? Postgres) StoreOf(string text)
    {
        const string postgres = "postgres";
        if (text is "sqlite" or "memory")
        {
            return (text, null);
        }

        if (text != postgres && !text.StartsWith($"{postgres}=", StringComparison.Ordinal))
        {
            throw new BadInput(Suggest.Unknown("--store", text, ["sqlite", postgres, "memory"]));
        }

        try
        {
            return (postgres, PostgresStore.Checked(
                text == postgres ? Environment.GetEnvironmentVariable(PostgresStore.Variable) ?? "" : text[(postgres.Length + 1)..]));
        }
        catch (FormatException e)
        {
            throw new BadInput(e.Message);
        }
    }

    /// <exception cref="BadInput">One is not known, or is there twice.</exception>
    private static IReadOnlyList<string> Names(string text)
    {
        string[] names = text == "none" ? [] : text.Split(',');
        foreach (var name in names)
        {
            if (!Scenarios.Names.Contains(name))
            {
                throw new BadInput(Suggest.Unknown("scenario", name, Scenarios.Names));
            }
        }

        return names.Distinct().Count() == names.Length
            ? names
            : throw new BadInput($"--run {SafeText.Shorten(text, 60)} names a scenario twice; it runs once.");
    }
}

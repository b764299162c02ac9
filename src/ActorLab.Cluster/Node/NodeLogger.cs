using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using Serilog.Events;
using LogEvent = Akka.Event.LogEvent;

namespace ActorLab.Cluster;

/// <summary>Hands the node's log to its actor system.</summary>
internal sealed class NodeLoggerSetup(ILogger log) : Setup
{
    public ILogger Log => log;
}

/// <summary>
/// Writes the actor system's log into the node's. Templates with named placeholders keep their properties; Akka's own
/// have numbered ones, in any order, and are written as the text that Akka makes of them.
/// </summary>
internal sealed class NodeLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public const string TypeName = "ActorLab.Cluster.NodeLogger, ActorLab.Cluster";

    private static readonly string[] LinkNews = ["Tried to associate with", "Removing receive buffers"];

    private readonly ILogger _log = Context.System.Settings.Setup.Get<NodeLoggerSetup>().Value.Log;

    public NodeLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private static LogEventLevel LevelOf(LogEvent entry) => entry switch
    {
        _ when IsLinkNews(entry) => LogEventLevel.Debug,
        Error => LogEventLevel.Error,
        Warning => LogEventLevel.Warning,
        Info => LogEventLevel.Information,
        _ => LogEventLevel.Debug,
    };

    /// <summary>Connections that cannot be made, several times a second while a node is down or cut off: what a lab is for.</summary>
    private static bool IsLinkNews(LogEvent entry) =>
        entry.LogSource.Contains("/akkaProtocol-", StringComparison.Ordinal)
        || entry.LogSource.EndsWith("/endpointWriter", StringComparison.Ordinal)
        || entry.Message?.ToString() is { } text && LinkNews.Any(news => text.StartsWith(news, StringComparison.Ordinal));

    private void Write(LogEvent entry)
    {
        var log = _log.ForContext("LogSource", entry.LogSource);
        if (entry.Message is LogMessage message && HasNames(message.Format))
        {
            log.Write(LevelOf(entry), entry.Cause, message.Format, [.. message.Parameters()]);
        }
        else
        {
            log.Write(LevelOf(entry), entry.Cause, "{Text:l}", entry.Message?.ToString());
        }
    }

    private static bool HasNames(string format)
    {
        var brace = format.IndexOf('{', StringComparison.Ordinal);
        return brace >= 0 && brace + 1 < format.Length && char.IsAsciiLetterUpper(format[brace + 1]);
    }
}

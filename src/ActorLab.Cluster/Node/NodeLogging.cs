using Akka.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ActorLab.Cluster;

/// <summary>A node's log: readable on the console, structured (CLEF, one JSON object a line) in the data folder.</summary>
internal static class NodeLogging
{
    private const long MaxFileBytes = 10 * 1024 * 1024;
    private const int FilesKept = 5;

    public static Serilog.Core.Logger Create(NodeConfig config, Config hocon)
    {
        var level = hocon.GetString("akka.loglevel", "INFO").ToUpperInvariant() switch
        {
            "DEBUG" => LogEventLevel.Debug,
            "WARNING" => LogEventLevel.Warning,
            "ERROR" => LogEventLevel.Error,
            _ => LogEventLevel.Information,
        };
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // It never warns of anything; where it may, every request becomes an activity with an id of its own.
            .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
            // The program tells a refusal as one sentence; the host would add where in the code it arose.
            .Filter.ByExcluding(happening => happening.Exception is NodeRefusal)
            .Enrich.WithProperty("Node", config.Name)
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {Node} {Message:lj}{NewLine}{Exception}")
            .WriteTo.File(
                new RenderedCompactJsonFormatter(),
                Path.Combine(config.DataDir, "logs", $"{config.Name}.clef"),
                fileSizeLimitBytes: MaxFileBytes,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept)
            .CreateLogger();
    }
}

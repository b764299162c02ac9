using ActorLab.Cluster;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace ActorLab.Specs;

/// <summary>The lab's own HOCON, with what suits many nodes in one process for a few seconds.</summary>
public static class SpecHocon
{
    /// <summary>
    /// The failure detector is quicker than the lab's, so that specs are short, and still has the slack of a second and a
    /// half: on a machine that builds something else at the same time, heartbeats come late without any fault.
    /// </summary>
    private const string Quick = """
        akka {
          loglevel = INFO
          stdout-loglevel = OFF

          # What is printed goes to the output of the test.
          loggers = []

          # A crash says good-bye to nobody.
          coordinated-shutdown.run-by-actor-system-terminate = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.terminate-actor-system = off
          cluster.run-coordinated-shutdown-when-down = off

          cluster {
            seed-node-timeout = 2s
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            failure-detector {
              heartbeat-interval = 100ms
              acceptable-heartbeat-pause = 1500ms
              expected-response-after = 100ms
              min-std-deviation = 100ms
            }
          }
          remote {
            retry-gate-closed-for = 200ms
            dot-netty.tcp {
              hostname = "127.0.0.1"
              public-hostname = "127.0.0.1"

              # A node that crashed is called again soon; nodes of one process start too close together to miss each other.
              connection-timeout = 3s
            }
          }
        }
        actorlab {
          links.probe-each = 100ms
          trace { events = 200000, busy-events = 200000, bytes = 64MiB }
        }
        """;

    /// <summary>The configuration of one node.</summary>
    /// <param name="port">Its remoting port; 0 for any free one.</param>
    /// <param name="options">Of the spec.</param>
    public static Config For(int port, SpecOptions options) =>
        LabHocon.FromPairs(options.Settings)
            .WithFallback(LabHocon.FromPairs(new Dictionary<string, string>
            {
                ["akka.remote.dot-netty.tcp.port"] = $"{port}",
                ["akka.persistence.journal.plugin"] = NodeSystem.JournalPlugin(options.Store),
                ["akka.persistence.snapshot-store.plugin"] = NodeSystem.SnapshotPlugin(options.Store),
            }))
            .WithFallback(ConfigurationFactory.ParseString(Quick))
            .WithFallback(LabHocon.Defaults())
            .WithFallback(SqlPersistence.DefaultConfiguration);
}

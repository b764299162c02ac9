namespace ActorLab.Cluster;

/// <summary>The node process: what <c>lab node --config FILE</c> runs.</summary>
/// <remarks>
/// For launchers. A node asks Linux to kill it when the <em>thread</em> that started it ends (PR_SET_PDEATHSIG), so start
/// nodes from a thread that lives as long as the launcher, never from a pool thread. The signal is SIGKILL, which also
/// ends a stopped (paused) node. Everywhere a timer checks that <see cref="NodeConfig.ParentPid"/> still runs.
/// </remarks>
public static class NodeProgram
{
    /// <summary>Runs until it is stopped: by SIGTERM, Ctrl-C, the token, or the end of its parent.</summary>
    /// <returns>The exit code: 0 after a graceful stop, 1 when the node broke, 2 when it refused to start.</returns>
    public static Task<int> Run(NodeConfig config, ScenarioCatalogue catalogue, CancellationToken stopped) =>
        throw new NotImplementedException();
}

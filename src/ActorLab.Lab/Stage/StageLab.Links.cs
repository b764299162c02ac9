using System.Diagnostics;
using System.Net;
using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <content>When the processes hear each other.</content>
internal sealed partial class StageLab
{
    private const int Attempts = 4;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LinkLimit = TimeSpan.FromSeconds(20);

    /// <summary>As <see cref="UntilReady"/>; a process that one of the others cannot hear is started once more on its disk.</summary>
    private async Task UntilReadyAgain(string node, CancellationToken stopped)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await UntilReady(node, stopped).ConfigureAwait(false);
                return;
            }
            catch (Deaf deaf)
            {
                deaf.GiveUpAt(attempt);
                await _supervisor.Kill(node).ConfigureAwait(false);
                await _supervisor.Start(node).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Its roles run; then each other node has heard this one anew; then this one has heard each of them after that.</summary>
    private async Task UntilReady(string node, CancellationToken stopped)
    {
        await Until(async () =>
        {
            var (status, body) = await _nodes.Ask(node, HttpMethod.Get, "health/ready", null, NodeClient.AnswerLimit, stopped)
                .ConfigureAwait(false);
            return status == HttpStatusCode.OK ? null : NodeClient.SentenceOf(body) ?? $"{node} is not ready";
        }, StartLimit, stopped).ConfigureAwait(false);
        var ready = Stopwatch.StartNew();
        await Until(async () =>
        {
            foreach (var other in Running.Where(other => other != node))
            {
                if (!Hears(await _nodes.Links(other, stopped).ConfigureAwait(false), node, ready))
                {
                    return $"{other} does not hear {node}";
                }
            }

            return null;
        }, LinkLimit, stopped).ConfigureAwait(false);
        var heard = Stopwatch.StartNew();
        await Until(async () =>
        {
            var links = await _nodes.Links(node, stopped).ConfigureAwait(false);
            return Running.FirstOrDefault(other => other != node && !Hears(links, other, heard)) is { } silent
                ? $"{node} does not hear {silent}"
                : null;
        }, LinkLimit, stopped).ConfigureAwait(false);
    }

    private static bool Hears(IEnumerable<LinkStatus> links, string peer, Stopwatch since) =>
        links.FirstOrDefault(link => link.Peer == peer)?.LastHeardMillisAgo is { } ago && ago < since.ElapsedMilliseconds;

    private async Task Until(Func<Task<string?>> whyNot, TimeSpan limit, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        while (await Asked(whyNot).ConfigureAwait(false) is { } reason)
        {
            if (_supervisor.Nodes.FirstOrDefault(one => one.Life == NodeLife.Failed) is { } ended)
            {
                throw new CommandFailed($"{ended.Name} ended ({ended.LastEnd}): {string.Join(" ", _supervisor.LastLines(ended.Name).TakeLast(1))}");
            }

            if (watch.Elapsed > limit)
            {
                var sentence = $"The nodes were not ready within {limit.TotalSeconds:0} s: {reason.TrimEnd('.')}. With --keep their logs stay.";
                throw limit == LinkLimit ? new Deaf(sentence) : new CommandFailed(sentence);
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }
    }

    private static async Task<string?> Asked(Func<Task<string?>> whyNot)
    {
        try
        {
            return await whyNot().ConfigureAwait(false);
        }
        catch (NodeSilent silent)
        {
            return silent.Message; // it is still starting
        }
    }

    /// <summary>
    /// Two nodes that dial each other at the same moment may end up with a connection that one of them has dropped, and the
    /// throttling adapter does not tell the other. A process that starts anew makes new connections.
    /// </summary>
    private sealed class Deaf(string sentence) : Exception(sentence)
    {
        /// <exception cref="CommandFailed">That was the last attempt.</exception>
        public void GiveUpAt(int attempt)
        {
            if (attempt == Attempts)
            {
                throw new CommandFailed(Message);
            }
        }
    }
}

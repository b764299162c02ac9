using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace ActorLab.Specs.Processes;

/// <summary>
/// Keeps a history of appends: each appends a token of its own to a key, so that the value tells which of them took effect,
/// in which order, and how often.
/// </summary>
public sealed class Scribe(LabProcess lab, string key)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<(string Token, HttpStatusCode? Answer)> _history = new();

    /// <summary>200 done, 503 surely not done; 504 and no answer at all are unknown.</summary>
    public IReadOnlyList<(string Token, HttpStatusCode? Answer)> History => [.. _history];

    /// <summary>Appends one token after the other, asking the nodes in turn, until it is told to stop.</summary>
    public async Task Write(CancellationToken stopped)
    {
        using var http = lab.Http(Limit + TimeSpan.FromSeconds(2));
        var nodes = lab.Run.Nodes.Select(ports => ports.Name).ToList();
        for (var i = 0; !stopped.IsCancellationRequested; i++)
        {
            var token = $"{key}-{i};";
            _history.Enqueue((token, await Append(http, nodes[i % nodes.Count], token)));
        }
    }

    /// <summary>What is wrong with a value, in sentences; empty when every promise was kept.</summary>
    public IReadOnlyList<string> Judge(string value) => Judge(History, value);

    public static IReadOnlyList<string> Judge(IReadOnlyList<(string Token, HttpStatusCode? Answer)> history, string value)
    {
        var found = value.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(token => token + ";").ToList();
        var wrong = new List<string>();
        wrong.AddRange(found.GroupBy(token => token).Where(group => group.Count() > 1).Select(group => $"{group.Key} was applied {group.Count()} times"));
        wrong.AddRange(history.Where(h => h.Answer == HttpStatusCode.OK && !found.Contains(h.Token)).Select(h => $"{h.Token} was acknowledged and is lost"));
        wrong.AddRange(history.Where(h => h.Answer == HttpStatusCode.ServiceUnavailable && found.Contains(h.Token)).Select(h => $"{h.Token} was refused and took effect"));
        wrong.AddRange(found.Where(token => history.All(h => h.Token != token)).Select(token => $"{token} was never asked for"));
        var acknowledged = history.Where(h => h.Answer == HttpStatusCode.OK).Select(h => h.Token).ToHashSet();
        if (!found.Where(acknowledged.Contains).SequenceEqual(history.Select(h => h.Token).Where(token => acknowledged.Contains(token) && found.Contains(token))))
        {
            wrong.Add("acknowledged tokens stand in another order than that in which they were acknowledged");
        }

        return wrong;
    }

    private async Task<HttpStatusCode?> Append(HttpClient http, string node, string token)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(
                lab.NodeUri(node, $"kv/{key}/append?timeout={Limit.TotalSeconds:0}s"), new { value = token }, CancellationToken.None);
            return response.StatusCode;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return HttpStatusCode.ServiceUnavailable; // nobody listened, so nobody was asked
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorLab.Console;

/// <summary>Talks to the console of one lab. Whatever goes wrong is a <see cref="CommandFailed"/> with a sentence.</summary>
/// <param name="address">Where the lab's console listens.</param>
/// <param name="readToken">Gives the token; asked for each request, so that a prompt outlives a restart of its lab.</param>
public sealed class PbmClient(PbmAddress address, Func<string> readToken) : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    // No proxy may see the token, and no redirect may lead it elsewhere.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
    })
    {
        BaseAddress = address.Uri,
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = OutputJson.MaxEventBytes,
    };

    public PbmAddress Address => address;

    public void Dispose() => _http.Dispose();

    /// <summary>The palettes that the lab has now.</summary>
    public async Task<PaletteSet> FetchDefinitions(CancellationToken stopped)
    {
        var definitions = await Get<Definitions>("pbm/definitions", stopped).ConfigureAwait(false);
        try
        {
            return new PaletteSet(definitions.Palettes);
        }
        catch (ArgumentException e)
        {
            throw new CommandFailed($"The definitions of {address} make no sense to this pbm: {e.Message}");
        }
    }

    /// <summary>The names of the lab's nodes now.</summary>
    public async Task<IReadOnlyList<string>> FetchNodes(CancellationToken stopped) =>
        (await Get<Completions>("pbm/completions?kind=node", stopped).ConfigureAwait(false)).Values;

    /// <summary>Runs a command and gives its output as it comes; the last event is <see cref="Output.Exit"/>.</summary>
    public async IAsyncEnumerable<Output> Execute(Call call, [EnumeratorCancellation] CancellationToken stopped)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "pbm/execute")
        {
            Content = JsonContent.Create(call, options: OutputJson.RequestOptions),
        };
        using var response = await Send(request, stopped).ConfigureAwait(false);
        await using var stream = await response.Content.ReadAsStreamAsync(stopped).ConfigureAwait(false);
        var reader = PipeReader.Create(stream);
        while (await ReadEvent(reader, stopped).ConfigureAwait(false) is { } output)
        {
            yield return output;
            if (output is Output.Exit)
            {
                yield break;
            }
        }
        throw new CommandFailed("The lab ended the connection before the command ended: whether it was done is unknown.");
    }

    private async Task<T> Get<T>(string path, CancellationToken stopped)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        limit.CancelAfter(AnswerLimit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var response = await Send(request, limit.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(limit.Token).ConfigureAwait(false);
            return await response.Content.ReadFromJsonAsync<T>(OutputJson.Options, limit.Token).ConfigureAwait(false)
                ?? throw NotALab();
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            throw new CommandFailed($"{address} did not answer within {Durations.Format(AnswerLimit)}.");
        }
        catch (JsonException)
        {
            throw NotALab();
        }
        catch (HttpRequestException e)
        {
            throw Broken(e);
        }
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stopped)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(stopped).ConfigureAwait(false));
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopped).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            throw NoLab(address);
        }
        catch (HttpRequestException e)
        {
            throw Broken(e);
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            throw NoLab(address);
        }
        if (response.IsSuccessStatusCode)
        {
            return response;
        }
        using (response)
        {
            throw await RefusalOf(response, stopped).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Without a lab there is mostly no token either; then that there is no lab is the more useful sentence.
    /// </summary>
    private async Task<string> Token(CancellationToken stopped)
    {
        try
        {
            return readToken();
        }
        catch (CommandFailed)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(address.Host.Trim('[', ']'), address.Port, stopped).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                throw NoLab(address);
            }
            throw;
        }
    }

    private async Task<Exception> RefusalOf(HttpResponseMessage response, CancellationToken stopped)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(64 * 1024, stopped).ConfigureAwait(false);
            var refusal = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(stopped).ConfigureAwait(false);
            if (refusal?.GetValueOrDefault("error") is { } sentence)
            {
                return response.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest
                    ? new BadInput(sentence)
                    : new CommandFailed(sentence);
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or NotSupportedException)
        {
            // What refuses without a sentence in JSON is no lab.
        }
        return NotALab();
    }

    private async Task<Output?> ReadEvent(PipeReader reader, CancellationToken stopped)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(stopped).ConfigureAwait(false);
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var output = OutputJson.Read(read.Buffer.Slice(0, end).ToArray());
                    reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    return output;
                }
                if (read.IsCompleted)
                {
                    return null;
                }
                if (read.Buffer.Length > OutputJson.MaxEventBytes)
                {
                    throw NotALab();
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (JsonException)
        {
            throw NotALab();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The connection broke: the caller says that the outcome is unknown.
            return null;
        }
    }

    private static CommandFailed NoLab(PbmAddress address) => new(
        $"No lab answers at {address}. Start one with: dotnet run --project src/ActorLab.Lab -- up"
        + (address.Port == PbmAddress.DefaultPort ? "" : $" --port {address.Port}"));

    private CommandFailed NotALab() => new($"Something answers at {address}, but not as a lab's console. Is the port right?");

    private CommandFailed Broken(HttpRequestException e) => new($"The connection to {address} broke: {e.Message}");
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class LabSecurityTests
{
    private static HttpRequestMessage Say(string text, string mediaType = "application/json") =>
        new(HttpMethod.Post, "pbm/execute")
        {
            Content = new StringContent(
                $$$"""{"palette":"echo","command":"say","arguments":{"text":"{{{text}}}"}}""", Encoding.UTF8, mediaType),
        };

    private static async Task<(HttpStatusCode Status, string Body)> Send(
        TestLab lab,
        HttpRequestMessage request,
        Action<HttpRequestHeaders>? change = null)
    {
        using var http = new HttpClient { BaseAddress = lab.Address.Uri };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", lab.Token);
        change?.Invoke(request.Headers);
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(lab.Token, body);
        if (!response.IsSuccessStatusCode)
        {
            Assert.StartsWith("{\"error\":\"", body);
        }
        return (response.StatusCode, body);
    }

    [Fact]
    public async Task With_everything_right_the_output_streams_and_ends_with_the_exit_code()
    {
        await using var lab = await TestLab.Start();
        var (status, body) = await Send(lab, Say("hello"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("{\"line\":\"hello\"}\n{\"exit\":0}\n", body);
    }

    [Fact]
    public async Task Without_the_right_token_nothing_is_served()
    {
        await using var lab = await TestLab.Start();
        Action<HttpRequestHeaders>[] wrong =
        [
            h => h.Authorization = null,
            h => h.Authorization = new AuthenticationHeaderValue("Bearer", ""),
            h => h.Authorization = new AuthenticationHeaderValue("Bearer", LabToken.Generate()),
            h => h.Authorization = new AuthenticationHeaderValue("Bearer", lab.Token[..^1]),
            h => h.Authorization = new AuthenticationHeaderValue("Bearer", lab.Token + "x"),
            h => h.Authorization = new AuthenticationHeaderValue("Basic", lab.Token),
        ];
        foreach (var change in wrong)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Send(lab, Say("x"), change)).Status);
        }
        foreach (var path in new[] { "pbm/definitions", "pbm/completions?kind=node", "elsewhere" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Send(lab, new(HttpMethod.Get, path), h => h.Authorization = null)).Status);
        }
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost.evil.example:80", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("[::1]:9110", 200)]
    [InlineData("lab.internal:9110", 200)]
    public async Task Only_loopback_and_the_given_address_may_be_asked_for(string host, int status)
    {
        await using var lab = await TestLab.Start(["lab.internal"]);
        Assert.Equal(status, (int)(await Send(lab, Say("x"), h => h.Host = host)).Status);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("null")]
    public async Task A_web_page_is_refused_even_with_the_token(string origin)
    {
        await using var lab = await TestLab.Start();
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(lab, Say("x"), h => h.Add("Origin", origin))).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonp")]
    public async Task Only_JSON_is_read(string mediaType)
    {
        await using var lab = await TestLab.Start();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Send(lab, Say("x", mediaType))).Status);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_and_without_a_length()
    {
        await using var lab = await TestLab.Start();
        var large = new string('x', (int)LabSecurity.MaxBodyBytes);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(lab, Say(large))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Send(lab, Say(large), h => h.TransferEncodingChunked = true)).Status);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\u0001')]
    public async Task A_value_of_a_MiB_passes_however_JSON_escapes_it(char escaped)
    {
        await using var lab = await TestLab.Start();
        var value = new string(escaped, 1024 * 1024);
        using var client = new PbmClient(lab.Address, () => lab.Token);
        var call = new Call("echo", "say", new Dictionary<string, IReadOnlyList<string>> { ["text"] = [value] });
        var outputs = new List<Output>();
        await foreach (var output in client.Execute(call, CancellationToken.None))
        {
            outputs.Add(output);
        }
        Assert.Equal([new Output.Exit(0)], outputs[1..]);
        Assert.Equal(value, Assert.IsType<Output.Line>(outputs[0]).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"palette\":1,\"command\":\"say\"}")]
    [InlineData("{\"palette\":\"echo\",\"command\":\"say\",\"arguments\":{\"text\":{\"a\":1}}}")]
    [InlineData("{\"palette\":\"echo\",\"command\":\"say\",\"arguments\":{\"text\":\"\\ud800\"}}")]
    public async Task A_body_that_is_no_call_is_refused(string body)
    {
        await using var lab = await TestLab.Start();
        var request = new HttpRequestMessage(HttpMethod.Post, "pbm/execute")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(lab, request)).Status);
    }

    [Fact]
    public void A_token_file_is_private_and_replaced_whole()
    {
        var folder = Directory.CreateTempSubdirectory("actorlab-token-").FullName;
        try
        {
            var path = Path.Combine(folder, "a", "b", "token");
            var first = LabToken.Create(path);
            Assert.Equal(43, first.Length);
            Assert.Equal(first, LabToken.Read(path));
            Assert.NotEqual(first, LabToken.Create(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
            if (OperatingSystem.IsWindows())
            {
                return;
            }
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.Combine(folder, "a")));
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);
            Assert.Contains("Other users can read", Assert.Throws<CommandFailed>(() => LabToken.Read(path)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

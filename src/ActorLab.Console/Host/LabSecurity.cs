using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ActorLab.Console;

/// <summary>
/// What stands in front of every control port of a lab. A web page in a browser can send requests to loopback (also
/// through a name that it makes point there), and so can any user of the machine: hence the Host, Origin and token checks.
/// Refusals are <c>{"error": "sentence"}</c>.
/// </summary>
public static class LabSecurity
{
    /// <summary>
    /// Most bytes of a request's body: a value of 1 MiB has room even where JSON writes six bytes for each of its
    /// characters.
    /// </summary>
    public const long MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>Puts the checks before everything that is mapped after this call.</summary>
    /// <param name="app">The application.</param>
    /// <param name="token">The lab's token; it is never logged and never sent back.</param>
    /// <param name="allowedHosts">Names or addresses, without port, that the Host header may carry beside loopback.</param>
    public static IApplicationBuilder UseLabSecurity(
        this IApplicationBuilder app,
        string token,
        IEnumerable<string>? allowedHosts = null)
    {
        if (token.Length < 16)
        {
            throw new ArgumentException("A lab's token has at least 16 characters: make one with LabToken.Create.");
        }

        var hosts = new HashSet<string>(allowedHosts ?? [], StringComparer.OrdinalIgnoreCase);
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        return app.Use(async (context, next) =>
        {
            if (Refuse(context.Request, expected, hosts) is { } refusal)
            {
                await RefuseWith(context, refusal.Status, refusal.Sentence).ConfigureAwait(false);
                return;
            }
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = MaxBodyBytes;
            }

            try
            {
                await next(context).ConfigureAwait(false);
            }
            catch (BadHttpRequestException e) when (!context.Response.HasStarted)
            {
                // A body without a length is found to be too long only while it is read.
                await RefuseWith(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? TooLarge
                    : "The request could not be read.").ConfigureAwait(false);
            }
        });
    }

    /// <summary>Answers with a status and <c>{"error": "sentence"}</c>.</summary>
    public static Task RefuseWith(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return context.Response.WriteAsJsonAsync(new { error = sentence });
    }

    private static string TooLarge => $"The request's body is larger than {MaxBodyBytes} bytes.";

    private static (int Status, string Sentence)? Refuse(HttpRequest request, byte[] expected, HashSet<string> hosts)
    {
        if (!IsLoopback(request.Host.Host) && !hosts.Contains(request.Host.Host))
        {
            return (StatusCodes.Status403Forbidden, "This Host header names neither loopback nor the address that the lab was given.");
        }

        if (request.Headers.ContainsKey(HeaderNames.Origin))
        {
            return (StatusCodes.Status403Forbidden, "Requests from web pages (with an Origin header) are not served.");
        }

        if (!HasToken(request, expected))
        {
            return (StatusCodes.Status401Unauthorized, "The lab's token is missing or wrong: send \"Authorization: Bearer <token>\" with the token of this lab's token file.");
        }

        if (request.ContentLength > MaxBodyBytes)
        {
            return (StatusCodes.Status413PayloadTooLarge, TooLarge);
        }

        if (HasBody(request) && !IsJson(request.ContentType))
        {
            return (StatusCodes.Status415UnsupportedMediaType, "The body must be JSON: send \"Content-Type: application/json\".");
        }

        return null;
    }

    /// <summary>127.0.0.1, localhost and [::1], as a Host header or a command line writes them.</summary>
    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Both sides are hashed first, so that the comparison takes as long for any length and any first wrong byte.
    /// </summary>
    private static bool HasToken(HttpRequest request, byte[] expected)
    {
        const string scheme = "Bearer ";
        var headers = request.Headers.Authorization;
        var given = headers.Count == 1 && headers[0] is { } header && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header[scheme.Length..].Trim()
            : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), expected);
    }

    // A form on a web page can send text/plain, form data and nothing else without asking first: JSON only closes that door.
    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0
        || request.Headers.TransferEncoding.Count > 0
        || HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method);

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}

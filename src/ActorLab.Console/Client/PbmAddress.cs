using System.Globalization;

namespace ActorLab.Console;

/// <summary>Where a lab's console listens.</summary>
/// <param name="Host">A name or an address; an IPv6 address stands in brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record PbmAddress(string Host, int Port)
{
    public const int DefaultPort = 9110;

    public static PbmAddress Default { get; } = new("127.0.0.1", DefaultPort);

    public bool IsLoopback => LabSecurity.IsLoopback(Host);

    public Uri Uri => new($"http://{Host}:{Port}/");

    public override string ToString() => $"{Host}:{Port}";

    /// <summary>Whether the text is meant as <c>host:port</c>: no palette has a colon, and no switch starts without a hyphen.</summary>
    public static bool LooksLikeOne(string text) => text.Contains(':') && text[0] != '-';

    /// <exception cref="BadInput">The text is not <c>host:port</c>.</exception>
    public static PbmAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = text[..colon];
        var port = text[(colon + 1)..];
        if (port.Length == 0 || port.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            throw new BadInput($"\"{SafeText.Shorten(text, 60)}\" is not an address: write host:port, such as {Default}.");
        }
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
        {
            throw new BadInput($"{SafeText.Shorten(port, 20)} is not a port: use 1 to 65535.");
        }
        return Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':') && host[0] != '[')
            ? throw new BadInput($"\"{SafeText.Shorten(host, 60)}\" is not a host: use a name, an IPv4 address, or an IPv6 address in brackets.")
            : new PbmAddress(host, number);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;

namespace ActorLab.Console;

/// <summary>
/// The secret that opens a lab's control ports. A web page can reach loopback, another user of the machine can too; only
/// who can read this user's files can read the token.
/// </summary>
public static class LabToken
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayRead = ~OwnerOnlyDirectory & (UnixFileMode)0b111_111_111;

    /// <summary>A fresh token: 256 random bits in URL-safe base 64, 43 characters.</summary>
    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// Makes a fresh token and writes it to the file, readable by this user alone from its first byte on; a reader sees the
    /// old file or the whole new one. On Windows the file takes over the rights of its folder, which under a user's profile
    /// are that user's own.
    /// </summary>
    /// <exception cref="IOException">The file or its folder cannot be written.</exception>
    public static string Create(string path)
    {
        var token = Generate();
        var full = Path.GetFullPath(path);
        CreatePrivateDirectory(Path.GetDirectoryName(full)!);
        var fresh = $"{full}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(fresh, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(token + "\n"));
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, full, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
        return token;
    }

    /// <summary>The token in the file.</summary>
    /// <exception cref="CommandFailed">There is no such file, it holds no token, or others can read it.</exception>
    public static string Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMayRead) != 0)
            {
                throw new CommandFailed($"Other users can read the token file {path}. Run chmod 600 on it, and restart the lab so that it makes a new token.");
            }

            using var reader = new StreamReader(path);
            var buffer = new char[256];
            var token = new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
            return token.Length is >= 16 and < 250 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                ? token
                : throw new CommandFailed($"The file {path} does not hold a token. Name another one with --token-file, or restart the lab.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailed($"There is no token file {path}. Is the lab running, as this user and on this port? Otherwise name its file with --token-file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"The token file {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Where the lab whose console listens on this port keeps its token, unless told otherwise.</summary>
    /// <exception cref="BadInput">This user has no folder for it.</exception>
    public static string DefaultPath(int port) => Path.Combine(DefaultDirectory(), $"{port}.token");

    /// <summary><c>$XDG_RUNTIME_DIR/actorlab</c>, which the system keeps for one user, or <c>~/.actorlab/run</c>.</summary>
    public static string DefaultDirectory() =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime)
            ? Path.Combine(runtime, "actorlab")
            : Path.Combine(HomeDirectory(), "run");

    /// <summary><c>~/.actorlab</c>: what outlives one login, such as the prompt's history.</summary>
    /// <exception cref="BadInput">This user has no home folder.</exception>
    public static string HomeDirectory() => HomeDirectory(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>A home folder that does not exist comes as an empty text: what is put into it would lie in the current folder.</summary>
    /// <exception cref="BadInput">This user has no home folder.</exception>
    public static string HomeDirectory(string profile) => Path.IsPathFullyQualified(profile)
        ? Path.Combine(profile, ".actorlab")
        : throw new BadInput("You have no home folder for a lab's token: set HOME or XDG_RUNTIME_DIR to the full path of a folder that exists and is yours.");

    /// <summary>Makes the folder and its missing parents, so that only this user can look into them.</summary>
    public static void CreatePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
        {
            CreatePrivateDirectory(parent);
        }
        Directory.CreateDirectory(path, OwnerOnlyDirectory);
    }
}

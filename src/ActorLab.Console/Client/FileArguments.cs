using System.Text;

namespace ActorLab.Console;

/// <summary>Puts the contents of files in the place of their names, before a call is sent.</summary>
public static class FileArguments
{
    /// <exception cref="BadInput">A file cannot be read, is too large, or is no text.</exception>
    public static Call Read(Call call, PaletteSet palettes)
    {
        var files = palettes.Find(call.Palette, call.Command).Command.Parameters.Where(parameter => parameter.Kind == ParameterKind.File).ToList();
        if (files.Count == 0)
        {
            return call;
        }

        var arguments = call.Arguments.ToDictionary(StringComparer.Ordinal);
        foreach (var parameter in files.Where(parameter => arguments.ContainsKey(parameter.Name)))
        {
            arguments[parameter.Name] = [.. arguments[parameter.Name].Select(path => TextOf(path, parameter))];
        }

        return call with { Arguments = arguments };
    }

    private static string TextOf(string path, Parameter parameter)
    {
        var shown = SafeText.Shorten(path, 200);
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[parameter.MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > parameter.MaxBytes
                ? throw new BadInput($"{shown} has more than {parameter.MaxBytes} bytes, which {parameter.Shown} does not take.")
                : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(0, length)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new BadInput($"{shown} is no text in UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInput($"{shown} cannot be read: {SafeText.Shorten(e.Message, 300)}");
        }
    }
}

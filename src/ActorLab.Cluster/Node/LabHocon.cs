using System.Collections;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.DistributedData;

namespace ActorLab.Cluster;

/// <summary>The lab's HOCON: files beside the program, then overrides.</summary>
public static class LabHocon
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>The lab's own files, without anybody's overrides.</summary>
    /// <exception cref="NodeRefusal">They are not beside the program, or cannot be read.</exception>
    public static Config Defaults() =>
        // The serializers of distributed data must be known before the actor system starts: the extension comes too late for them.
        FromFile(Path.Combine(Folder, "node.hocon")).WithFallback(ConfigurationFactory.FromResource<DistributedData>("Akka.DistributedData.reference.conf"));

    /// <summary>The configuration of an actor system, strongest first: settings, environment, file, defaults.</summary>
    /// <param name="settings">Keys and values.</param>
    /// <param name="file">A HOCON file; null for none.</param>
    /// <param name="environment">Variables; those of the process when null.</param>
    /// <exception cref="NodeRefusal">A file or a value cannot be read.</exception>
    public static Config Load(IReadOnlyDictionary<string, string> settings, string? file = null, IDictionary? environment = null)
    {
        var config = Defaults();
        if (file is not null)
        {
            config = FromFile(file).WithFallback(config);
        }

        config = FromPairs(FromEnvironment(environment ?? Environment.GetEnvironmentVariables())).WithFallback(config);
        return FromPairs(settings).WithFallback(config);
    }

    /// <summary>Keys and values as HOCON; a value is HOCON itself, such as <c>["a"]</c> or <c>5s</c>.</summary>
    /// <exception cref="NodeRefusal">A pair is no HOCON.</exception>
    public static Config FromPairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var config = Config.Empty;
        foreach (var (key, value) in pairs)
        {
            try
            {
                config = ConfigurationFactory.ParseString($"{key} = {value}").WithFallback(config);
            }
            catch (Exception e)
            {
                throw new NodeRefusal($"The setting {key} = {value} is no HOCON: {e.Message}", e);
            }
        }

        return config;
    }

    /// <summary>Text as a HOCON value, whatever is in it.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static IEnumerable<KeyValuePair<string, string>> FromEnvironment(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (name.StartsWith("AKKA__", StringComparison.Ordinal) || name.StartsWith("ACTORLAB__", StringComparison.Ordinal))
            {
                var key = name.Replace("__", ".").Replace('_', '-').ToLowerInvariant();
                yield return KeyValuePair.Create(key, (string?)variable.Value ?? "");
            }
        }
    }

    private static Config FromFile(string path)
    {
        try
        {
            return ConfigurationFactory.ParseString(File.ReadAllText(path), Include);
        }
        catch (Exception e) when (e is not NodeRefusal)
        {
            throw new NodeRefusal($"The HOCON file {path} cannot be read: {e.Message}", e);
        }

        HoconRoot Include(string name) =>
            Parser.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name)), Include);
    }
}

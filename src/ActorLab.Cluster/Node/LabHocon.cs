using System.Collections;
using ActorLab.Console;
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
    /// <exception cref="NodeRefusal">A file or a value cannot be read, or a variable sets what there is not.</exception>
    public static Config Load(IReadOnlyDictionary<string, string> settings, string? file = null, IDictionary? environment = null)
    {
        var config = Defaults();
        if (file is not null)
        {
            config = FromFile(file).WithFallback(config);
        }

        var variables = environment ?? Environment.GetEnvironmentVariables();
        if ((UnknownVariable(variables) ?? MisspeltVariable(variables)) is { } unknown)
        {
            throw new NodeRefusal(unknown);
        }

        config = FromPairs(FromEnvironment(variables).Select(variable => variable.Setting)).WithFallback(config);
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

    /// <summary>What a HOCON file says.</summary>
    /// <exception cref="NodeRefusal">It cannot be read.</exception>
    public static Config ReadFile(string path) => FromFile(path);

    /// <summary>
    /// A key of the lab's own among overrides that overrides nothing, as a sentence; null where all do. Keys of Akka are not looked at:
    /// its plugins, dispatchers and serializers bring names of their own.
    /// </summary>
    public static string? UnknownKey(Config overrides)
    {
        var known = Leaves(Defaults()).Where(key => key.StartsWith($"{Own}.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        return Leaves(overrides).Select(key => WhyUnknown(key, known)).FirstOrDefault(sentence => sentence is not null);
    }

    /// <summary>The same of what environment variables set.</summary>
    private static string? UnknownVariable(IDictionary variables) =>
        FromEnvironment(variables)
            .Where(variable => variable.Setting.Key.Split('.')[0] == Own)
            .OrderBy(variable => variable.Name, StringComparer.Ordinal)
            .Select(variable => UnknownKey(FromPairs([variable.Setting])) is { } sentence ? $"{SafeText.Shorten(variable.Name, 100)}: {sentence}" : null)
            .FirstOrDefault(sentence => sentence is not null);

    /// <summary>A variable that would set something if it had as many underscores as it should.</summary>
    private static string? MisspeltVariable(IDictionary variables)
    {
        var names = variables.Keys.Cast<string>()
            .Where(name => name.StartsWith("ACTORLAB_", StringComparison.Ordinal) && !name.StartsWith("ACTORLAB__", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        var keys = Leaves(Defaults()).Where(key => key.StartsWith($"{Own}.", StringComparison.Ordinal)).ToLookup(key => Plain(VariableOf(key)), StringComparer.Ordinal);
        return names
            .Select(name => keys[Plain(name)].FirstOrDefault() is { } key
                ? $"{SafeText.Shorten(name, 100)} sets nothing, for two underscores stand for a dot: {key} is set by {VariableOf(key)}."
                : null)
            .FirstOrDefault(sentence => sentence is not null);

        static string VariableOf(string key) => key.Replace('-', '_').Replace(".", "__").ToUpperInvariant();
        static string Plain(string name) => string.Join('_', name.Split('_', StringSplitOptions.RemoveEmptyEntries));
    }

    private const string Own = "actorlab";

    private static string? WhyUnknown(string key, HashSet<string> known)
    {
        var shown = $"Unknown setting \"{SafeText.Shorten(key, 100)}\".";
        var root = key.Split('.')[0];
        if (root != Own)
        {
            return root != "akka" && Suggest.Nearest(root, [Own, "akka"]) is { } meant
                ? $"{shown} Did you mean {SafeText.Shorten($"{meant}{key[root.Length..]}", 100)}?"
                : null;
        }

        if (known.Contains(key))
        {
            return null;
        }

        var inside = known.Where(one => one.StartsWith($"{key}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return inside.Count > 0 ? $"{key} is a section of settings, and no setting: it has {string.Join(", ", inside)}."
            : Suggest.Nearest(key, known.Order(StringComparer.Ordinal)) is { } near ? $"{shown} Did you mean {near}?"
            : $"{shown} The lab's own begin with: {string.Join(", ", known.Select(one => string.Join('.', one.Split('.').Take(2))).Distinct().Order(StringComparer.Ordinal))}.";
    }

    private static IEnumerable<string> Leaves(Config? config)
    {
        var own = config?.Root?.IsObject() == true ? Of(config.Root.GetObject(), "") : [];
        return config?.Fallback is { } weaker ? own.Concat(Leaves(weaker)) : own;

        static IEnumerable<string> Of(HoconObject at, string prefix) => at.Items.SelectMany(item =>
            item.Value.IsObject() ? Of(item.Value.GetObject(), $"{prefix}{item.Key}.") : [$"{prefix}{item.Key}"]);
    }

    /// <summary>Text as a HOCON value, whatever is in it.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static IEnumerable<(string Name, KeyValuePair<string, string> Setting)> FromEnvironment(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (name.StartsWith("AKKA__", StringComparison.Ordinal) || name.StartsWith("ACTORLAB__", StringComparison.Ordinal))
            {
                var key = name.Replace("__", ".").Replace('_', '-').ToLowerInvariant();
                yield return (name, KeyValuePair.Create(key, (string?)variable.Value ?? ""));
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

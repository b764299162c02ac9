using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorLab.Cluster.Tests;

/// <summary>The page says what the files say.</summary>
public sealed class ConfigurationPageTests
{
    [Fact]
    public void Every_key_of_the_labs_hocon_is_on_the_page_with_its_default()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "configuration.md"));
        var keys = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "hocon")).SelectMany(KeysOf).ToList();
        Assert.InRange(keys.Count, 80, 1_000);
        foreach (var (key, value) in keys.Where(pair => !pair.Key.StartsWith("akka.actor.serial", StringComparison.Ordinal)))
        {
            var rows = page.Where(line => line.StartsWith($"| `{key}` | `", StringComparison.Ordinal)).ToList();
            Assert.True(rows.Count == 1, $"{key} has {rows.Count} rows");
            Assert.Contains(value, rows[0].Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        var known = keys.Select(pair => pair.Key).ToHashSet();
        Assert.All(
            page.Where(line => line.StartsWith("| `akka", StringComparison.Ordinal) || line.StartsWith("| `actorlab.", StringComparison.Ordinal)),
            line => Assert.Contains(line.Split('`')[1], known));
    }

    private static IEnumerable<(string Key, string Value)> KeysOf(string file)
    {
        var text = string.Join('\n', File.ReadAllLines(file).Where(line => !line.StartsWith("include", StringComparison.Ordinal)));
        return Leaves(ConfigurationFactory.ParseString(text).Root.GetObject(), "");
    }

    private static IEnumerable<(string Key, string Value)> Leaves(HoconObject at, string prefix) => at.Items.SelectMany(item =>
        item.Value.IsObject() ? Leaves(item.Value.GetObject(), $"{prefix}{item.Key}.")
            : item.Value.IsArray() ? [($"{prefix}{item.Key}", "[")]
            : [($"{prefix}{item.Key}", item.Value.GetString() ?? "")]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorLab.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}

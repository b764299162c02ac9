using System.Reflection;
using NetArchTest.Rules;

namespace ActorLab.Tests.Architecture;

/// <summary>Who may refer to whom. An assembly in nobody's row may not be referred to within the project.</summary>
public sealed class LayerTests
{
    private static readonly SortedDictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["ActorLab.Core"] = [],
        ["ActorLab.Algorithms"] = ["ActorLab.Core"],
        ["ActorLab.Checking"] = ["ActorLab.Core"],
        ["ActorLab.Models"] = ["ActorLab.Core", "ActorLab.Checking"],
        ["ActorLab.Simulation"] = ["ActorLab.Core"],
        ["ActorLab.Console"] = ["ActorLab.Core"],
        ["ActorLab.Cluster"] = ["ActorLab.Core", "ActorLab.Console"],
        ["lab"] =
        [
            "ActorLab.Core", "ActorLab.Algorithms", "ActorLab.Checking", "ActorLab.Models", "ActorLab.Simulation",
            "ActorLab.Console", "ActorLab.Cluster",
        ],
        ["pbm"] = ["ActorLab.Console", "ActorLab.Core"],
    };

    public static TheoryData<string> Layers() => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_refers_only_to_those_below_it(string layer)
    {
        var references = Load(layer).GetReferencedAssemblies().Select(name => name.Name!);
        var own = references.Where(name => Allowed.ContainsKey(name) || name.StartsWith("ActorLab", StringComparison.Ordinal));
        Assert.Empty(own.Except(Allowed[layer]));
    }

    [Theory]
    [InlineData("ActorLab.Core")]
    [InlineData("ActorLab.Algorithms")]
    [InlineData("ActorLab.Checking")]
    [InlineData("ActorLab.Models")]
    [InlineData("ActorLab.Simulation")]
    [InlineData("ActorLab.Console")]
    [InlineData("pbm")]
    public void Only_the_cluster_and_the_lab_see_Akka(string layer)
    {
        Assert.DoesNotContain(
            Load(layer).GetReferencedAssemblies(), name => name.Name!.StartsWith("Akka", StringComparison.Ordinal));
        Assert.True(Types.InAssembly(Load(layer)).ShouldNot().HaveDependencyOn("Akka").GetResult().IsSuccessful);
    }

    [Theory]
    [InlineData("ActorLab.Core")]
    [InlineData("ActorLab.Algorithms")]
    public void Roles_see_no_tasks_threads_dice_files_or_network(string layer)
    {
        string[] banned =
        [
            "System.Threading.Tasks", "System.Threading.Thread", "System.Random", "System.IO.File", "System.Net",
            "System.Diagnostics.Stopwatch", "System.Security.Cryptography.RandomNumberGenerator",
        ];
        var result = Types.InAssembly(Load(layer)).ShouldNot().HaveDependencyOnAny(banned).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Every_project_of_the_source_tree_has_its_place()
    {
        var projects = Directory.GetFiles(Path.Combine(RepositoryRoot(), "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(AssemblyNameOf)
            .Where(name => name != "ActorLab.PetabridgeCmd");
        Assert.Empty(projects.Except(Allowed.Keys));
    }

    private static string AssemblyNameOf(string project) =>
        System.Xml.Linq.XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value
        ?? Path.GetFileNameWithoutExtension(project);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorLab.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below ActorLab.sln.");
        }

        return folder.FullName;
    }

    private static Assembly Load(string name) => Assembly.Load(new AssemblyName(name));
}

using ActorLab.Checking;
using ActorLab.Models;

namespace ActorLab.Tests.Models;

/// <summary>Judges a story by itself: where everybody is in each of its worlds, and whether that breaks the condition.</summary>
internal static class LockStories
{
    /// <summary>The labels that wait; whoever stands still elsewhere than outside could go on.</summary>
    private static readonly string[] Waiting = ["look", "wait", "P"];

    public static void Judge(Story story, string condition)
    {
        var worlds = new List<SortedDictionary<string, string>> { Follow([], story.Boots[0]) };
        foreach (var step in story.Steps)
        {
            worlds.Add(Follow(worlds[^1], step));
        }

        if (condition == DijkstraConditions.MutualExclusion)
        {
            Assert.Equal(2, worlds[^1].Values.Count(place => place == "cs"));
            return;
        }

        var cycle = worlds[story.LoopsTo!.Value..];
        Assert.Equal(cycle[0], cycle[^1]);
        var processes = cycle[0].Keys.Where(key => key.StartsWith("pc[", StringComparison.Ordinal)).ToList();
        bool IsAlways(string process, string place) => cycle.All(world => world[process] == place);
        bool WaitsInVain(string process) => cycle.All(world => world[process] is not ("ncs" or "cs"));
        Assert.Contains(processes, WaitsInVain);
        if (condition != DijkstraConditions.NoStarvation)
        {
            Assert.Equal(
                condition == DijkstraConditions.NoWaitForOutsiders, processes.Any(process => IsAlways(process, "ncs")));
        }

        Assert.Equal(
            condition == DijkstraConditions.NoStarvation, processes.Any(process => cycle.Any(world => world[process] == "cs")));
        Assert.All(processes, process => Assert.True(
            !cycle.All(world => world[process] == cycle[0][process]) || Waiting.Append("ncs").Contains(cycle[0][process]),
            $"The cycle is not fair to {process}, which stands at {cycle[0][process]}."));
    }

    private static SortedDictionary<string, string> Follow(SortedDictionary<string, string> world, StoryStep step)
    {
        var next = new SortedDictionary<string, string>(world, StringComparer.Ordinal);
        foreach (var change in step.Changes)
        {
            Assert.True(!world.TryGetValue(change.Path, out var before) || before == change.Before.Trim('"'));
            next[change.Path] = change.After.Trim('"');
        }

        return next;
    }
}

using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A counterexample in a file whose steps were taken again, and still are what the file says.</summary>
internal sealed record StoryReplay(CheckTarget Target, Story Story)
{
    /// <exception cref="BadInput">The file speaks of what this build has not.</exception>
    /// <exception cref="CommandFailed">With this build it is another story, or one that breaks nothing.</exception>
    public static StoryReplay Of(ReplayFile file, IRenderer renderer)
    {
        if (file.Build != ReplayFile.ThisBuild)
        {
            renderer.Show(new Output.Line([Cell.Warn("Another build of the lab wrote this file: the steps may be others now.")]));
        }

        var target = Checkable.Find(file.Name).With(file.Values, file.World);
        Replayed replayed;
        try
        {
            replayed = target.Replay(Seq.ToSeq(file.Ordinals), file.LoopsTo);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailed($"The file does not replay with this build: {error.Message}");
        }

        var steps = replayed.Story.Steps.Select(step => step.Text).ToList();
        for (var i = 0; i < Math.Max(steps.Count, file.Steps.Length); i++)
        {
            if (steps.ElementAtOrDefault(i) != file.Steps.ElementAtOrDefault(i))
            {
                throw new CommandFailed(
                    $"The file does not replay with this build: step {i + 1} was \"{SafeText.Shorten(file.Steps.ElementAtOrDefault(i) ?? "nothing", 200)}\" "
                    + $"and is \"{SafeText.Shorten(steps.ElementAtOrDefault(i) ?? "nothing", 200)}\" now.");
            }
        }

        return WhyNot(file, target, replayed) is { } reason
            ? throw new CommandFailed($"The file does not show what it says: {reason}.")
            : new StoryReplay(target, replayed.Story);
    }

    /// <summary>Why the story does not show what the file says; null if it does.</summary>
    private static string? WhyNot(ReplayFile file, CheckTarget target, Replayed replayed)
    {
        if (target.Undecided is var (claim, fairness) && claim.Name == file.Property)
        {
            return replayed.WhyNot(claim, fairness);
        }

        var property = target.Properties.FirstOrDefault(property => property.Name == file.Property);
        return property is null && file.Property is { } name
            ? throw new BadInput(Suggest.Unknown($"property of {file.Name}", name, target.Properties.Select(known => known.Name)))
            : replayed.WhyNot(property);
    }
}

using ActorLab.Checking;

namespace ActorLab.Lab;

/// <summary>A story of a lock, a line to a step: who left which label, and which variables that changed.</summary>
internal static class ShortStory
{
    public static IEnumerable<string> Lines(Story story)
    {
        var places = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Follow(places, story.Boots[0]);
        var number = 0;
        for (var i = 0; i < story.Steps.Count; i++)
        {
            var isLoop = i >= story.LoopsTo;
            if (i == story.LoopsTo)
            {
                var who = string.Join(", ", places.Select(place => $"p {place.Key} at {place.Value}"));
                yield return $"for ever from here, with {who}:";
            }

            var step = story.Steps[i];
            if (step == StoryStep.Stutter && !isLoop)
            {
                continue; // A pause that ends is no part of the story.
            }

            Follow(places, step);
            var changes = string.Join(", ", step.Changes.Where(change => PlaceOf(change.Path) is null));
            yield return $"{++number,3} {step.Text}   {changes}".TrimEnd();
        }
    }

    private static void Follow(SortedDictionary<string, string> places, StoryStep step)
    {
        foreach (var change in step.Changes)
        {
            if (PlaceOf(change.Path) is { } process)
            {
                places[process] = change.After.Trim('"');
            }
        }
    }

    /// <summary>Whose place in the code a variable is; null for another variable.</summary>
    private static string? PlaceOf(string path) => path.StartsWith("pc[", StringComparison.Ordinal) ? path[3..^1] : null;
}

namespace ActorLab.Console;

/// <summary>"Did you mean": the nearest of the known names, by edit distance.</summary>
public static class Suggest
{
    /// <summary>One sentence or two: the unknown name, the nearest known one if it is near, and all known ones.</summary>
    public static string Unknown(string what, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var nearest = Nearest(name, names);
        var mean = nearest is null ? "" : $" Did you mean {nearest}?";
        var list = names.Count == 0 ? "There are none." : $"Known: {string.Join(", ", names)}.";
        return $"Unknown {what} \"{SafeText.Shorten(name, 60)}\".{mean} {list}";
    }

    /// <summary>The nearest name, or null when none is within a third of the typed length (two at least).</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > 60)
        {
            return null;
        }

        var limit = Math.Max(2, name.Length / 3);
        return known
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate)))
            .Where(c => c.distance <= limit && c.distance < c.candidate.Length)
            .OrderBy(c => c.distance)
            .Select(c => c.candidate)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours, each counted as one.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}

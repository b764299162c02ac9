using System.Globalization;

namespace ActorLab.Console;

/// <summary>
/// Durations as a user types them: a number and a unit, such as <c>150ms</c>, <c>2s</c>, <c>1.5m</c>, <c>1h</c>.
/// </summary>
public static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
            {
                continue;
            }

            if (!double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }

            var total = number * seconds;
            if (total > TimeSpan.FromDays(365).TotalSeconds)
            {
                return false;
            }

            value = TimeSpan.FromSeconds(total);
            return true;
        }
        return false;
    }

    /// <summary>The shortest form that reads back to the same duration, to the millisecond.</summary>
    public static string Format(TimeSpan value)
    {
        var milliseconds = (long)Math.Round(value.TotalMilliseconds);
        return milliseconds switch
        {
            0 => "0s",
            _ when milliseconds % 3_600_000 == 0 => $"{milliseconds / 3_600_000}h",
            _ when milliseconds % 60_000 == 0 => $"{milliseconds / 60_000}m",
            _ when milliseconds % 1000 == 0 => $"{milliseconds / 1000}s",
            _ => $"{milliseconds}ms",
        };
    }
}

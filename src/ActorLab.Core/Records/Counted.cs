using System.Globalization;

namespace ActorLab.Core;

/// <summary>Numbers with what they count: 1 message, 1,200 messages.</summary>
public static class Counted
{
    /// <param name="number">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called; null for <paramref name="one"/> with an s.</param>
    public static string Of(long number, string one, string? many = null) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? $"{one}s")}";
}

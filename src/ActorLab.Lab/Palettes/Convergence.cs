using System.Globalization;

namespace ActorLab.Lab;

/// <summary>
/// How long replicas took to agree. While links are cut they cannot, so time counts from the heal where one was seen; else from
/// the first look at which they differed.
/// </summary>
internal sealed class Convergence
{
    private DateTimeOffset? _apart;
    private DateTimeOffset? _healed;
    private bool _wasCut;

    /// <param name="now">When this look ended.</param>
    /// <param name="differ">Whether the replicas that answered do.</param>
    /// <param name="isCut">Whether any link is cut now.</param>
    /// <param name="edited">When links were last cut or healed; null for never.</param>
    /// <returns>A phrase when they agree again; else null.</returns>
    public string? See(DateTimeOffset now, bool differ, bool isCut, DateTimeOffset? edited)
    {
        _healed = isCut ? null : _wasCut ? edited ?? now : _healed;
        _wasCut = isCut;
        if (differ)
        {
            _apart ??= now;
            return null;
        }

        var (apart, healed) = (_apart, _healed);
        (_apart, _healed) = (null, null);
        return apart is not { } since ? null
            : healed > since ? $"all agree, {Seconds(now - healed.Value)} after the links were healed and {Seconds(now - since)} after they were seen to differ"
            : $"all agree, {Seconds(now - since)} after they were seen to differ";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}

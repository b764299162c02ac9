using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>What may become of a message of one link.</summary>
internal readonly record struct LinkRates(double Loss, double Duplication, double Reorder, double Corrupt, MessageDelay? Delay);

/// <summary>The message faults in force, link by link, and the streams that decide them: one for each kind.</summary>
internal sealed class LinkChances
{
    /// <summary>Further parts of a delay with a tail: the chance of the last one is one in a million.</summary>
    private const int TailParts = 20;

    private readonly Places _places;
    private readonly RandomStream _losses;
    private readonly RandomStream _repeats;
    private readonly RandomStream _reorders;
    private readonly RandomStream _corruptions;
    private readonly RandomStream _extras;
    private readonly LinkRates[] _rates;
    private double _loss;
    private double _duplication;

    public LinkChances(long seed, Places places)
    {
        _places = places;
        _losses = RandomStream.Named(seed, "drops");
        _repeats = RandomStream.Named(seed, "duplicates");
        _reorders = RandomStream.Named(seed, "reorders");
        _corruptions = RandomStream.Named(seed, "corruptions");
        _extras = RandomStream.Named(seed, "delays/extra");
        _rates = new LinkRates[places.Nodes.Length * places.Nodes.Length];
    }

    /// <summary>The rules in force.</summary>
    public Seq<LinkFaults> Rules { get; private set; }

    public void Obey(Seq<LinkFaults> rules)
    {
        Rules = rules;
        Fill();
    }

    /// <summary>The rates of all links, beside the rules.</summary>
    public void Set(double? loss = null, double? duplication = null)
    {
        (_loss, _duplication) = (loss ?? _loss, duplication ?? _duplication);
        Fill();
    }

    public LinkRates Of(NodeSlot from, NodeSlot to) => _rates[(from.Index * _places.Nodes.Length) + to.Index];

    public bool IsLost(in LinkRates rates) => _losses.Chance(rates.Loss);

    public bool IsRepeated(in LinkRates rates) => _repeats.Chance(rates.Duplication);

    public bool IsReordered(in LinkRates rates) => _reorders.Chance(rates.Reorder);

    public bool IsCorrupted(in LinkRates rates) => _corruptions.Chance(rates.Corrupt);

    public long Extra(MessageDelay delay)
    {
        if (!delay.HasTail)
        {
            return delay.Range.Draw(_extras);
        }

        // Each part is one part in TailParts of the range, and comes with one half of the chance of the one before.
        var part = Math.Max(1, (delay.Range.Most - delay.Range.Least) / TailParts);
        var extra = delay.Range.Least;
        for (var parts = 0; parts < TailParts; parts++)
        {
            extra += _extras.Between(0, part);
            if (_extras.Next(2) == 0)
            {
                break;
            }
        }

        return Math.Min(extra, delay.Range.Most);
    }

    private void Fill()
    {
        foreach (var from in _places.Nodes)
        {
            foreach (var to in _places.Nodes)
            {
                var rule = LinkFaults.Find(Rules, from.Id, to.Id);
                _rates[(from.Index * _places.Nodes.Length) + to.Index] = new LinkRates(
                    Either(_loss, rule.Drop), Either(_duplication, rule.Duplicate), rule.Reorder, rule.Corrupt, rule.Delay);
            }
        }
    }

    private static double Either(double one, double other) => one + other - (one * other);
}

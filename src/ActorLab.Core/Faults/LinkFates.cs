using System.Text;

namespace ActorLab.Core;

/// <summary>What becomes of one message on its link.</summary>
/// <param name="LostTo">The rule that drops it; null where none does.</param>
/// <param name="DamagedBy">The rule that changes bytes of it; null where none does.</param>
/// <param name="Damage">Drawn bits: which bytes change, and how.</param>
/// <param name="IsRepeated">It arrives twice.</param>
/// <param name="Delay">What it takes on top, in microseconds.</param>
/// <param name="AgainDelay">The same of the second copy.</param>
/// <param name="Overtakes">It does not keep the order of sending.</param>
public readonly record struct LinkFate(
    string? LostTo, string? DamagedBy, ulong Damage, bool IsRepeated, long Delay, long AgainDelay, bool Overtakes);

/// <summary>What a rule did on one direction of a link.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Seen">So many messages concerned it.</param>
/// <param name="Hit">So many of them it struck.</param>
public readonly record struct LinkCount(string Rule, long Seen, long Hit);

/// <summary>
/// Decides what becomes of the messages of one direction of a link. It has no dice: a fate follows from the rule's seed, the
/// link, and how many messages the rule has seen on it, so that the n-th of them fares the same in each run and in each host.
/// Not safe for several threads.
/// </summary>
public sealed class LinkFates(NodeId from, NodeId to)
{
    /// <summary>Further parts of a delay with a tail: the chance of the last one is one in a million.</summary>
    private const int TailParts = 20;

    private const ulong Strikes = 1;
    private const ulong Draws = 2;
    private const ulong DrawsAgain = 3;
    private const ulong DrawsTail = 16;

    private Entry[] _entries = [];

    /// <summary>Whether a rule wants to know how large messages are.</summary>
    public bool NeedsBytes { get; private set; }

    public bool IsEmpty => _entries.Length == 0;

    public IEnumerable<LinkCount> Counts => _entries.Select(entry => new LinkCount(entry.Rule.Id, entry.Seen, entry.Hit));

    /// <summary>These rules hold from now on, as far as they concern the link. One that held before goes on counting.</summary>
    public void Obey(Seq<LinkRule> rules)
    {
        var before = _entries;
        _entries = [.. rules.Where(rule => rule.Concerns(from, to)).Select(rule =>
            Array.Find(before, entry => entry.Rule == rule) ?? new Entry(rule, Salt(rule)))];
        NeedsBytes = Array.Exists(_entries, entry => entry.Rule is LinkRule.Bandwidth);
    }

    /// <summary>The fate of the next message.</summary>
    /// <param name="scenario">Whose message it is.</param>
    /// <param name="message">The name of its type: see <see cref="MessageNames"/>.</param>
    /// <param name="bytes">Its size, where <see cref="NeedsBytes"/>.</param>
    /// <param name="now">In microseconds, of any clock that does not go back.</param>
    public LinkFate Next(string scenario, string message, int bytes, long now)
    {
        var fate = default(LinkFate);
        foreach (var entry in _entries)
        {
            if (entry.Rule.Concerns(scenario, message) && entry.Strikes())
            {
                fate = Add(fate, entry);
            }
        }

        return fate.LostTo is null && NeedsBytes ? Pass(fate, scenario, message, bytes, now) : fate;
    }

    private static LinkFate Add(in LinkFate fate, Entry entry) => entry.Rule switch
    {
        LinkRule.Drop => fate with { LostTo = fate.LostTo ?? entry.Rule.Id },
        LinkRule.Corrupt => fate with { DamagedBy = fate.DamagedBy ?? entry.Rule.Id, Damage = entry.Bits(Draws) },
        LinkRule.Duplicate => fate with { IsRepeated = true },
        LinkRule.Delay delay => fate with
        {
            Delay = fate.Delay + Extra(delay, entry, Draws),
            AgainDelay = fate.AgainDelay + Extra(delay, entry, DrawsAgain),
        },
        LinkRule.Reorder reorder => fate with
        {
            Overtakes = true,
            Delay = fate.Delay + entry.Between(0, Micros(reorder.Within), Draws),
            AgainDelay = fate.AgainDelay + entry.Between(0, Micros(reorder.Within), DrawsAgain),
        },
        _ => fate, // bandwidth comes last, when it is known what passes
    };

    /// <summary>A message, and its second copy, pass through each bandwidth behind those before.</summary>
    private LinkFate Pass(LinkFate fate, string scenario, string message, int bytes, long now)
    {
        var (once, again) = (0L, 0L);
        foreach (var entry in _entries)
        {
            if (entry.Rule is LinkRule.Bandwidth bandwidth && entry.Struck && entry.Rule.Concerns(scenario, message))
            {
                var takes = bytes * 1_000_000L / bandwidth.BytesPerSecond;
                var free = Math.Max(now, entry.FreeAt);
                once = Math.Max(once, free + takes - now);
                again = Math.Max(again, free + (2 * takes) - now);
                entry.FreeAt = free + (fate.IsRepeated ? 2 * takes : takes);
            }
        }

        return fate with { Delay = fate.Delay + once, AgainDelay = fate.AgainDelay + again };
    }

    private static long Extra(LinkRule.Delay delay, Entry entry, ulong purpose)
    {
        var (least, most) = (Micros(delay.By - delay.Jitter), Micros(delay.By + delay.Jitter));
        if (!delay.HasTail)
        {
            return entry.Between(least, most, purpose);
        }

        // Each part is one part in TailParts of the range, and comes with one half of the chance of the one before.
        var part = Math.Max(1, (most - least) / TailParts);
        var extra = least;
        for (var parts = 0UL; parts < TailParts; parts++)
        {
            var bits = purpose + (DrawsTail * (parts + 1));
            extra += entry.Between(0, part, bits);
            if (entry.Bits(bits + (DrawsTail / 2)) % 2 == 0)
            {
                break;
            }
        }

        return Math.Min(extra, most);
    }

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Of what a rule draws on this link, from its seed: two rules of different kinds draw apart.</summary>
    private ulong Salt(LinkRule rule)
    {
        var hash = 0xCBF29CE484222325UL; // FNV-1a
        foreach (var one in Encoding.UTF8.GetBytes($"{rule.GetType().Name} {from}>{to}"))
        {
            hash = (hash ^ one) * 0x100000001B3UL;
        }

        return Mix(hash ^ Mix((ulong)rule.Seed));
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014): written out, for a seed means the same in every version of .NET.</summary>
    private static ulong Mix(ulong bits)
    {
        bits += 0x9E3779B97F4A7C15UL;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }

    private sealed class Entry(LinkRule rule, ulong salt)
    {
        public LinkRule Rule => rule;

        public long Seen { get; private set; }

        public long Hit { get; private set; }

        /// <summary>Whether the last message that it saw was struck.</summary>
        public bool Struck { get; private set; }

        /// <summary>When the last byte of what passes has passed.</summary>
        public long FreeAt { get; set; }

        public bool Strikes()
        {
            Seen++;
            // The draw is made even where the limit is reached, so that a limit shifts no fate.
            Struck = (Bits(LinkFates.Strikes) >> 11) < (ulong)(rule.Probability * (1UL << 53)) && !(Hit >= rule.Limit);
            Hit += Struck ? 1 : 0;
            return Struck;
        }

        public ulong Bits(ulong purpose) => Mix(Mix(salt + (ulong)Seen) + purpose);

        /// <summary>Both ends included.</summary>
        public long Between(long least, long most, ulong purpose) => least >= most
            ? least
            : least + (long)Math.BigMul(Bits(purpose), (ulong)(most - least) + 1, out _);
    }
}

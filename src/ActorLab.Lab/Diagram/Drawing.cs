using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// What of a picture is drawn: the events that stand on lanes, and the messages between them. Sendings, notes and reports
/// belong to the turn that made them, and are drawn as its arrows and its text.
/// </summary>
internal sealed class Drawing
{
    private static readonly string[] SaidTwice = ["Crash", "Restart", "PowerCut", "Pause", "Resume"];

    private readonly Dictionary<Address, int> _lanes = [];
    private readonly int[] _placeOf; // of each event of the picture: its mark
    private readonly Dictionary<long, int> _letterOf = []; // of each sending: its first message

    public Drawing(Picture picture)
    {
        Picture = picture;
        Lanes = picture.Lanes;
        Nodes = Lanes.Select(lane => lane.Node).Distinct().ToList();
        for (var i = 0; i < Lanes.Count; i++)
        {
            _lanes[Lanes[i]] = i;
        }

        _placeOf = new int[picture.Events.Count];
        foreach (var one in picture.Events)
        {
            Place(one);
        }
    }

    public Picture Picture { get; }

    public Seq<Address> Lanes { get; }

    public List<NodeId> Nodes { get; }

    public List<Mark> Marks { get; } = [];

    public List<Letter> Letters { get; } = [];

    /// <summary>While a node, or a role, was down or paused: from mark to mark, the last one -1 where it did not end.</summary>
    public List<Spell> Spells { get; } = [];

    /// <summary>While links were cut.</summary>
    public List<CutSpell> Cuts { get; } = [];

    /// <summary>The mark after which the claim was broken; -1 where none was, or there is no such one.</summary>
    public int ViolationAt => Picture.Violation is { } violation ? MarkOf(violation.Event) : -1;

    public int LoopsTo => Picture.LoopsTo is { } from ? MarkOf(from) : -1;

    /// <summary>The lane of a role; -1 for the network, users and whole nodes.</summary>
    private int LaneOf(Address? address) => address is { } known && _lanes.TryGetValue(known, out var lane) ? lane : -1;

    private int MarkOf(long index) => index < 0 || index >= _placeOf.Length ? -1 : _placeOf[index];

    private int CauseOf(TraceEvent one) => one.Cause >= 0 && one.Cause < one.Index ? _placeOf[one.Cause] : -1;

    private void Place(PictureEvent recorded)
    {
        var one = recorded.Trace;
        var cause = CauseOf(one);
        if (one.Kind == TraceKind.Violation)
        {
            _placeOf[one.Index] = cause >= 0 ? cause : Marks.Count - 1;
            return;
        }

        if (one.Kind is TraceKind.Send or TraceKind.Note or TraceKind.Report && cause >= 0)
        {
            _placeOf[one.Index] = cause;
            if (one.Kind == TraceKind.Send)
            {
                Send(one, cause);
            }
            else
            {
                (Marks[cause].Notes ??= []).Add(one.Kind == TraceKind.Note ? one.Text : $"reports {one.Text}");
            }

            return;
        }

        if (one.Kind == TraceKind.Fault && IsSaidTwice(one.Text))
        {
            _placeOf[one.Index] = Marks.Count - 1;
            return;
        }

        var place = _placeOf[one.Index] = Marks.Count;
        Marks.Add(new Mark(recorded, LaneOf(one.Where), LaneOf(one.Peer), cause));
        switch (one.Kind)
        {
            case TraceKind.Send:
                Send(one, place);
                break;
            case TraceKind.Deliver or TraceKind.Drop when _letterOf.TryGetValue(one.Cause, out var letter):
                Marks[place].Letter = Arrive(letter, place, one.Kind == TraceKind.Drop);
                break;
            case TraceKind.Duplicate when _letterOf.TryGetValue(one.Cause, out var letter):
                Marks[place].Letter = letter;
                break;
            case TraceKind.Crash or TraceKind.Stop or TraceKind.Pause:
                End(one, place);
                Spells.Add(new Spell(place, -1, one.Kind == TraceKind.Pause, LanesOf(one.Where)));
                break;
            case TraceKind.Restart or TraceKind.Resume or TraceKind.Boot:
                End(one, place);
                break;
            case TraceKind.Fault when recorded.Cuts is { } cuts:
                Cut(cuts, place, recorded.Trace.Text.StartsWith("flap", StringComparison.OrdinalIgnoreCase));
                break;
            default: // nothing beyond its mark
                break;
        }
    }

    /// <summary>A fault whose effect on each node is an event of its own.</summary>
    private bool IsSaidTwice(string fault) => Marks.Count > 0
        && SaidTwice.Any(name => fault.StartsWith(name, StringComparison.Ordinal));

    private void Send(TraceEvent one, int from)
    {
        _letterOf[one.Index] = Letters.Count;
        Letters.Add(new Letter(from, -1, one.At, one.Text, LaneOf(one.Peer), IsLost: false));
    }

    /// <summary>A message arrives or is lost: a second copy of it is drawn as a message of its own.</summary>
    private int Arrive(int letter, int to, bool isLost)
    {
        if (Letters[letter].To < 0)
        {
            Letters[letter] = Letters[letter] with { To = to, IsLost = isLost };
            return letter;
        }

        Letters.Add(Letters[letter] with { To = to, IsLost = isLost });
        return Letters.Count - 1;
    }

    private int[] LanesOf(Address where) => LaneOf(where) is var lane and >= 0
        ? [lane]
        : [.. Enumerable.Range(0, Lanes.Count).Where(i => Lanes[i].Node == where.Node)];

    /// <summary>Who goes on is paused no more, and so is who crashes; who boots is down no more.</summary>
    private void End(TraceEvent one, int place)
    {
        var endsPause = one.Kind is TraceKind.Resume or TraceKind.Crash or TraceKind.Stop or TraceKind.Pause;
        for (var i = Spells.Count - 1; i >= 0; i--)
        {
            var spell = Spells[i];
            if (spell.To < 0 && spell.IsPause == endsPause
                && LanesOf(one.Where).Intersect(spell.Lanes).Any())
            {
                Spells[i] = spell with { To = place };
            }
        }
    }

    private void Cut(Set<Link> links, int place, bool flaps)
    {
        if (Cuts.Count > 0 && Cuts[^1] is { To: < 0 } last)
        {
            if (last.Links == links && last.Flaps == flaps)
            {
                return; // another node was told of the same plan
            }

            Cuts[^1] = last with { To = place };
        }

        if (!links.IsEmpty)
        {
            Cuts.Add(new CutSpell(place, -1, links, flaps));
        }
    }
}

/// <summary>An event that is drawn.</summary>
/// <param name="Event">The event.</param>
/// <param name="Lane">Where it stands; -1 for what happens to no single role.</param>
/// <param name="Peer">The lane of the other end; -1 for none.</param>
/// <param name="Cause">The mark that led to it; -1 for a first cause.</param>
internal sealed record Mark(PictureEvent Event, int Lane, int Peer, int Cause)
{
    /// <summary>The message that arrived, was lost or was doubled; -1 for none.</summary>
    public int Letter { get; set; } = -1;

    public List<string>? Notes { get; set; }
}

/// <summary>A message that is drawn.</summary>
/// <param name="From">The mark of the turn that sent it.</param>
/// <param name="To">The mark of its receipt or its loss; -1 while it is under way.</param>
/// <param name="SentAt">When it left, which may be after the turn.</param>
/// <param name="Text">What it says.</param>
/// <param name="Lane">The receiver's; -1 for none.</param>
/// <param name="IsLost">Whether it was lost.</param>
internal sealed record Letter(int From, int To, long SentAt, string Text, int Lane, bool IsLost);

/// <summary>While lanes were down or paused.</summary>
internal sealed record Spell(int From, int To, bool IsPause, int[] Lanes);

/// <summary>While links were cut, from mark to mark; where they flap, by turns.</summary>
internal sealed record CutSpell(int From, int To, Set<Link> Links, bool Flaps = false)
{
    /// <summary>What to tell apart by colour: the sides; where all still hear each other, 1 for those whose links are cut and -1 for the others.</summary>
    public int[] ShadesOf(IReadOnlyList<NodeId> nodes) => SidesOf(nodes) is var sides && sides.Any(side => side > 0)
        ? sides
        : [.. nodes.Select(node => Links.Any(link => link.From == node || link.To == node) ? 1 : -1)];

    /// <summary>The sides of the partition: nodes that hear each other, by way of others too.</summary>
    public int[] SidesOf(IReadOnlyList<NodeId> nodes)
    {
        var sides = Enumerable.Range(0, nodes.Count).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < nodes.Count; a++)
            {
                for (var b = a + 1; b < nodes.Count; b++)
                {
                    if (sides[a] != sides[b]
                        && !Links.Contains(new Link(nodes[a], nodes[b])) && !Links.Contains(new Link(nodes[b], nodes[a])))
                    {
                        sides[b] = sides[a] = Math.Min(sides[a], sides[b]);
                        changed = true;
                    }
                }
            }
        }

        var numbers = sides.Distinct().Order().ToList();
        return [.. sides.Select(side => numbers.IndexOf(side))];
    }

    /// <summary>The partition in a few words: its sides, or the links where all still hear each other.</summary>
    public string Text(IReadOnlyList<NodeId> nodes)
    {
        var sides = SidesOf(nodes);
        var what = sides.Any(side => side > 0)
            ? string.Join(" | ", sides.Distinct().Order()
                .Select(side => string.Join(' ', nodes.Where((_, i) => sides[i] == side))))
            : $"cut {string.Join(' ', Links.Select(link => link.ToString()))}";
        return Flaps ? $"by turns: {what}" : what;
    }
}

using static ActorLab.Cluster.Crdt.CrdtUpdate;

namespace ActorLab.Cluster.Crdt;

/// <summary>
/// What a set of updates comes to, each with what its replica knew when it took it: the answers that a replica owes that
/// knows just these (Burckhardt and others 2014: a type is a function of the visible updates and of which saw which).
/// </summary>
public sealed class Knowledge
{
    /// <summary>
    /// Several properties ask the same of the same replica, and most of the time replicas know the same: a few replicas,
    /// before and after an update.
    /// </summary>
    [ThreadStatic]
    private static Recent<Knowledge>? _recent;

    private readonly Set<UpdateId> _known;
    private readonly Map<UpdateId, UpdateEvent> _events;
    private readonly List<(UpdateId Id, Add What, Set<UpdateId> Sees)> _adds = [];
    private readonly List<(UpdateId Id, Remove What, Set<UpdateId> Sees)> _removals = [];
    private readonly List<(UpdateId Id, Write What, Set<UpdateId> Sees)> _writes = [];
    private Set<string>? _elements;
    private Set<string>? _contested;
    private bool? _hasLostAWrite;

    private Knowledge(Set<UpdateId> known, Map<UpdateId, UpdateEvent> events)
    {
        (_known, _events) = (known, events);
        var latest = long.MinValue;

        // Both are sorted by the updates: one walk finds all, in their order.
        using var all = events.GetEnumerator();
        foreach (var id in known)
        {
            do
            {
                if (!all.MoveNext())
                {
                    throw new KeyNotFoundException($"A replica knows {id}, which none has taken.");
                }
            }
            while (all.Current.Key != id);

            var one = all.Current.Value;
            switch (one.What)
            {
                case Grow grow:
                    Grows += grow.By;
                    break;
                case Count count:
                    Counter += count.By;
                    break;
                case Add add:
                    _adds.Add((id, add, one.Sees));
                    break;
                case Remove remove:
                    _removals.Add((id, remove, one.Sees));
                    break;
                case Write write:
                    _writes.Add((id, write, one.Sees));
                    (LastWrite, latest) = one.Timestamp > latest ? (write.Value, one.Timestamp) : (LastWrite, latest);
                    break;
                default: // of the maps, for whose answers no property has a rule of its own
                    break;
            }
        }
    }

    public long Grows { get; }

    public long Counter { get; }

    /// <summary>The write of the latest time; of several, that of the first node. Null where there is none.</summary>
    public string? LastWrite { get; }

    /// <summary>Those of which some addition was seen by no removal.</summary>
    public Set<string> Elements => _elements ??= ElementsInForce();

    /// <summary>Those with an addition and a removal, not the first of all updates, that have not seen each other.</summary>
    public Set<string> Contested => _contested ??= _removals.Where(remove => !remove.Sees.IsEmpty)
        .Where(remove => _adds.Exists(add => add.What.Element == remove.What.Element && AreConcurrent(add, remove)))
        .Select(remove => remove.What.Element).ToSet();

    /// <summary>Whether there are two writes of which neither saw the other.</summary>
    public bool HasLostAWrite => _hasLostAWrite ??= _writes.Exists(one => _writes.Exists(other => AreConcurrent(one, other)));

    /// <exception cref="KeyNotFoundException">There was no such update.</exception>
    public static Knowledge Of(Set<UpdateId> known, Map<UpdateId, UpdateEvent> events)
    {
        var recent = _recent ??= new Recent<Knowledge>(8);
        return recent.Get(one => one._known == known && one._events == events, () => new Knowledge(known, events));
    }

    /// <summary>
    /// The latest ones of a node are looked at first: a late removal has seen most additions, and a late addition was seen
    /// by few removals.
    /// </summary>
    private Set<string> ElementsInForce()
    {
        var inForce = Set<string>.Empty;
        for (var i = _adds.Count - 1; i >= 0; i--)
        {
            var (id, add, _) = _adds[i];
            if (!inForce.Contains(add.Element)
                && _removals.FindLastIndex(remove => remove.What.Element == add.Element && remove.Sees.Contains(id)) < 0)
            {
                inForce = inForce.Add(add.Element);
            }
        }

        return inForce;
    }

    private static bool AreConcurrent<TOne, TOther>(
        (UpdateId Id, TOne What, Set<UpdateId> Sees) one, (UpdateId Id, TOther What, Set<UpdateId> Sees) other) =>
        one.Id != other.Id && !one.Sees.Contains(other.Id) && !other.Sees.Contains(one.Id);
}

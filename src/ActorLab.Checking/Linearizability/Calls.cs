using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>
/// The operations on one object, numbered for the search: first those that returned, in the order of their returns,
/// then those of unknown outcome, in the order of their invocations. A search stands before a return r: all that
/// returned earlier is linearized, so what else may be is among the operations that are open there. Each of these has
/// a slot, free again after its return: the set of linearized operations is a few bits, however long the history.
/// </summary>
internal sealed class Calls
{
    private Calls(int[] operation, int[] kind, int returned)
    {
        (Operation, Kind, Returned) = (operation, kind, returned);
        Slot = new int[operation.Length];
        Invoked = new int[operation.Length];
        InvocationOrder = new int[returned];
        Opened = new int[returned + 1];
        OptionalOpened = new int[returned + 1];
        EarlierTwin = new int[operation.Length];
    }

    /// <summary>By number: its place among the operations of the object.</summary>
    public int[] Operation { get; }

    public int[] Kind { get; }

    /// <summary>How many returned.</summary>
    public int Returned { get; }

    public int Count => Operation.Length;

    /// <summary>By number: its bit. Those of unknown outcome have theirs in the words after the others.</summary>
    public int[] Slot { get; }

    /// <summary>By number: how many operations that returned were invoked before it.</summary>
    public int[] Invoked { get; }

    /// <summary>The operations that returned, in the order of their invocations.</summary>
    public int[] InvocationOrder { get; }

    /// <summary>By return: how many of the operations that returned were invoked before it.</summary>
    public int[] Opened { get; }

    /// <summary>By return: how many of unknown outcome were invoked before it.</summary>
    public int[] OptionalOpened { get; }

    /// <summary>By number, of unknown outcome: the one of the same kind that was invoked last before; or -1.</summary>
    public int[] EarlierTwin { get; }

    /// <summary>Words for the slots of operations that return, and for those of unknown outcome.</summary>
    public int SlotWords { get; private set; }

    public int OptionalWords { get; private set; }

    /// <summary>What may change the state, by return at which it is open, in the order of their returns.</summary>
    public Lists Changes { get; private set; } = Lists.Empty;

    /// <summary>What only observes, in the same way.</summary>
    public Lists Observations { get; private set; } = Lists.Empty;

    /// <summary>The observations in the order of their invocations, and by return how many were invoked before it.</summary>
    public int[] ObservationOrder { get; private set; } = [];

    public int[] ObservationsOpened { get; private set; } = [];

    public static Calls Of(ReadOnlySpan<HistoryOperation> operations, ReadOnlySpan<int> kinds, Specification specification)
    {
        var returns = new List<(long At, int Place)>(operations.Length);
        var invocations = new List<(long At, int Place)>(operations.Length);
        var optional = 0;
        for (var i = 0; i < operations.Length; i++)
        {
            var operation = operations[i];
            if (kinds[i] == Specification.None)
            {
                continue;
            }

            if (operation.Outcome == Outcome.Ok)
            {
                returns.Add((operation.CompletedAt!.Value, i));
            }
            else if (specification.Observes(kinds[i]))
            {
                continue; // Whether it took effect makes no difference to anybody.
            }
            else
            {
                optional++;
            }

            invocations.Add((operation.InvokedAt, i));
        }

        returns.Sort();
        invocations.Sort();
        var order = new int[invocations.Count];
        var number = new int[operations.Length];
        for (var r = 0; r < returns.Count; r++)
        {
            order[r] = returns[r].Place;
            number[returns[r].Place] = r;
        }

        var next = returns.Count;
        foreach (var (_, place) in invocations)
        {
            if (operations[place].Outcome != Outcome.Ok)
            {
                number[place] = next;
                order[next++] = place;
            }
        }

        var kindOf = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            kindOf[i] = kinds[order[i]];
        }

        var calls = new Calls(order, kindOf, returns.Count);
        calls.Arrange(returns, invocations, number, optional, specification);
        return calls;
    }

    /// <summary>Walks through the events in their order; at the same moment invocations come first.</summary>
    private void Arrange(
        List<(long At, int Place)> returns, List<(long At, int Place)> invocations, int[] number, int optional,
        Specification specification)
    {
        var (slots, observed) = (new Slots(), new List<int>());
        var (open, changes, observations) = (new List<int>(), new Lists(Returned), new Lists(Returned));
        var twins = new Dictionary<int, int>();
        ObservationsOpened = new int[Returned + 1];
        var (next, opened, optionalOpened) = (0, 0, 0);
        for (var r = 0; r <= Returned; r++)
        {
            for (; next < invocations.Count && (r == Returned || invocations[next].At <= returns[r].At); next++)
            {
                var call = number[invocations[next].Place];
                Invoked[call] = opened;
                if (call >= Returned)
                {
                    Slot[call] = optionalOpened++;
                    EarlierTwin[call] = twins.GetValueOrDefault(Kind[call], -1);
                    twins[Kind[call]] = call;
                    continue;
                }

                InvocationOrder[opened++] = call;
                Slot[call] = slots.Take();
                open.Insert(~open.BinarySearch(call), call);
                if (specification.Observes(Kind[call]))
                {
                    observed.Add(call);
                }
            }

            (Opened[r], OptionalOpened[r], ObservationsOpened[r]) = (opened, optionalOpened, observed.Count);
            if (r < Returned)
            {
                foreach (var call in open)
                {
                    (specification.Observes(Kind[call]) ? observations : changes).Add(call);
                }

                changes.End();
                observations.End();
                open.RemoveAt(0);
                slots.Free(Slot[r]);
            }
        }

        (Changes, Observations, ObservationOrder) = (changes, observations, [.. observed]);
        SlotWords = (slots.Most + 63) / 64;
        OptionalWords = (optional + 63) / 64;
        for (var call = Returned; call < Count; call++)
        {
            Slot[call] += SlotWords * 64;
        }
    }

    /// <summary>A list for each return, in one array.</summary>
    internal sealed class Lists(int count)
    {
        public static readonly Lists Empty = new(0);

        private readonly List<int> _items = [];
        private readonly int[] _ends = new int[count + 1];
        private int _count;

        public ReadOnlySpan<int> this[int index] =>
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_items)[_ends[index].._ends[index + 1]];

        public void Add(int item) => _items.Add(item);

        public void End() => _ends[++_count] = _items.Count;
    }

    /// <summary>The smallest numbers that are free.</summary>
    private sealed class Slots
    {
        private readonly PriorityQueue<int, int> _free = new();

        public int Most { get; private set; }

        public int Take() => _free.TryDequeue(out var slot, out _) ? slot : Most++;

        public void Free(int slot) => _free.Enqueue(slot, slot);
    }
}

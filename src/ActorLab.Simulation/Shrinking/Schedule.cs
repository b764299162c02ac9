using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>What a schedule is made of; each may be left out.</summary>
internal enum ItemKind
{
    /// <summary>A clock that is off from the start: without it the clock is right.</summary>
    Clock,

    Fault,
    Operation,

    /// <summary>The arrival of a message between nodes: without it the message is lost.</summary>
    Message,

    /// <summary>The second arrival of a message.</summary>
    Repeat,
}

/// <summary>One operation, fault (or wrong clock) or message of a run, by its place among the decisions of that run.</summary>
internal readonly record struct Item(ItemKind Kind, int Index);

/// <summary>Which items of a recorded run are left, and until when it runs.</summary>
internal sealed class Schedule
{
    private readonly Decisions _recorded;
    private readonly Moments _moments;

    private Schedule(Decisions recorded, Moments moments, Item[] items, TimeSpan end) =>
        (_recorded, _moments, Items, End) = (recorded, moments, items, end);

    /// <summary>By kind, then in the order of the run.</summary>
    public Item[] Items { get; }

    /// <summary>When the property is violated.</summary>
    public TimeSpan End { get; }

    public ScheduleSize Size => new(
        Items.Count(item => item.Kind == ItemKind.Operation), Items.Count(item => item.Kind is ItemKind.Fault or ItemKind.Clock),
        Items.Count(item => item.Kind is ItemKind.Message or ItemKind.Repeat), End);

    /// <summary>All that was decided in a run.</summary>
    /// <param name="violated">The run.</param>
    /// <param name="mayLose">Messages may be lost: then each of them may be left out.</param>
    public static Schedule Of(SimulationResult violated, bool mayLose)
    {
        var recorded = violated.Decisions! with { OthersArrive = !mayLose };
        Item[] items =
        [
            .. Enumerable.Range(0, recorded.Clocks.Count).Select(i => new Item(ItemKind.Clock, i)),
            .. Enumerable.Range(0, recorded.Faults.Count).Select(i => new Item(ItemKind.Fault, i)),
            .. Enumerable.Range(0, recorded.Operations.Count).Select(i => new Item(ItemKind.Operation, i)),
            .. Messages(recorded, message => mayLose && !message.IsLocal).Select(i => new Item(ItemKind.Message, i)),
            .. Messages(recorded, message => message is { IsLocal: false, Again: not null }).Select(i => new Item(ItemKind.Repeat, i)),
        ];
        return new Schedule(recorded, violated.Moments!, items, violated.Violation!.At);
    }

    /// <summary>The same run with fewer items.</summary>
    public Schedule With(Item[] items) => new(_recorded, _moments, items, End);

    /// <summary>The schedule without what a run of it never came to: messages that were not sent.</summary>
    public Schedule After(SimulationResult result)
    {
        var sent = result.Decisions!.Messages.Select(message => (message.From, message.To, message.Number)).ToHashSet();
        var items = Items.Where(item => item.Kind is not (ItemKind.Message or ItemKind.Repeat)
            || sent.Contains(KeyOf(_recorded.Messages[item.Index]))).ToArray();
        return new Schedule(_recorded, _moments, items, result.Violation!.At);
    }

    /// <summary>The decisions that are left. Messages within a node are never lost, so they are no items and stay.</summary>
    public Decisions ToDecisions()
    {
        var repeats = Items.Where(item => item.Kind == ItemKind.Repeat).Select(item => item.Index).ToHashSet();
        return _recorded with
        {
            Clocks = Of(ItemKind.Clock).Select(i => _recorded.Clocks[i]).ToSeq(),
            Faults = Of(ItemKind.Fault).Select(i => _recorded.Faults[i]).ToSeq(),
            Operations = Of(ItemKind.Operation).Select(i => _recorded.Operations[i]).ToSeq(),
            Messages = (_recorded.OthersArrive ? Enumerable.Range(0, _recorded.Messages.Count).Where(i => !_recorded.Messages[i].IsLocal) : Of(ItemKind.Message))
                .Select(i => repeats.Contains(i) ? _recorded.Messages[i] : _recorded.Messages[i] with { Again = null })
                .Concat(_recorded.Messages.Where(message => message.IsLocal)).ToSeq(),
        };
    }

    /// <summary>The same, to be taken by its moments: see <see cref="Moments"/>.</summary>
    public (Decisions Decisions, LooseReplay Loosely) ToLooseDecisions()
    {
        var repeats = Of(ItemKind.Repeat).ToHashSet();
        var kept = Of(ItemKind.Message).ToHashSet();
        var removed = _recorded.OthersArrive ? [] : Messages(_recorded, message => !message.IsLocal).Where(i => !kept.Contains(i)).ToHashSet();
        var once = Messages(_recorded, message => message.Again is not null).Where(i => !repeats.Contains(i)).ToHashSet();
        return (ToDecisions() with { Messages = [], Draws = [] }, new LooseReplay(_moments, _recorded.Messages, removed, once));
    }

    /// <summary>When an item happens, in microseconds; a message, when it is sent.</summary>
    public long MomentOf(Item item) => item.Kind switch
    {
        ItemKind.Fault => _recorded.Faults[item.Index].At.Micros(),
        ItemKind.Operation => _recorded.Operations[item.Index].At.Micros(),
        ItemKind.Message or ItemKind.Repeat => _moments.Sent[item.Index],
        _ => 0,
    };

    /// <summary>What an item has in common with others: the kind of a fault, the target of an operation, the receiver of a message.</summary>
    public string GroupOf(Item item) => item.Kind switch
    {
        ItemKind.Fault => $"fault {GroupOf(_recorded.Faults[item.Index].Action)}",
        ItemKind.Operation => $"operation {_recorded.Operations[item.Index].Target}",
        ItemKind.Message => $"message {_recorded.Messages[item.Index].To}",
        _ => $"{item.Kind}",
    };

    /// <summary>Faults and operations of the last part of the run, as if it began then; all else is left to chance.</summary>
    public Decisions Last(TimeSpan time)
    {
        var from = End - time;
        return new Decisions
        {
            Clocks = Of(ItemKind.Clock).Select(i => _recorded.Clocks[i]).ToSeq(),
            Faults = Of(ItemKind.Fault).Select(i => _recorded.Faults[i]).Where(fault => fault.At >= from)
                .Select(fault => fault with { At = fault.At - from }).ToSeq(),
            Operations = Of(ItemKind.Operation).Select(i => _recorded.Operations[i]).Where(operation => operation.At >= from)
                .Select(operation => operation with { At = operation.At - from }).ToSeq(),
            OthersArrive = true,
        };
    }

    /// <summary>What ends a fault belongs to it.</summary>
    private static string GroupOf(FaultAction action) => action switch
    {
        FaultAction.Crash or FaultAction.PowerCut or FaultAction.Restart or FaultAction.RestartAll => "crash",
        FaultAction.Cut or FaultAction.Flap or FaultAction.Heal => "cut",
        FaultAction.Pause or FaultAction.Resume => "pause",
        FaultAction.BitRot or FaultAction.Repair => "rot",
        _ => action.GetType().Name,
    };

    private IEnumerable<int> Of(ItemKind kind) => Items.Where(item => item.Kind == kind).Select(item => item.Index);

    private static IEnumerable<int> Messages(Decisions recorded, Func<DecidedMessage, bool> which) =>
        Enumerable.Range(0, recorded.Messages.Count).Where(i => which(recorded.Messages[i]));

    private static (Address, Address, long) KeyOf(DecidedMessage message) => (message.From, message.To, message.Number);
}

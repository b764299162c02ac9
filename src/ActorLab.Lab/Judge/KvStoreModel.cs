using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// The lab's own key-value store: the specification is the state machine that its servers run. All commands but scans
/// touch one key.
/// </summary>
public sealed class KvStoreModel : StateMachineModel<KvState, KvCommand, KvReply>
{
    public static readonly KvStoreModel Instance = new();

    private KvStoreModel()
        : base("kv-store", "get, put, append, delete, cas and scan of the lab's own store; no key exists at the start", KvStore.Instance)
    {
    }

    public override string? ObjectOf(HistoryOperation operation) => operation.Command switch
    {
        KvCommand.Get get => get.Key,
        KvCommand.Put put => put.Key,
        KvCommand.Append append => append.Key,
        KvCommand.Delete delete => delete.Key,
        KvCommand.CompareAndSet cas => cas.Key,
        KvCommand.Scan { MaybeStale: true } => "", // Not judged, so no reason to judge all keys in one.
        KvCommand.Scan => null,
        KvCommand.Transact { OnlyReads: true, MaybeStale: true } => "",
        KvCommand.Transact => null,
        _ => throw Unknown(operation),
    };

    public override string Describe(HistoryOperation operation)
    {
        var asked = operation.Command switch
        {
            KvCommand.Get get => $"get {get.Key}{(get.MaybeStale ? ", maybe stale" : "")}",
            KvCommand.Put put => $"put {put.Key} {Shown(put.Value)}",
            KvCommand.Append append => $"append {append.Key} {Shown(append.Value)}",
            KvCommand.Delete delete => $"delete {delete.Key}",
            KvCommand.CompareAndSet cas => $"cas {cas.Key} {Shown(cas.Expected)} to {Shown(cas.Value)}",
            KvCommand.Scan scan => $"scan from {Shown(scan.From)}, {scan.Limit} at most{(scan.MaybeStale ? ", maybe stale" : "")}",
            KvCommand.Transact transact => Canonical.Text(transact),
            _ => throw Unknown(operation),
        };
        return (operation.Outcome, operation.Reply) switch
        {
            (Outcome.Unknown, _) => $"{asked}: unknown",
            (Outcome.Failed, _) => $"{asked}: failed",
            (_, KvReply.Found found) => $"{asked}: {Shown(found.Value)}",
            (_, KvReply.Missing) => $"{asked}: nil",
            (_, KvReply.Appended appended) => $"{asked}: {appended.Bytes} bytes",
            (_, KvReply.Deleted { Existed: var existed }) => $"{asked}: {(existed ? "existed" : "did not exist")}",
            (_, KvReply.Differs differs) => $"{asked}: differs, {Shown(differs.Actual)}",
            (_, KvReply.Page page) => $"{asked}: {string.Join(", ", page.Pairs.Select(pair => $"{pair.Key} {Shown(pair.Value)}"))}",
            (_, KvReply.Transacted done) => $"{asked}: {Canonical.Text(done)}",
            (_, KvReply.TooLarge large) => $"{asked}: {large.Reason}",
            _ => asked,
        };
    }

    protected override Specification SpecificationOf(IReadOnlyList<MachineKind<KvCommand, KvReply>> kinds) =>
        new KvStoreSpecification(kinds);

    private static string Shown(string? value) => value switch { null => "nil", "" => "\"\"", _ => value };
}

/// <summary>One key of the store, or all where there is a scan.</summary>
internal sealed class KvStoreSpecification(IReadOnlyList<MachineKind<KvCommand, KvReply>> kinds)
    : MachineSpecification<KvState, KvCommand, KvReply>(kinds.Any(kind => kind.Command is KvCommand.Transact) ? KvStore.Instance : KvStore.WithoutVersions, kinds)
{
    private readonly bool _grows = kinds.Any(kind => kind.Command is KvCommand.Append);

    public override bool HasForesight { get; } = kinds.All(kind => kind.Command is not (KvCommand.Scan or KvCommand.Transact));

    public override bool Observes(int kind) => base.Observes(kind)
        || KindOf(kind).Reply is KvReply.Differs or KvReply.TooLarge or KvReply.Deleted { Existed: false };

    public override bool Demands(int kind) => KindOf(kind) switch
    {
        { Command: KvCommand.CompareAndSet } => true,
        { IsAnswered: false } or { Reply: KvReply.Done } => false,
        _ => true,
    };

    public override int Overwrites(int kind) => KindOf(kind) switch
    {
        { Command: KvCommand.Put put, Reply: null or KvReply.Done } => With(put.Key, put.Value),
        { Command: KvCommand.CompareAndSet cas, Reply: null or KvReply.Swapped } => With(cas.Key, cas.Value),
        { Command: KvCommand.Delete } => Initial,
        _ => None,
    };

    public override bool Leads(int state, int kind)
    {
        var values = StateOf(state).Values;
        return KindOf(kind) switch
        {
            { Command: KvCommand.Get get, Reply: KvReply.Found found } => Grows(values.Find(get.Key), found.Value),
            { Command: KvCommand.Get get, Reply: KvReply.Missing } => !values.ContainsKey(get.Key),
            { Command: KvCommand.Append append, Reply: KvReply.Appended appended } =>
                KvLimits.BytesOf(values.FindOr(append.Key, "")) + KvLimits.BytesOf(append.Value) <= appended.Bytes,
            { Command: KvCommand.Delete delete, Reply: KvReply.Deleted deleted } =>
                deleted.Existed ? _grows || values.ContainsKey(delete.Key) : !values.ContainsKey(delete.Key),
            { Command: KvCommand.CompareAndSet cas, Reply: KvReply.Differs differs } => Grows(values.Find(cas.Key), differs.Actual),
            { Command: KvCommand.CompareAndSet cas, Reply: null or KvReply.Swapped } => Grows(values.Find(cas.Key), cas.Expected),
            _ => true,
        };
    }

    public override bool Grows(int state, int kind, int goal)
    {
        if (KindOf(kind).Command is not KvCommand.Append append)
        {
            return true;
        }

        var value = StateOf(state).Values.FindOr(append.Key, "");
        return KindOf(goal) switch
        {
            { Reply: KvReply.Found found } => HasAt(found.Value, value, append.Value),
            { Reply: KvReply.Differs { Actual: { } actual } } => HasAt(actual, value, append.Value),
            { Command: KvCommand.CompareAndSet { Expected: { } expected }, Reply: null or KvReply.Swapped } => HasAt(expected, value, append.Value),
            { Command: KvCommand.Append next, Reply: KvReply.Appended appended } =>
                KvLimits.BytesOf(value) + KvLimits.BytesOf(append.Value) + KvLimits.BytesOf(next.Value) <= appended.Bytes,
            _ => true,
        };
    }

    private static bool HasAt(string text, string before, string tail) =>
        text.Length >= before.Length + tail.Length && text.AsSpan(before.Length).StartsWith(tail);

    /// <summary>Whether appends may make one value of another; nothing makes a value missing but what overwrites.</summary>
    private bool Grows(string? value, string? later) => value == later
        || (_grows && later is not null && later.StartsWith(value ?? "", StringComparison.Ordinal));

    private int With(string key, string value) => NumberOf(KvState.Empty.With(key, value));
}

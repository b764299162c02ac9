namespace ActorLab.Core;

/// <summary>
/// Who may not be passed over for ever. Steps with equal keys form one action. Weak: an action that stays enabled is
/// taken; strong: one that is enabled again and again is taken. A step that changes nothing does not count, neither as
/// enabled nor as taken.
/// </summary>
/// <param name="Name">For people, such as <c>weak fairness of every delivery</c>.</param>
/// <param name="IsStrong">Strong or weak.</param>
/// <param name="ActionOf">The action that a step belongs to, a value with equality; null for a step that may be passed over.</param>
public sealed record Fairness(string Name, bool IsStrong, Func<StepLabel, object?> ActionOf)
{
    /// <summary>
    /// The fairness of Fischer, Lynch and Paterson: every message to a live node is delivered in the end, each envelope
    /// being an action of its own.
    /// </summary>
    public static readonly Fairness EveryDelivery = new(
        "every message to a live node is delivered in the end", false,
        step => step.Kind == StepKind.Deliver ? step : null);

    /// <summary>Every armed timer expires in the end, unless it is cancelled or started anew.</summary>
    public static readonly Fairness EveryTimer = new(
        "every armed timer expires in the end", false, step => step.Kind == StepKind.Expire ? step : null);

    /// <summary>What users ask for is put in in the end.</summary>
    public static readonly Fairness EveryOperation = new(
        "every operation is put in in the end", false, step => step.Kind == StepKind.Operation ? step : null);

    public static readonly Fairness EveryRestart = new(
        "every node that is down restarts in the end", false, step => step.Kind == StepKind.Restart ? step : null);

    /// <summary>Of each process, all its steps together: it does not stop while it can go on.</summary>
    public static Fairness PerProcess(bool strong = false) => new(
        $"{Strength(strong)} fairness of each process", strong,
        step => IsOwn(step) ? step.Process : null);

    /// <summary>Of all steps of the roles with a name, each address for itself, such as <c>acceptor</c>.</summary>
    public static Fairness OfRole(string role, bool strong = false) => new(
        $"{Strength(strong)} fairness of {role}", strong,
        step => IsOwn(step) && step.Process.EndsWith($"/{role}", StringComparison.Ordinal) ? step.Process : null);

    /// <summary>Of each label and process; of all labels where none is named.</summary>
    public static Fairness PerLabel(bool strong, params string[] labels) => new(
        $"{Strength(strong)} fairness of {(labels.Length == 0 ? "each label" : string.Join(", ", labels))}", strong,
        step => IsOwn(step) && (labels.Length == 0 || labels.Contains(step.Name)) ? (step.Process, step.Name) : null);

    private static string Strength(bool strong) => strong ? "strong" : "weak";

    private static bool IsOwn(StepLabel step) =>
        step.Kind is StepKind.Deliver or StepKind.Expire or StepKind.Operation or StepKind.Step;
}

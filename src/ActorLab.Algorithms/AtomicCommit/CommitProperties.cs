using ActorLab.Core;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>
/// AC1 to AC5 (section 7.3), and what they are for: no money is made or lost, none is spent twice. A claim about the past is
/// judged where the past changes, see <see cref="CommitObserver"/>.
/// </summary>
/// <param name="options">What is on the accounts at first.</param>
/// <param name="participants">The nodes that have accounts.</param>
public sealed class CommitProperties(CommitOptions options, Set<NodeId> participants)
{
    public const string AC1 = "AC1";
    public const string AC2 = "AC2";
    public const string AC3 = "AC3";
    public const string AC4 = "AC4";
    public const string AC5 = "AC5";
    public const string Conservation = "Money Is Conserved";
    public const string NoOverdraft = "No Overdraft";
    public const string BlockedOnCommit = "Blocked On Commit";
    public const string BlockedOnAbort = "Blocked On Abort";

    /// <summary>What must hold in every world, whatever crashes and gets lost.</summary>
    public Seq<Property> Safety =>
    [
        OfCourses(AC1, "All processes that reach a decision reach the same one."),
        OfCourses(AC2, "A process cannot reverse its decision after it has reached one."),
        OfCourses(AC3, "The Commit decision can only be reached if all processes voted Yes."),
        OfCourses(AC4, "If there are no failures and all processes voted Yes, then the decision will be to Commit."),
        new Property.Always(
            Conservation,
            "What is on all accounts, with what is committed and not yet entered, is what there was at first.", IsConserved),
        new Property.Always(
            NoOverdraft, "No account has less than is held of it, and none less than nothing.",
            world => world.All<ParticipantState>().All(one => one.State.Disk.Balances.All(account =>
                account.Value >= one.State.Disk.HeldOf(account.Key)))),
    ];

    /// <summary>What comes true where every node that crashed starts again.</summary>
    public static readonly Property.Temporal Termination = new(
        AC5, "If all failures are repaired and no new ones occur for long enough, all processes reach a decision.",
        Formula.AlwaysEventually(new Formula.Now(
            "some node is down, or no process waits for a decision",
            world => NobodyWaits(world) || !world.Addresses.All(world.IsUp))));

    /// <summary>
    /// What two-phase commit does not have (section 7.4: a process can be blocked). For explorations in which a node may
    /// stay down for ever.
    /// </summary>
    public static readonly Property.Temporal NonBlocking = new(
        "Non-Blocking", "The processes that run reach a decision, whoever is down and stays so.",
        Formula.AlwaysEventually(new Formula.Now("no running process waits for a decision", NobodyWaits)));

    /// <summary>The interesting cases of a transfer over several nodes.</summary>
    public static readonly Seq<Property> Cases =
    [
        new Property.Sometimes(
            "All Commit", "Every participant of a transaction has committed it.",
            world => AllDecided(world, Decision.Commit)),
        new Property.Sometimes(
            "All Abort", "Every participant of a transaction has aborted it.", world => AllDecided(world, Decision.Abort)),
    ];

    /// <summary>
    /// The two sides of blocking: the participants are in the same states, the coordinator is down, and what it decided is
    /// the one or the other. A participant that decides without it is wrong in one of the two.
    /// </summary>
    public static readonly Seq<Property> Blocking =
    [
        new Property.Sometimes(
            BlockedOnCommit, "All participants run and are in doubt, and the coordinator that committed is down.",
            world => IsBlocked(world, Decision.Commit)),
        new Property.Sometimes(
            BlockedOnAbort, "All participants run and are in doubt, and the coordinator that aborted is down.",
            world => IsBlocked(world, Decision.Abort)),
    ];

    /// <summary>Cooperative termination does some good.</summary>
    public static readonly Property Helped = new Property.Sometimes(
        "Told By A Peer", "A participant in doubt learns the decision from another participant.",
        world => world.Observed(CommitObserver.Helped));

    /// <summary>Which claims a transaction breaks.</summary>
    internal static IEnumerable<string> BrokenBy(Course course)
    {
        var (commit, abort) = (course.Has(Decision.Commit), course.Has(Decision.Abort));
        if (commit && abort)
        {
            yield return AC1;
        }

        if (course.Decisions.Values.Any(made => made.Count > 1))
        {
            yield return AC2;
        }

        if (commit && !course.IsUnanimous)
        {
            yield return AC3;
        }

        if (abort && course.IsUnanimous && !course.Disturbed)
        {
            yield return AC4;
        }
    }

    private static Property.Always OfCourses(string name, string claim) =>
        new(name, claim, world => !world.Observed(CommitObserver.Courses).Broken.Contains(name));

    private bool IsConserved(IWorld world)
    {
        var courses = world.Observed(CommitObserver.Courses).ById;
        var total = 0L;
        foreach (var (_, participant) in world.All<ParticipantState>())
        {
            total += participant.Disk.Balances.Values.Sum();
            foreach (var (transaction, prepared) in participant.Disk.Prepared)
            {
                total += courses.TryGetValue(transaction, out var course) && course.Has(Decision.Commit)
                    ? prepared.Changes.Values.Sum()
                    : 0;
            }
        }

        return total == participants.Count * options.AccountsEach * options.Funds;
    }

    private static bool NobodyWaits(IWorld world) =>
        world.Running<CoordinatorState>().All(one => one.State.Open.IsEmpty)
        && world.Running<ParticipantState>().All(one => one.State.Disk.Prepared.IsEmpty);

    private static bool AllDecided(IWorld world, Decision decision)
    {
        foreach (var (_, course) in world.Observed(CommitObserver.Courses).ById)
        {
            if (course.Participants.All(node => course.Decisions.FindOr(Participant.On(node), []).Contains(decision)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBlocked(IWorld world, Decision decision)
    {
        foreach (var (_, participant) in world.Running<ParticipantState>())
        {
            foreach (var (transaction, prepared) in participant.Disk.Prepared)
            {
                var coordinator = new Address(transaction.Coordinator, Coordinator.RoleName);
                if (!world.IsUp(coordinator)
                    && prepared.Participants.All(node => world.IsUp(Participant.On(node))
                        && world.StateAt(Participant.On(node)) is ParticipantState one
                            && one.Disk.Prepared.ContainsKey(transaction))
                    && world.Observed(CommitObserver.Courses).ById.TryGetValue(transaction, out var course)
                    && course.Decisions.FindOr(coordinator, []).Contains(decision))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

using ActorLab.Core;
using static ActorLab.Algorithms.AtomicCommit.CommitMessage;

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>What became of one transaction so far.</summary>
/// <param name="Participants">Whose votes it takes.</param>
/// <param name="Yes">Who ever voted Yes.</param>
/// <param name="Disturbed">Its coordinator stopped waiting for votes, or crashed before it decided.</param>
/// <param name="Decisions">What each process ever decided.</param>
public sealed record Course(
    Set<NodeId> Participants, Set<NodeId> Yes, bool Disturbed, Map<Address, Set<Decision>> Decisions)
{
    public bool Has(Decision decision) => Decisions.Values.Any(made => made.Contains(decision));

    public bool IsUnanimous => Yes == Participants;
}

/// <summary>All transactions so far, and which claims one of them broke.</summary>
public sealed record Courses(Map<TransactionId, Course> ById, Set<string> Broken)
{
    public static readonly Courses None = new(default, []);
}

/// <summary>Follows the votes and decisions of all processes, crashes or not.</summary>
public static class CommitObserver
{
    public static readonly Observer<Courses> Courses = new("courses", AtomicCommit.Courses.None, Fold);

    /// <summary>Whether a participant in doubt was ever told the decision by another participant.</summary>
    public static readonly Observer<bool> Helped = new("helped", false, (helped, turn) => helped || IsHelp(turn));

    private static bool IsHelp(Happening turn) => turn is
    {
        Input: Input.Deliver { Sender.Role: Participant.RoleName, Message: Decide(var transaction, _) },
        Before: ParticipantState before,
    }
        && before.Disk.Prepared.ContainsKey(transaction);

    private static Courses Fold(Courses courses, Happening turn) => turn.After switch
    {
        CoordinatorState after when turn.Before is CoordinatorState before =>
            Told(Coordinated(courses, turn, before, after), turn),
        CoordinatorState after => Recovered(courses, turn.Where, after),
        ParticipantState after when turn.Before is ParticipantState before =>
            Participated(courses, turn, before.Disk, after.Disk),
        _ => courses,
    };

    private static Courses Coordinated(Courses courses, Happening turn, CoordinatorState before, CoordinatorState after)
    {
        if (before.Open == after.Open)
        {
            return courses;
        }

        foreach (var (transaction, voting) in after.Open)
        {
            if (!before.Open.ContainsKey(transaction))
            {
                courses = With(courses, transaction, new Course(voting.Participants, [], false, default));
            }
        }

        foreach (var (transaction, _) in before.Open)
        {
            if (!after.Open.ContainsKey(transaction))
            {
                var course = courses.ById[transaction];
                courses = With(courses, transaction, Decided(
                    course with { Disturbed = course.Disturbed || turn.Input is Input.Expire }, turn.Where,
                    after.Disk.Committed.ContainsKey(transaction) ? Decision.Commit : Decision.Abort));
            }
        }

        return courses;
    }

    /// <summary>
    /// What a coordinator tells it has decided, for whoever hears it does so. When all participants have decided, nobody
    /// hears it any more: of a Commit that all acknowledged it says Abort, to a question that is late.
    /// </summary>
    private static Courses Told(Courses courses, Happening turn)
    {
        foreach (var effect in turn.Effects)
        {
            if (effect is Effect.Send { Message: Decide(var transaction, var decision) }
                && courses.ById.TryGetValue(transaction, out var course)
                && !course.Decisions.FindOr(turn.Where, []).Contains(decision)
                && course.Participants.Any(node => !course.Decisions.ContainsKey(Participant.On(node))))
            {
                courses = With(courses, transaction, Decided(course, turn.Where, decision));
            }
        }

        return courses;
    }

    /// <summary>Presumed abort: by starting without it a coordinator decides to abort what it did not log.</summary>
    private static Courses Recovered(Courses courses, Address where, CoordinatorState after)
    {
        foreach (var (transaction, course) in courses.ById)
        {
            if (transaction.Coordinator == where.Node && !course.Decisions.ContainsKey(where)
                && !after.Disk.Committed.ContainsKey(transaction))
            {
                courses = With(courses, transaction, Decided(course with { Disturbed = true }, where, Decision.Abort));
            }
        }

        return courses;
    }

    private static Courses Participated(Courses courses, Happening turn, ParticipantDisk before, ParticipantDisk after)
    {
        foreach (var effect in turn.Effects)
        {
            if (effect is Effect.Send { Message: Vote { Yes: true } vote }
                && courses.ById.TryGetValue(vote.Transaction, out var asked) && !asked.Yes.Contains(turn.Where.Node))
            {
                courses = With(courses, vote.Transaction, asked with { Yes = asked.Yes.Add(turn.Where.Node) });
            }
        }

        if (before.Decided == after.Decided)
        {
            return courses;
        }

        foreach (var (transaction, decision) in after.Decided)
        {
            if ((!before.Decided.TryGetValue(transaction, out var known) || known != decision)
                && courses.ById.TryGetValue(transaction, out var course))
            {
                courses = With(courses, transaction, Decided(course, turn.Where, decision));
            }
        }

        return courses;
    }

    private static Course Decided(Course course, Address where, Decision decision) => course with
    {
        Decisions = course.Decisions.Set(where, course.Decisions.FindOr(where, []).Add(decision)),
    };

    private static Courses With(Courses courses, TransactionId transaction, Course course) => new(
        courses.ById.Set(transaction, course), courses.Broken.Union(CommitProperties.BrokenBy(course)));
}

namespace ActorLab.Algorithms.AtomicCommit;

/// <summary>How the roles behave. The same on all nodes.</summary>
public sealed record CommitOptions
{
    public static readonly CommitOptions Default = new();

    /// <summary>How long a coordinator waits for votes, at least, before it aborts.</summary>
    public TimeSpan VotesEarliest { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan VotesLatest { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a participant in doubt waits, at least, before it asks, and asks again.</summary>
    public TimeSpan DoubtEarliest { get; init; } = TimeSpan.FromMilliseconds(700);

    public TimeSpan DoubtLatest { get; init; } = TimeSpan.FromMilliseconds(1_000);

    /// <summary>How often a coordinator tells a Commit again to those that have not acknowledged it.</summary>
    public TimeSpan Resend { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a coordinator waits for ledgers before it answers with those that it has.</summary>
    public TimeSpan Ledgers { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Participants in doubt ask each other too, not only the coordinator (section 7.4: cooperative termination).
    /// </summary>
    public bool Cooperative { get; init; } = true;

    /// <summary>
    /// Nobody repeats himself: participants in doubt wait without asking, and a Commit is told once. The protocol as it is
    /// without failures.
    /// </summary>
    public bool Patient { get; init; }

    /// <summary>A participant may also vote No for reasons of its own: shows both votes in one exploration.</summary>
    public bool Whims { get; init; }

    /// <summary>The accounts that each participant has at first.</summary>
    public int AccountsEach { get; init; } = 3;

    /// <summary>What is on each of them at first.</summary>
    public long Funds { get; init; } = 100;
}

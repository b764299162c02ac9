using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;

namespace ActorLab.Algorithms.Termination;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class TerminationMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "looks-at-processes-only",
            "Section 5: a computation is over when all processes are passive and all channels empty.",
            "Worker.cs, IsOver", TerminationProperties.NoFalseDetection, worker => new LooksAtProcessesOnly(worker)),
        Of(
            "looks-once", "Section 5: who detects a stable property takes snapshots until one has it.",
            "Worker.cs, LookAgain", TerminationProperties.EndIsDetected, worker => new LooksOnce(worker)),
        AskedAgain(Of(
            "answers-who-asked-later", "Section 5: what a snapshot tells was true after it began, not of what came later.",
            "Worker.cs, FirstFor", TerminationProperties.NoFalseDetection, worker => new AnswersWhoAskedLater(worker))),
    ];

    private static Mutant AskedAgain(Mutant mutant) => mutant with
    {
        Family = mutant.Family with
        {
            Parameters = mutant.Family.Parameters.Select(one => one.Name == "more" ? one with { Default = 1 } : one).ToSeq(),
        },
    };

    private static Mutant Of(
        string name, string givesUp, string where, string breaks, Func<AccountOptions, Account> process) => new(
        name, givesUp, where, [breaks], TerminationScenario.Family with
        {
            Name = $"{TerminationScenario.Name}:{name}",
            Summary = $"Termination detection, wrong on purpose: {name}.",
            Build = given => TerminationScenario.With(given, process),
        });

    private sealed class LooksAtProcessesOnly(AccountOptions options) : Worker(options)
    {
        protected override bool IsOver(GlobalSnapshot snapshot) => snapshot.InAccounts == 0;
    }

    private sealed class LooksOnce(AccountOptions options) : Worker(options)
    {
        protected override void LookAgain(Turn<BankMessage> turn)
        {
        }
    }

    private sealed class AnswersWhoAskedLater(AccountOptions options) : Worker(options)
    {
        protected override int FirstFor(AccountState state) => 0;
    }
}

using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>What any commit protocol must do (Gray and Lamport, "Consensus on Transaction Commit", 2006, section 2).</summary>
public static class TCommit
{
    public static readonly ModelFamily Family = new(
        "tcommit",
        "Transaction commit: what two-phase commit implements.",
        "tlaplus/Examples, specifications/transaction_commit/TCommit.tla",
        [new ScenarioParameter("rms", "how many resource managers", 3, 1, 9)],
        arguments => Of(arguments["rms"]));

    internal static Model Of(int managers, bool forgetsCommitted = false)
    {
        var rms = Set.Of(Enumerable.Range(1, managers).Select(i => new NodeId($"r{i}")));

        var m = new ModelBuilder("tcommit");
        var rmState = m.Table("rmState", rms, "working");

        bool CanCommit(State s) => rms.All(rm => rmState[s, rm] is "prepared" or "committed");
        bool NotCommitted(State s) => forgetsCommitted || rms.All(rm => rmState[s, rm] != "committed");

        m.Step("Prepare", rms, (s, rm) =>
        {
            s.Await(rmState[s, rm] == "working");
            rmState[s, rm] = "prepared";
        });
        m.Step("Commit", rms, (s, rm) =>
        {
            s.Await(rmState[s, rm] == "prepared");
            s.Await(CanCommit(s));
            rmState[s, rm] = "committed";
        });
        m.Step("Abort", rms, (s, rm) =>
        {
            s.Await(rmState[s, rm] is "working" or "prepared");
            s.Await(NotCommitted(s));
            rmState[s, rm] = "aborted";
        });

        m.Always(
            "TCConsistent", "No two resource managers decide differently.",
            s => !(rms.Any(rm => rmState[s, rm] == "aborted") && rms.Any(rm => rmState[s, rm] == "committed")));
        m.Sometimes("Committed", "All resource managers commit.", s => rms.All(rm => rmState[s, rm] == "committed"));
        m.Symmetric(rms);
        return m.Build();
    }
}

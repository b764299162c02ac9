using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Temporal properties, on the graph of all worlds.</content>
internal sealed partial class CheckRun
{
    /// <summary>Of each step the graph keeps where it leads and what it is called; the search for lassos some numbers a world.</summary>
    private string? WhyNoGraph(Explorer explorer) => explorer.WhyNoRoom(12, 64, "temporal properties need");

    /// <summary>The verdicts, as far as they came before an interruption.</summary>
    private Dictionary<int, Verdict> Temporal(Explorer explorer, ref string? stopped)
    {
        var verdicts = new Dictionary<int, Verdict>();
        try
        {
            JudgeTemporal(new StateGraph(_space, explorer.AllShards, _options.Cancellation), verdicts);
        }
        catch (OperationCanceledException)
        {
            stopped = "it was interrupted while temporal properties were judged";
        }

        return verdicts;
    }

    private void JudgeTemporal(StateGraph graph, Dictionary<int, Verdict> verdicts)
    {
        for (var i = 0; i < _asked.Length; i++)
        {
            if (!_asked[i] || _space.Properties[i] is not Property.Temporal property)
            {
                continue;
            }

            try
            {
                var lasso = LassoFinder.Find(graph, property.Formula, _space.Fairness);
                verdicts[i] = lasso is null
                    ? new Verdict(property, VerdictKind.Holds, null, null)
                    : new Verdict(property, VerdictKind.Violated, Tell(lasso), null);
            }
            catch (Exception error) when (error is not (NotSupportedException or OutOfMemoryException or OperationCanceledException))
            {
                verdicts[i] = new Verdict(property, VerdictKind.Violated, null, $"{error.GetType().Name}: {error.Message}");
            }
        }
    }

    private Story Tell(Lasso lasso) => Tell([lasso.Start, .. lasso.Stem, .. lasso.Cycle], lasso.Stem.Count);
}

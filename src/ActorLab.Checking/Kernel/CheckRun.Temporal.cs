using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Temporal properties, on the graph of all worlds.</content>
internal sealed partial class CheckRun
{
    private Dictionary<int, Verdict> Temporal(Explorer explorer)
    {
        var graph = new StateGraph(_space, explorer.AllShards);
        var verdicts = new Dictionary<int, Verdict>();
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
            catch (Exception error) when (error is not (NotSupportedException or OutOfMemoryException))
            {
                verdicts[i] = new Verdict(property, VerdictKind.Violated, null, $"{error.GetType().Name}: {error.Message}");
            }
        }

        return verdicts;
    }

    private Story Tell(Lasso lasso) => Tell([lasso.Start, .. lasso.Stem, .. lasso.Cycle], lasso.Stem.Count);
}

using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <content>Temporal properties, on the graph of all worlds.</content>
internal sealed partial class CheckRun
{
    /// <summary>Of each step the graph keeps where it leads and what it is called; the search for lassos some numbers a world.</summary>
    private string? WhyNoGraph(Explorer explorer)
    {
        const long BytesOfStep = 12;
        const long BytesOfWorld = 64;
        var wanted = (explorer.Generated * BytesOfStep) + (explorer.Distinct * BytesOfWorld) + explorer.MemoryBytes;
        return wanted <= _options.MemoryBytes
            ? null
            : $"all worlds are known, but temporal properties need the graph of all steps, with it about {wanted >> 20} MiB, "
                + $"and {_options.MemoryBytes >> 20} MiB were given";
    }

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

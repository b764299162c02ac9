namespace ActorLab.Checking.Kernel;

/// <content>Temporal properties, on the graph of all worlds.</content>
internal sealed partial class CheckRun
{
    private Dictionary<int, Verdict> Temporal(Explorer explorer) => throw new NotSupportedException("Temporal properties.");
}

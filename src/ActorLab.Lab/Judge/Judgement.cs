using System.Globalization;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A history with its verdict: what there is to be shown.</summary>
/// <param name="File">The history, and where it is in its file.</param>
/// <param name="Model">What it was held against.</param>
/// <param name="Result">The verdict.</param>
/// <param name="Command">The command line that judges it again.</param>
internal sealed record Judgement(FileHistory File, HistoryModel Model, LinearizabilityResult Result, string Command)
{
    public Seq<HistoryOperation> Operations => File.History.Operations;

    /// <summary>How many objects the history has; those behind the first that is not linearizable are not judged.</summary>
    public int Objects { get; } = ObjectsOf(File.History, Model);

    /// <summary>One operation with its client, and the lines of its call and its completion.</summary>
    public string Describe(int place)
    {
        var operation = Operations[place];
        return $"{operation.Client}  {SafeText.Shorten(Model.Describe(operation), 200)}  ({LinesOf(operation)})";
    }

    private string LinesOf(HistoryOperation operation)
    {
        var from = File.Lines[(int)operation.InvokedAt];
        if (operation.Outcome == Outcome.Unknown || operation.CompletedAt is not { } end)
        {
            return string.Create(CultureInfo.InvariantCulture, $"open from line {from}");
        }

        var to = File.Lines[(int)end];
        return from == to
            ? string.Create(CultureInfo.InvariantCulture, $"line {from}")
            : string.Create(CultureInfo.InvariantCulture, $"lines {from} to {to}");
    }

    private static int ObjectsOf(History history, HistoryModel model)
    {
        var names = history.Operations.Select(model.ObjectOf).ToHashSet();
        return names.Contains(null) ? 1 : names.Count; // what concerns all objects makes one of them
    }
}

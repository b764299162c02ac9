using System.Globalization;
using System.Text.Json;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A judgement as people and programs read it.</summary>
internal sealed class JudgeView(IRenderer renderer)
{
    /// <summary>How much of the end of a long order is shown.</summary>
    private const int MostShown = 12;

    public void Show(History history, HistoryModel model, LinearizabilityResult result)
    {
        Line(result.Verdict switch
        {
            LinearizabilityVerdict.Linearizable => Cell.Good("linearizable"),
            LinearizabilityVerdict.NotLinearizable => Cell.Bad("not linearizable"),
            _ => Cell.Warn("not decided"),
        });
        if (result.Reason is { } reason)
        {
            Line(reason);
        }

        if (result.Culprit is { Broken: { } broken } culprit)
        {
            Explain(history, model, culprit, broken);
        }

        var of = result.Objects.Count == 1 ? "" : $" on {result.Objects.Count} objects";
        Line($"{model.Name}: {Number(history.Operations.Count)} operations{of}, "
            + $"{Number(result.Configurations)} configurations, {result.Elapsed.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms");
    }

    /// <summary>The line of JSON.</summary>
    public static void End(History history, HistoryModel model, LinearizabilityResult result)
    {
        var culprit = result.Culprit;
        System.Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                Model = model.Name,
                Verdict = WordOf(result.Verdict),
                result.Reason,
                Operations = history.Operations.Count,
                Objects = result.Objects.Count,
                result.Configurations,
                Seconds = result.Elapsed.TotalSeconds,
                culprit?.Object,
                Prefix = culprit?.Order.Select(place => Describe(history, model, place)).ToArray(),
                State = culprit?.Broken?.State,
                CannotBePlaced = culprit?.Broken is { } broken ? Describe(history, model, broken.Operation) : null,
                Open = culprit?.Broken?.Open.Select(place => Describe(history, model, place)).ToArray(),
                LongestPrefix = culprit?.Broken?.IsLongest,
                Exit = JudgeCommand.CodeOf(result.Verdict),
            },
            OutputJson.Options));
    }

    public static string WordOf(LinearizabilityVerdict verdict) => verdict switch
    {
        LinearizabilityVerdict.Linearizable => "linearizable",
        LinearizabilityVerdict.NotLinearizable => "not linearizable",
        _ => "unknown",
    };

    /// <summary>One operation with its client, and the events at which it begins and ends.</summary>
    public static string Describe(History history, HistoryModel model, int place)
    {
        var operation = history.Operations[place];
        var end = operation.Outcome == Outcome.Ok ? $"{operation.CompletedAt}" : "open";
        return $"{operation.Client}  {SafeText.Shorten(model.Describe(operation), 200)}  ({operation.InvokedAt} to {end})";
    }

    private void Explain(History history, HistoryModel model, ObjectJudgement culprit, BrokenPrefix broken)
    {
        var order = culprit.Order;
        Line($"{(culprit.Object is { Length: > 0 } name ? $"Of key {name}: the" : "The")} "
            + $"{(broken.IsLongest ? "longest linearizable prefix" : "longest linearizable prefix found")} has this order of {order.Count} operations"
            + (order.Count > MostShown ? $", of which the last {MostShown} are:" : order.Count > 0 ? ":" : "."));
        for (var i = Math.Max(0, order.Count - MostShown); i < order.Count; i++)
        {
            Line($"  {i + 1,5}  {Describe(history, model, order[i])}");
        }

        Line($"It leaves {SafeText.Shorten(broken.State, 200)}. What cannot be placed, neither there nor in any other order:");
        Line(Cell.Bad($"         {Describe(history, model, broken.Operation)}"));
        if (!broken.Open.IsEmpty)
        {
            Line("These were open too, and do not help:");
            foreach (var place in broken.Open.Take(MostShown))
            {
                Line($"         {Describe(history, model, place)}");
            }

            if (broken.Open.Count > MostShown)
            {
                Line($"         and {broken.Open.Count - MostShown} more");
            }
        }
    }

    private void Line(Cell cell) => renderer.Show(new Output.Line([cell]));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

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

    public void Show(Judgement judged)
    {
        var result = judged.Result;
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
            Explain(judged, culprit, broken);
        }

        var of = judged.Objects == 1 ? "" : $" on {Counted.Of(judged.Objects, "object")}";
        Line($"{judged.Model.Name}: {Counted.Of(judged.Operations.Count, "operation")}{of}, "
            + $"{Counted.Of(result.Configurations, "configuration")}, {result.Elapsed.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms");
    }

    public void Saved(string path) => Line($"The page is in {path}.");

    /// <summary>The line of JSON.</summary>
    public static void End(Judgement judged)
    {
        var (model, result) = (judged.Model, judged.Result);
        var culprit = result.Culprit;
        System.Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                Model = model.Name,
                Verdict = WordOf(result.Verdict),
                result.Reason,
                Operations = judged.Operations.Count,
                judged.Objects,
                result.Configurations,
                Seconds = result.Elapsed.TotalSeconds,
                culprit?.Object,
                Prefix = culprit?.Order.Select(place => judged.Describe(place)).ToArray(),
                State = culprit?.Broken?.State,
                CannotBePlaced = culprit?.Broken is { } broken ? judged.Describe(broken.Operation) : null,
                Open = culprit?.Broken?.Open.Select(place => judged.Describe(place)).ToArray(),
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

    private void Explain(Judgement judged, ObjectJudgement culprit, BrokenPrefix broken)
    {
        var order = culprit.Order;
        Line($"{(culprit.Object is { Length: > 0 } name ? $"Of key {name}: the" : "The")} "
            + $"{(broken.IsLongest ? "longest linearizable prefix" : "longest linearizable prefix found")} has this order of {Counted.Of(order.Count, "operation")}"
            + (order.Count > MostShown ? $", of which the last {MostShown} are:" : order.Count > 0 ? ":" : "."));
        for (var i = Math.Max(0, order.Count - MostShown); i < order.Count; i++)
        {
            Line($"  {i + 1,5}  {judged.Describe(order[i])}");
        }

        Line($"It leaves {SafeText.Shorten(broken.State, 200)}. What cannot be placed, neither there nor in any other order:");
        Line(Cell.Bad($"         {judged.Describe(broken.Operation)}"));
        if (!broken.Open.IsEmpty)
        {
            Line("These were open too, and do not help:");
            foreach (var place in broken.Open.Take(MostShown))
            {
                Line($"         {judged.Describe(place)}");
            }

            if (broken.Open.Count > MostShown)
            {
                Line($"         and {broken.Open.Count - MostShown} more");
            }
        }
    }

    private void Line(Cell cell) => renderer.Show(new Output.Line([cell]));
}
